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
#include "ddb/update.hpp"

/// Requests under construction, keys and whole items in them. Nothing here does input or output.
namespace ddb {

/// A request's text. What only a call of its own may say, and no transaction's operation, stands
/// apart in `tail`.
struct RequestText {
  Result<std::string> body;
  std::string tail;
  double* units = nullptr;

  /// The JSON that is sent.
  [[nodiscard]] Result<std::string> params() const {
    if (!body || tail.empty()) return body;
    return body->substr(0, body->size() - 1) + tail + "}";
  }
};

namespace detail {

/// A request under construction: JSON and the placeholders of its expressions.
struct Request {
  JsonWriter json;
  Placeholders placeholders;
  std::string condition;  ///< all conditions, joined by AND
  std::string tail;
  std::string problem;  ///< the first thing that cannot be sent
  double* units = nullptr;

  explicit Request(std::string_view table) {
    json.begin_object();
    json.member("TableName", table);
  }

  template <class C>
  void require(const C& wanted) {
    if (!condition.empty()) condition += " AND ";
    wanted.write(placeholders, condition);
  }
  void require_attribute(std::string_view name, bool present) {
    if (!condition.empty()) condition += " AND ";
    condition += present ? "attribute_exists(" : "attribute_not_exists(";
    placeholders.name(condition, name);
    condition += ')';
  }
  void fail(std::string_view what) {
    if (problem.empty()) problem = what;
  }
  void report_units(double* to) {
    units = to;
    tail += R"(,"ReturnConsumedCapacity":"TOTAL")";
  }

  [[nodiscard]] Result<std::string> finish() {
    if (!condition.empty()) json.member("ConditionExpression", condition);
    placeholders.write(json);
    json.end_object();
    if (json.has_replaced() || placeholders.has_replaced()) {
      fail("a text is not UTF-8; use ddb::Binary for bytes");
    }
    if (!json.problem().empty()) fail(json.problem());
    if (!placeholders.problem().empty()) fail(placeholders.problem());
    if (!problem.empty()) return invalid(problem);
    return json.take();
  }
  [[nodiscard]] RequestText text() {
    auto body = finish();
    return {std::move(body), std::move(tail), units};
  }
};

template <class T, class... Keys>
inline constexpr bool is_full_key = false;
template <class T, class... Keys>
requires(sizeof...(Keys) == Model<T>::key_size) inline constexpr bool is_full_key<T, Keys...> = [
]<std::size_t... I>(std::index_sequence<I...>) {
  return (FitsIn<Keys, ValueOf<std::get<I>(Model<T>::key_members)>> && ...);
}
(std::index_sequence_for<Keys...>{});

/// A key's value, written out of what it is given as: `value_of<Tag>()` answers each member's.
template <class K, class ValueOfTag>
void write_key_attribute(JsonWriter& json, const ValueOfTag& value_of) {
  json.key(K::name);
  if constexpr (K::is_template) {
    KeyFormatter key(K::format);
    each(typename K::Arguments{},
         [&]<class Tag>() { key.add(typename Tag::Value(value_of.template operator()<Tag>())); });
    if (!key.problem().empty()) json.fail(key.problem());
    encode(json, key.text());
  } else {
    using Tag = MemberTag<K::member>;
    encode(json, typename Tag::Value(value_of.template operator()<Tag>()));
  }
}

template <class T, class Keys, class ValueOfTag>
void write_keys(JsonWriter& json, const ValueOfTag& value_of) {
  json.begin_object();
  each(typename Keys::All{}, [&]<class K>() { write_key_attribute<K>(json, value_of); });
  json.end_object();
}

/// The table's key, as an object, out of the values that a call is given.
template <class T, class... Values>
void write_key(JsonWriter& json, const std::tuple<Values...>& key) {
  write_keys<T, typename Model<T>::Keys>(json, [&]<class Tag>() -> decltype(auto) {
    return std::get<index_among<Tag>(typename Model<T>::Arguments{})>(key);
  });
}
/// The same out of an item.
template <class T>
void write_key_of(JsonWriter& json, const T& item) {
  write_keys<T, typename Model<T>::Keys>(
      json, [&]<class Tag>() -> decltype(auto) { return item.*Tag::member; });
}

/// The `Count` arguments from the front, as a tuple of references.
template <std::size_t Count, class... Args>
auto first_of(const std::tuple<const Args&...>& args) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::tuple<const std::tuple_element_t<I, std::tuple<Args...>>&...>(std::get<I>(args)...);
  }
  (std::make_index_sequence<Count>{});
}

template <class T, class... Args>
void write_key_member(JsonWriter& json, const Args&... args) {
  json.key("Key");
  write_key<T>(json, first_of<Model<T>::key_size>(std::tuple<const Args&...>(args...)));
}

