#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "ddb/codec.hpp"
#include "ddb/error.hpp"
#include "ddb/expression.hpp"
#include "ddb/options.hpp"
#include "ddb/schema.hpp"
#include "ddb/update.hpp"

/// The requests' texts and the answers' meaning, without any input or output.
namespace ddb {

namespace detail {

inline Error invalid(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), {}, {}, {}};
}

/// A request under construction: JSON and the placeholders of its expressions.
struct Request {
  JsonWriter json;
  Placeholders placeholders;
  std::string condition;  ///< all conditions, joined by AND

  explicit Request(std::string_view table) {
    json.begin_object();
    json.member("TableName", table);
  }

  template <class C>
  void require(const C& wanted) {
    if (!condition.empty()) condition += " AND ";
    wanted.write(placeholders, condition);
  }

  [[nodiscard]] Result<std::string> finish() {
    if (!condition.empty()) json.member("ConditionExpression", condition);
    placeholders.write(json);
    json.end_object();
    if (json.has_replaced() || placeholders.has_replaced()) {
      return invalid("a text is not UTF-8; use ddb::Binary for bytes");
    }
    return json.take();
  }
};

template <class T, class Key, std::size_t... I>
void write_key(JsonWriter& json, const Key& key, std::index_sequence<I...>) {
  constexpr auto kMembers = Model<T>::key_members;
  json.key("Key");
  json.begin_object();
  (
      [&] {
        constexpr auto kMember = std::get<I>(kMembers);
        json.key(attribute_name<kMember>());
        encode(json, ValueOf<kMember>(std::get<I>(key)));
      }(),
      ...);
  json.end_object();
}

template <class T, class... Keys>
inline constexpr bool is_full_key = false;
template <class T, class... Keys>
requires(sizeof...(Keys) == Model<T>::key_size) inline constexpr bool is_full_key<T, Keys...> = [
]<std::size_t... I>(std::index_sequence<I...>) {
  return (FitsIn<Keys, ValueOf<std::get<I>(Model<T>::key_members)>> && ...);
}
(std::index_sequence_for<Keys...>{});

template <class T, class... Keys>
void write_key(JsonWriter& json, const std::tuple<const Keys&...>& key) {
  write_key<T>(json, key, std::index_sequence_for<Keys...>{});
}

/// The first `Count` of the arguments, as a tuple of references.
template <std::size_t Count, class... Args>
auto first_of(const std::tuple<const Args&...>& args) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::tuple<const std::tuple_element_t<I, std::tuple<Args...>>&...>(std::get<I>(args)...);
  }
  (std::make_index_sequence<Count>{});
}

/// Calls `use` with each argument that is an option.
template <class... Args, class Use>
void each_option(const std::tuple<const Args&...>& args, const Use& use) {
  std::apply(
      [&](const auto&... arg) {
        const auto one = [&](const auto& candidate) {
          if constexpr (AnyOption<std::remove_cvref_t<decltype(candidate)>>) use(candidate);
        };
        (one(arg), ...);
      },
      args);
}

template <class... Args>
inline constexpr std::size_t leading_keys = sizeof...(Args) -
                                            (std::size_t{0} + ... +
                                             (AnyOption<Args> || AnyAction<Args> ? 1 : 0));

template <class O>
void write_write_option(Request& request, const O& option) {
  if constexpr (is_if<O>) {
    request.require(option.condition);
  } else {
    request.json.member("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  }
}

/// The condition of optimistic locking: as many writes as this program has seen, and no more.
template <class T>
void require_version(Request& request, const T& item) {
  Model<T>::template each<Model<T>::version_members>([&]<auto Member>() {
    if (item.*Member == 0) {
      request.require(not_exists(col<std::get<0>(Model<T>::hash_members)>));
    } else {
      request.require(col<Member> == item.*Member);
    }
  });
}

/// Fills in what a put() changes in the item it stores: version and times.
template <class T>
void stamp(T& item, std::string_view now) {
  Model<T>::template each<Model<T>::version_members>([&]<auto Member>() { ++(item.*Member); });
  Model<T>::template each<Model<T>::created_members>([&]<auto Member>() {
    if ((item.*Member).empty()) item.*Member = now;
  });
  Model<T>::template each<Model<T>::updated_members>([&]<auto Member>() { item.*Member = now; });
}

/// `stored` gets the item as it will be.
template <class T, class... Options>
Result<std::string> put_request(std::string_view table, T& stored, std::string_view now,
                                const Options&... options) {
  Request request(table);
  require_version(request, stored);
  stamp(stored, now);
  request.json.key("Item");
  encode_attributes(request.json, stored);
  (write_write_option(request, options), ...);
  return request.finish();
}

template <class T, class... Args>
Result<std::string> get_request(std::string_view table, const Args&... args) {
  Request request(table);
  const std::tuple<const Args&...> all(args...);
  write_key<T>(request.json, first_of<Model<T>::key_size>(all));
  each_option(all, [&](const auto&) { request.json.raw_member("ConsistentRead", "true"); });
  return request.finish();
}

template <class T, class... Args>
Result<std::string> erase_request(std::string_view table, const Args&... args) {
  Request request(table);
  const std::tuple<const Args&...> all(args...);
  write_key<T>(request.json, first_of<Model<T>::key_size>(all));
  each_option(all, [&](const auto& option) { write_write_option(request, option); });
  return request.finish();
}

template <class T>
void write_own_actions(Request& request, UpdateText& update, std::string_view now) {
  Model<T>::template each<Model<T>::updated_members>([&]<auto Member>() {
    std::string& out = update.next(UpdateText::kSet);
    request.placeholders.name(out, attribute_name<Member>());
    out += " = ";
    request.placeholders.value(out, std::string(now));
  });
  Model<T>::template each<Model<T>::version_members>([&]<auto Member>() {
    std::string& out = update.next(UpdateText::kAdd);
    request.placeholders.name(out, attribute_name<Member>());
    out += ' ';
    request.placeholders.value(out, 1);
  });
}

template <class T, class... Args>
Result<std::string> update_request(std::string_view table, std::string_view now,
                                   const Args&... args) {
  Request request(table);
  const std::tuple<const Args&...> all(args...);
  write_key<T>(request.json, first_of<Model<T>::key_size>(all));
  UpdateText update;
  const auto write_action = [&](const auto& arg) {
    if constexpr (AnyAction<std::remove_cvref_t<decltype(arg)>>) {
      arg.write(request.placeholders, update);
    }
  };
  (write_action(args), ...);
  write_own_actions<T>(request, update, now);
  request.json.member("UpdateExpression", update.text());
  request.json.member("ReturnValues", "ALL_NEW");
  each_option(all, [&](const auto& option) { write_write_option(request, option); });
  return request.finish();
}

inline Error bad_item(const JsonReader& json) {
  return {ErrorCode::kDecode, "the answer does not fit the model: " + json.problem(), {}, {}, {}};
}

/// The item under `member` of an answer, or nothing where it has no such member.
template <class T>
Result<std::optional<T>> read_item(std::string_view body, std::string_view member) {
  std::optional<T> item;
  JsonReader json(body);
  json.object([&](std::string_view name) {
    return name == member ? decode_attributes(json, item.emplace()) : json.skip();
  });
  if (!json.finish()) return bad_item(json);
  return item;
}

}  // namespace detail

/// The item that made a condition fail; nothing when there was none, or it was not asked for.
template <class T>
[[nodiscard]] Result<std::optional<T>> old_item(const Error& error) {
  if (error.old_item_json.empty()) return std::optional<T>();
  return detail::read_item<T>(error.old_item_json, "Item");
}

}  // namespace ddb
