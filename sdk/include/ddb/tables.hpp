#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/table.hpp"

/// Tables as their schemas want them: made, described, waited for, removed.
namespace ddb {

/// What DescribeTable says.
struct TableState {
  std::string status;  ///< CREATING, ACTIVE, UPDATING, DELETING ...
  std::string arn;
  std::string latest_stream_arn;  ///< empty without a stream
  std::uint64_t item_count = 0;   ///< as the service last counted
  std::uint64_t size_bytes = 0;
};

namespace detail {

template <class List>
void write_key_schema(JsonWriter& json, List keys, std::string_view type) {
  each(keys, [&]<class K>() {
    json.begin_object();
    json.member("AttributeName", K::name);
    json.member("KeyType", type);
    json.end_object();
  });
}
template <class Keys>
void write_key_schemas(JsonWriter& json) {
  json.key("KeySchema");
  json.begin_array();
  write_key_schema(json, typename Keys::Hashes{}, "HASH");
  write_key_schema(json, typename Keys::Ranges{}, "RANGE");
  json.end_array();
}

template <class Part>
struct SettingOf {
  static void write(JsonWriter&) {}
  static void write_tag(JsonWriter&) {}
  static constexpr bool is_provisioned = false, is_tag = false;
};
template <std::uint32_t Reads, std::uint32_t Writes>
struct SettingOf<ProvisionedPart<Reads, Writes>> : SettingOf<void> {
  static constexpr bool is_provisioned = true;
  static void write(JsonWriter& json) {
    json.key("ProvisionedThroughput");
    json.begin_object();
    json.raw_member("ReadCapacityUnits", stator::sdk::number_text(Reads));
    json.raw_member("WriteCapacityUnits", stator::sdk::number_text(Writes));
    json.end_object();
  }
};
template <View What>
struct SettingOf<StreamPart<What>> : SettingOf<void> {
  static void write(JsonWriter& json) {
    constexpr std::string_view kNames[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                           "NEW_AND_OLD_IMAGES"};
    json.key("StreamSpecification");
    json.begin_object();
    json.raw_member("StreamEnabled", "true");
    json.member("StreamViewType", kNames[static_cast<int>(What)]);
    json.end_object();
  }
};
template <Literal Key, Literal Value>
struct SettingOf<TagPart<Key, Value>> : SettingOf<void> {
  static constexpr bool is_tag = true;
  static void write_tag(JsonWriter& json) {
    json.begin_object();
    json.member("Key", Key.view());
    json.member("Value", Value.view());
    json.end_object();
  }
};

template <class Part>
struct ProjectionPart {
  static void write_names(JsonWriter&) {}
  static constexpr bool is_include = false, is_keys = false;
};
template <>
struct ProjectionPart<KeysOnlyPart> : ProjectionPart<void> {
  static constexpr bool is_keys = true;
};
template <auto... Members>
struct ProjectionPart<IncludePart<Members...>> : ProjectionPart<void> {
  static constexpr bool is_include = true;
  static void write_names(JsonWriter& json) { (json.string(attribute_name<Members>()), ...); }
};

template <class Index>
void write_index(JsonWriter& json, const std::string& throughput) {
  json.begin_object();
  json.member("IndexName", Index::name);
  write_key_schemas<typename Index::Keys>(json);
  bool include = false;
  bool keys = false;
  each(typename Index::All{}, [&]<class Part>() {
    include = include || ProjectionPart<Part>::is_include;
    keys = keys || ProjectionPart<Part>::is_keys;
  });
  json.key("Projection");
  json.begin_object();
  json.member("ProjectionType", include ? "INCLUDE" : keys ? "KEYS_ONLY" : "ALL");
  if (include) {
    json.key("NonKeyAttributes");
    json.begin_array();
    each(typename Index::All{}, [&]<class Part>() { ProjectionPart<Part>::write_names(json); });
    json.end_array();
  }
  json.end_object();
  if (!Index::is_local) json.raw_rest(throughput);
  json.end_object();
}

template <class T, bool Local>
void write_indexes(JsonWriter& json, std::string_view member, const std::string& throughput) {
  bool any = false;
  each(Indexes<T>{}, [&]<class I>() {
    if (I::is_local != Local) return;
    if (!any) {
      json.key(member);
      json.begin_array();
    }
    any = true;
    write_index<I>(json, throughput);
  });
  if (any) json.end_array();
}

template <class T, class... I>
consteval auto all_keys(Types<I...>) {
  return distinct((typename Model<T>::Keys::All{} + ... + typename I::Own::All{}));
}

template <class T>
void write_definitions(JsonWriter& json) {
  json.key("AttributeDefinitions");
  json.begin_array();
  each(all_keys<T>(Indexes<T>{}), [&]<class K>() {
    json.begin_object();
    json.member("AttributeName", K::name);
    json.member("AttributeType", type_name<typename K::Value>());
    json.end_object();
  });
  json.end_array();
}

inline Result<TableState> read_table_state(std::string_view answer) {
  TableState state;
  JsonReader json(answer);
  const auto number = [&](std::uint64_t& out) {
    std::string_view digits;
    return json.read_number(digits) &&
           (stator::sdk::parse_digits(digits, out) || json.expected("a count"));
  };
  json.object([&](std::string_view name) {
    if (name != "Table") return json.skip();
    return json.object([&](std::string_view member) {
      if (member == "TableStatus") return json.read(state.status);
      if (member == "TableArn") return json.read(state.arn);
      if (member == "LatestStreamArn") return json.read(state.latest_stream_arn);
      if (member == "ItemCount") return number(state.item_count);
      if (member == "TableSizeBytes") return number(state.size_bytes);
      return json.skip();
    });
  });
  if (!json.finish()) return bad_item(json);
  return state;
}

inline std::string table_name_body(std::string_view name) {
  JsonWriter json;
  json.begin_object();
  json.member("TableName", name);
  json.end_object();
  return json.take();
}

}  // namespace detail

/// The request that makes the table of a schema: keys, indexes, billing, stream and tags.
template <class T>
[[nodiscard]] std::string create_table_params(const Table<T>& table) {
  using Parts = typename Model<T>::Parts;
  JsonWriter json;
  json.begin_object();
  json.member("TableName", table.name());
  detail::write_definitions<T>(json);
  detail::write_key_schemas<typename Model<T>::Keys>(json);
  bool provisioned = false;
  bool tagged = false;
  JsonWriter throughput;
  throughput.begin_object();
  detail::each(Parts{}, [&]<class Part>() {
    using Setting = detail::SettingOf<Part>;
    if (Setting::is_provisioned) Setting::write(throughput);
    provisioned = provisioned || Setting::is_provisioned;
    tagged = tagged || Setting::is_tag;
    Setting::write(json);
  });
  json.member("BillingMode", provisioned ? "PROVISIONED" : "PAY_PER_REQUEST");
  std::string for_indexes = throughput.take();
  for_indexes.replace(0, 1, for_indexes.size() > 1 ? "," : "");
  detail::write_indexes<T, false>(json, "GlobalSecondaryIndexes", for_indexes);
  detail::write_indexes<T, true>(json, "LocalSecondaryIndexes", "");
  if (tagged) {
    json.key("Tags");
    json.begin_array();
    detail::each(Parts{}, [&]<class Part>() { detail::SettingOf<Part>::write_tag(json); });
    json.end_array();
  }
  json.end_object();
  return json.take();
}

template <class T>
[[nodiscard]] Result<TableState> describe_table(const Table<T>& table) {
  const auto answer = table.client().call("DescribeTable", detail::table_name_body(table.name()));
  if (!answer) return answer.error();
  return detail::read_table_state(*answer);
}

/// Asks until the table is ACTIVE, for at most `timeout_ms`; then kUnavailable.
template <class T>
[[nodiscard]] Result<void> wait_for_table(const Table<T>& table,
                                          std::int64_t timeout_ms = 300'000) {
  const std::int64_t end = stator1_now_ms() + timeout_ms;
  for (std::uint32_t round = 1;; ++round) {
    const auto state = describe_table(table);
    if (!state) return state.error();
    if (state->status == "ACTIVE") return {};
    if (stator1_now_ms() >= end) {
      return detail::error_of(ErrorCode::kUnavailable,
                              "the table " + table.name() + " is still " + state->status);
    }
    stator1_sleep_ms(stator1_backoff_ms(round));
  }
}

/// Turns on, or leaves on, the expiry of the schema's ttl; nothing for a model without one.
template <class T>
[[nodiscard]] Result<void> update_ttl(const Table<T>& table) {
  Result<void> done;
  Model<T>::template each<Model<T>::ttl_members>([&]<auto Member>() {
    JsonWriter json;
    json.begin_object();
    json.member("TableName", table.name());
    json.key("TimeToLiveSpecification");
    json.begin_object();
    json.member("AttributeName", attribute_name<Member>());
    json.raw_member("Enabled", "true");
    json.end_object();
    json.end_object();
    const auto answer = table.client().call("UpdateTimeToLive", json.text());
    if (!answer) done = answer.error();
  });
  return done;
}

/// Makes the table, waits for it and turns on its expiry. kOther, of type ResourceInUseException,
/// where there is one of the name.
template <class T>
[[nodiscard]] Result<void> create_table(const Table<T>& table) {
  const auto made = table.client().call("CreateTable", create_table_params(table));
  if (!made) return made.error();
  if (auto ready = wait_for_table(table); !ready) return ready;
  return update_ttl(table);
}

/// Makes the table where there is none of the name; true when it made one. What an existing one is
/// like is not looked at.
template <class T>
[[nodiscard]] Result<bool> ensure_table(const Table<T>& table) {
  const auto made = create_table(table);
  if (made) return true;
  if (made.error().type != "ResourceInUseException") return made.error();
  if (auto ready = wait_for_table(table); !ready) return ready.error();
  return false;
}

/// Removes the table with all that is in it, and waits until it is gone.
template <class T>
[[nodiscard]] Result<void> delete_table(const Table<T>& table, std::int64_t timeout_ms = 300'000) {
  const auto begun = table.client().call("DeleteTable", detail::table_name_body(table.name()));
  if (!begun) return begun.error();
  const std::int64_t end = stator1_now_ms() + timeout_ms;
  for (std::uint32_t round = 1;; ++round) {
    const auto state = describe_table(table);
    if (!state && state.error().code == ErrorCode::kTableNotFound) return {};
    if (!state) return state.error();
    if (stator1_now_ms() >= end) {
      return detail::error_of(ErrorCode::kUnavailable, "the table is still there");
    }
    stator1_sleep_ms(stator1_backoff_ms(round));
  }
}

}  // namespace ddb