// Whether a template's members are all there; an item without one is not in the index.
template <class K, class T>
bool has_members(const T& item) {
  bool there = true;
  each(typename K::Arguments{},
       [&]<class Tag>() { there = there && !is_absent(item.*Tag::member); });
  return there;
}

template <auto Member, class T>
const auto& plain_member(const T& item) {
  if constexpr (stator::sdk::OptionalValue<ValueOf<Member>>) {
    return *(item.*Member);
  } else {
    return item.*Member;
  }
}

/// A whole item: the members, the keys made of them, the discriminator.
template <class T>
void write_item(JsonWriter& json, const T& item) {
  json.begin_object();
  encode_members(json, item);
  each(ComputedKeys<T>{}, [&]<class K>() {
    if (!has_members<K>(item)) return;
    write_key_attribute<K>(
        json, [&]<class Tag>() -> decltype(auto) { return plain_member<Tag::member>(item); });
  });
  each(DiscriminatorsOf<T>{}, [&]<class Part>() {
    json.key(DiscriminatorOf<Part>::name);
    encode(json, std::string(DiscriminatorOf<Part>::values[0]));
  });
  json.end_object();
}

/// Whether the item at hand is of this model, by its discriminator; a model without one takes any.
/// The reader stays where it is.
template <class T>
bool is_of_kind(const JsonReader& json) {
  bool good = true;
  each(DiscriminatorsOf<T>{}, [&]<class Part>() {
    JsonReader ahead = json;
    std::string kind;
    ahead.object([&](std::string_view name) {
      return name == DiscriminatorOf<Part>::name ? decode(ahead, kind) : ahead.skip();
    });
    good = DiscriminatorOf<Part>::accepts(kind);
  });
  return good;
}

template <class T>
bool read_item_attributes(JsonReader& json, T& out) {
  if (!is_of_kind<T>(json)) return json.fail("is an item of another model");
  return decode_attributes(json, out);
}

/// Calls `use` with each argument that is an option.
template <class Use, class... Args>
void each_option(const Use& use, const Args&... args) {
  [[maybe_unused]] const auto one = [&](const auto& candidate) {
    if constexpr (AnyOption<std::remove_cvref_t<decltype(candidate)>>) use(candidate);
  };
  (one(args), ...);
}

template <class... Args>
inline constexpr std::size_t leading_keys = sizeof...(Args) -
                                            (std::size_t{0} + ... +
                                             (AnyOption<Args> || AnyAction<Args> ? 1 : 0));

template <class T, class... Args>
consteval bool has_key() {
  constexpr std::size_t kKeys = leading_keys<Args...>;
  if constexpr (kKeys != Model<T>::key_size) {
    return false;
  } else {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return is_full_key<T, std::tuple_element_t<I, std::tuple<Args...>>...>;
    }
    (std::make_index_sequence<kKeys>{});
  }
}

inline Error bad_item(const JsonReader& json) {
  return error_of(ErrorCode::kDecode, "the answer does not fit the model: " + json.problem());
}

/// The item under `member` of an answer, or nothing where it has no such member.
template <class T>
Result<std::optional<T>> read_item(std::string_view body, std::string_view member) {
  std::optional<T> item;
  JsonReader json(body);
  json.object([&](std::string_view name) {
    return name == member ? read_item_attributes(json, item.emplace()) : json.skip();
  });
  if (!json.finish()) return bad_item(json);
  return item;
}

/// The capacity units that an answer says were consumed, of all its tables.
inline double units_in(std::string_view body) {
  double units = 0;
  JsonReader json(body);
  const auto one = [&] {
    return json.object([&](std::string_view name) {
      std::string_view digits;
      if (name != "CapacityUnits") return json.skip();
      double more = 0;
      if (!json.read_number(digits) || !stator::sdk::parse_digits(digits, more)) return false;
      units += more;
      return true;
    });
  };
  json.object([&](std::string_view name) {
    if (name != "ConsumedCapacity") return json.skip();
    return json.at(STATOR1_JSON_BEGIN_ARRAY) ? json.array(one) : one();
  });
  return units;
}

}  // namespace detail

/// The item that made a condition fail; nothing when there was none, or it was not asked for.
template <class T>
[[nodiscard]] Result<std::optional<T>> old_item(const Error& error) {
  if (error.old_item_json.empty()) return std::optional<T>();
  return detail::read_item<T>(error.old_item_json, "Item");
}
template <class T>
[[nodiscard]] Result<std::optional<T>> old_item(const CancellationReason& reason) {
  if (reason.old_item_json.empty()) return std::optional<T>();
  std::optional<T> item(std::in_place);
  JsonReader json(reason.old_item_json);
  if (!detail::read_item_attributes(json, *item) || !json.finish()) return detail::bad_item(json);
  return item;
}

}  // namespace ddb
