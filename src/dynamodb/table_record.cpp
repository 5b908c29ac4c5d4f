#include "dynamodb/table_record.hpp"

#include <array>

#include "dynamodb/errors.hpp"
#include "iam/compiled.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::array<std::string_view, 3> kProjections = {"ALL", "KEYS_ONLY", "INCLUDE"};
constexpr std::array<std::string_view, 3> kIndexStatuses = {"CREATING", "ACTIVE", "DELETING"};
constexpr std::array<std::string_view, 4> kViews = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                                    "NEW_AND_OLD_IMAGES"};

boost::json::string_view text(std::string_view view) {
  return {view.data(), view.size()};
}

template <class Enum, std::size_t N>
boost::json::string_view name_of(Enum value, const std::array<std::string_view, N>& names) {
  return text(names[static_cast<std::size_t>(value)]);
}

json::Array to_json(const std::vector<KeyAttribute>& attributes) {
  json::Array array;
  for (const KeyAttribute& attribute : attributes) {
    array.push_back(json::Object{{"AttributeName", attribute.name},
                                 {"AttributeType", text(to_string(attribute.type))}});
  }
  return array;
}

json::Object to_json(const ThroughputDetails& details) {
  json::Object object{{"maxReadUnits", details.on_demand_max.read_units},
                      {"maxWriteUnits", details.on_demand_max.write_units},
                      {"warmReadUnits", details.warm.read_units},
                      {"warmWriteUnits", details.warm.write_units},
                      {"decreases", details.decreases}};
  if (details.last_increase) object["lastIncreaseMs"] = epoch_ms(*details.last_increase);
  if (details.last_decrease) object["lastDecreaseMs"] = epoch_ms(*details.last_decrease);
  return object;
}

json::Object to_json(const Index& index) {
  json::Array included;
  for (const std::string& name : index.projection.included) included.push_back(text(name));
  return {{"id", static_cast<std::int64_t>(index.id)},
          {"name", index.name},
          {"global", index.is_global},
          {"partition", to_json(index.partition)},
          {"sort", to_json(index.sort)},
          {"projection", name_of(index.projection.type, kProjections)},
          {"included", std::move(included)},
          {"readUnits", index.provisioned.read_units},
          {"writeUnits", index.provisioned.write_units},
          {"throughput", to_json(index.throughput)},
          {"status", name_of(index.status, kIndexStatuses)}};
}

json::Array to_json(const std::vector<StreamShard>& shards) {
  json::Array array;
  for (const StreamShard& shard : shards) {
    array.push_back(json::Object{{"id", shard.id},
                                 {"parent", shard.parent_id},
                                 {"first", static_cast<std::int64_t>(shard.first)},
                                 {"last", static_cast<std::int64_t>(shard.last)},
                                 {"openedMs", epoch_ms(shard.opened)},
                                 {"closedMs", epoch_ms(shard.closed)}});
  }
  return array;
}

/// Reads one record, remembering the first member that is missing or odd.
class RecordReader {
 public:
  explicit RecordReader(const json::Object& record) : record_(record) {}

  std::string text(std::string_view name) {
    auto value = json::find_string(record_, name);
    if (!value) fail(name);
    return value.value_or("");
  }
  std::int64_t integer(std::string_view name) {
    const auto value = json::find_int(record_, name);
    if (!value) fail(name);
    return value.value_or(0);
  }
  std::optional<WallTime> optional_time(std::string_view name) {
    if (json::find(record_, name) == nullptr) return std::nullopt;
    return from_epoch_ms(integer(name));
  }
  bool optional_boolean(std::string_view name) {
    return json::find(record_, name) != nullptr && boolean(name);
  }
  bool boolean(std::string_view name) {
    const auto value = json::find_bool(record_, name);
    if (!value) fail(name);
    return value.value_or(false);
  }
  template <class Enum, std::size_t N>
  Enum one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    const std::string value = text(name);
    for (std::size_t i = 0; i < N; ++i) {
      if (names[i] == value) return static_cast<Enum>(i);
    }
    fail(name);
    return {};
  }
  std::vector<KeyAttribute> attributes(std::string_view name) {
    std::vector<KeyAttribute> result;
    for_each(name, [&](const json::Value& element) { result.push_back(attribute(element)); });
    return result;
  }
  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> result;
    for_each(name, [&](const json::Value& element) {
      const auto* string = element.if_string();
      if (string == nullptr) return fail(name);
      result.emplace_back(json::view(*string));
    });
    return result;
  }
  /// Calls `read(reader of the element)` for each object of an array that may be absent.
  template <class Read>
  void objects(std::string_view name, Read read) {
    if (json::find(record_, name) == nullptr) return;
    for_each(name, [&](const json::Value& element) {
      const auto* object = element.if_object();
      if (object == nullptr) return fail(name);
      RecordReader reader(*object);
      read(reader);
      if (!reader.fault().empty()) fail(reader.fault());
    });
  }
  /// Calls `set()` when the member is true; it may be absent.
  template <class Set>
  void optional_flag(std::string_view name, Set set) {
    if (json::find(record_, name) != nullptr && boolean(name)) set();
  }
  /// As objects(), for one object that may be absent.
  template <class Read>
  void object(std::string_view name, Read read) {
    const auto* value = json::find(record_, name);
    if (value == nullptr) return;
    const auto* object = value->if_object();
    if (object == nullptr) return fail(name);
    RecordReader reader(*object);
    read(reader);
    if (!reader.fault().empty()) fail(reader.fault());
  }
  std::map<std::string, std::string> tags(std::string_view name) {
    std::map<std::string, std::string> result;
    const auto* value = json::find(record_, name);
    const auto* object = value ? value->if_object() : nullptr;
    if (object == nullptr) {
      fail(name);
      return result;
    }
    for (const auto& tag : *object) {
      const auto* string = tag.value().if_string();
      if (string == nullptr) fail(name);
      if (string) result[std::string(tag.key())] = std::string(json::view(*string));
    }
    return result;
  }
  void fail(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  template <class Visit>
  void for_each(std::string_view name, Visit visit) {
    const auto* value = json::find(record_, name);
    const auto* array = value ? value->if_array() : nullptr;
    if (array == nullptr) return fail(name);
    for (const json::Value& element : *array) visit(element);
  }
  KeyAttribute attribute(const json::Value& value) {
    const auto* object = value.if_object();
    const auto name = object ? json::find_string(*object, "AttributeName") : std::nullopt;
    const auto type = object ? json::find_string(*object, "AttributeType") : std::nullopt;
    const auto known = type ? type_from(*type) : std::nullopt;
    if (!name || !known) fail("attributes");
    return {name.value_or(""), known.value_or(Type::kS)};
  }

  const json::Object& record_;
  std::string fault_;
};

/// A record written before there were such details has none.
ThroughputDetails read_details(RecordReader& reader) {
  ThroughputDetails details;
  reader.object("throughput", [&](RecordReader& object) {
    details.on_demand_max = {object.integer("maxReadUnits"), object.integer("maxWriteUnits")};
    details.warm = {object.integer("warmReadUnits"), object.integer("warmWriteUnits")};
    details.decreases = object.integer("decreases");
    details.last_increase = object.optional_time("lastIncreaseMs");
    details.last_decrease = object.optional_time("lastDecreaseMs");
  });
  return details;
}

Index read_index(RecordReader& reader) {
  Index index;
  index.id = static_cast<TableId>(reader.integer("id"));
  index.name = reader.text("name");
  index.is_global = reader.boolean("global");
  index.partition = reader.attributes("partition");
  index.sort = reader.attributes("sort");
  index.projection.type = reader.one_of<IndexProjection::Type>("projection", kProjections);
  index.projection.included = reader.texts("included");
  index.provisioned = {reader.integer("readUnits"), reader.integer("writeUnits")};
  index.throughput = read_details(reader);
  index.status = reader.one_of<Index::Status>("status", kIndexStatuses);
  return index;
}

std::optional<AttachedPolicy> read_policy(RecordReader& reader) {
  std::optional<AttachedPolicy> policy;
  reader.object("policy", [&](RecordReader& object) {
    policy = AttachedPolicy{object.text("document"), object.text("revision"), nullptr};
    auto compiled = iam::compile_resource_policy(policy->document);
    if (!compiled) return object.fail("document");
    policy->compiled = std::move(*compiled);
  });
  return policy;
}

json::Object to_json(const AttachedPolicy& policy) {
  return {{"document", policy.document}, {"revision", policy.revision_id}};
}

StreamShard read_shard(RecordReader& reader) {
  return {reader.text("id"),
          reader.text("parent"),
          static_cast<std::uint64_t>(reader.integer("first")),
          static_cast<std::uint64_t>(reader.integer("last")),
          from_epoch_ms(reader.integer("openedMs")),
          from_epoch_ms(reader.integer("closedMs"))};
}

void read_features(RecordReader& reader, Table& table) {
  reader.objects("indexes",
                 [&](RecordReader& index) { table.indexes.push_back(read_index(index)); });
  reader.object("stream", [&](RecordReader& stream) {
    table.stream = StreamSettings{
        stream.one_of<StreamSettings::View>("view", kViews), stream.boolean("enabled"),
        from_epoch_ms(stream.integer("createdMs")),          stream.text("label"),
        static_cast<TableId>(stream.integer("id")),          {}};
    stream.objects("shards",
                   [&](RecordReader& shard) { table.stream->shards.push_back(read_shard(shard)); });
    table.stream->policy = read_policy(stream);
  });
  reader.object("ttl", [&](RecordReader& ttl) {
    table.ttl = TimeToLive{ttl.text("attribute"), static_cast<TableId>(ttl.integer("id")),
                           ttl.boolean("filled")};
  });
  reader.object("recovery", [&](RecordReader& recovery) {
    table.recovery = PointInTimeRecovery{from_epoch_ms(recovery.integer("sinceMs")),
                                         recovery.integer("periodDays")};
  });
  reader.object("origin", [&](RecordReader& origin) {
    table.origin = RestoreOrigin{origin.text("backupArn"), origin.text("tableArn"),
                                 from_epoch_ms(origin.integer("momentMs"))};
  });
  table.policy = read_policy(reader);
  reader.optional_flag("creating", [&] { table.status = Table::Status::kCreating; });
}

void write_features(const Table& table, json::Object& record) {
  json::Array indexes;
  for (const Index& index : table.indexes) indexes.push_back(to_json(index));
  if (!indexes.empty()) record["indexes"] = std::move(indexes);
  if (table.stream) {
    record["stream"] = json::Object{{"view", name_of(table.stream->view, kViews)},
                                    {"enabled", table.stream->is_enabled},
                                    {"createdMs", epoch_ms(table.stream->created)},
                                    {"label", table.stream->label},
                                    {"id", static_cast<std::int64_t>(table.stream->id)},
                                    {"shards", to_json(table.stream->shards)}};
    if (table.stream->policy) {
      record["stream"].as_object()["policy"] = to_json(*table.stream->policy);
    }
  }
  if (table.policy) record["policy"] = to_json(*table.policy);
  if (table.ttl) {
    record["ttl"] = json::Object{{"attribute", table.ttl->attribute},
                                 {"id", static_cast<std::int64_t>(table.ttl->id)},
                                 {"filled", table.ttl->is_filled}};
  }
  if (table.recovery) {
    record["recovery"] = json::Object{{"sinceMs", epoch_ms(table.recovery->since)},
                                      {"periodDays", table.recovery->period_days}};
  }
  if (table.origin) {
    record["origin"] = json::Object{{"backupArn", table.origin->backup_arn},
                                    {"tableArn", table.origin->table_arn},
                                    {"momentMs", epoch_ms(table.origin->moment)}};
  }
  if (table.status == Table::Status::kCreating) record["creating"] = true;
}

}  // namespace

json::Object to_record(const Table& table) {
  std::vector<KeyAttribute> keys = {table.partition};
  if (table.sort) keys.push_back(*table.sort);
  json::Object tags;
  for (const auto& [key, value] : table.tags) tags[key] = value;
  json::Object record{{"id", static_cast<std::int64_t>(table.id)},
                      {"account", table.account},
                      {"region", table.region},
                      {"name", table.name},
                      {"tableId", table.table_id},
                      {"createdMs", epoch_ms(table.created)},
                      {"attributes", to_json(table.attributes)},
                      {"keys", to_json(keys)},
                      {"onDemand", table.is_on_demand},
                      {"readUnits", table.provisioned.read_units},
                      {"writeUnits", table.provisioned.write_units},
                      {"throughput", to_json(table.throughput)},
                      {"managedKey", table.has_managed_key},
                      {"tableClass", table.table_class},
                      {"deletionProtection", table.has_deletion_protection},
                      {"tags", std::move(tags)}};
  if (table.on_demand_since) record["onDemandSinceMs"] = epoch_ms(*table.on_demand_since);
  if (table.table_class_changed) {
    record["tableClassChangedMs"] = epoch_ms(*table.table_class_changed);
  }
  write_features(table, record);
  return record;
}

Result<Table> from_record(const json::Object& record) {
  RecordReader reader(record);
  Table table;
  table.id = static_cast<TableId>(reader.integer("id"));
  table.account = reader.text("account");
  table.region = reader.text("region");
  table.name = reader.text("name");
  table.table_id = reader.text("tableId");
  table.created = from_epoch_ms(reader.integer("createdMs"));
  table.attributes = reader.attributes("attributes");
  const auto keys = reader.attributes("keys");
  if (keys.empty() || keys.size() > 2) {
    reader.fail("keys");
  } else {
    table.partition = keys[0];
    if (keys.size() == 2) table.sort = keys[1];
  }
  table.is_on_demand = reader.boolean("onDemand");
  table.provisioned = {reader.integer("readUnits"), reader.integer("writeUnits")};
  table.throughput = read_details(reader);
  table.on_demand_since = reader.optional_time("onDemandSinceMs");
  table.table_class = reader.text("tableClass");
  table.table_class_changed = reader.optional_time("tableClassChangedMs");
  table.has_managed_key = reader.optional_boolean("managedKey");
  table.has_deletion_protection = reader.boolean("deletionProtection");
  table.tags = reader.tags("tags");
  read_features(reader, table);
  if (!reader.fault().empty()) {
    return internal("a DynamoDB table's record has no proper member " + reader.fault());
  }
  return table;
}

}  // namespace stator::dynamodb
