#pragma once

#include <bitset>
#include <string>
#include <string_view>

#include "stator/json.hpp"
#include "stator/number.hpp"
#include "stator/reflect.hpp"
#include "stator/values.hpp"

/// Plain JSON to and from plain structs, member by member under their own names. Reading is strict:
/// a member that the struct has not, one given twice and one that is missing are failures that
/// name it; only a std::optional may be missing or null.
namespace stator::sdk {

template <class V>
void write_json(JsonWriter& json, const V& value);

namespace detail {

template <class V>
void write_elements(JsonWriter& json, const V& values) {
  json.begin_array();
  for (const auto& value : values) write_json(json, value);
  json.end_array();
}

template <class V>
void write_members(JsonWriter& json, const V& value) {
  json.begin_object();
  for_each_member(value, [&](auto index, const auto& member) {
    if constexpr (OptionalValue<std::remove_cvref_t<decltype(member)>>) {
      if (!member) return;
    }
    json.key(kMemberNames<V>[index]);
    write_json(json, member);
  });
  json.end_object();
}

}  // namespace detail

/// An empty optional is null, or absent where it is a member.
template <class V>
void write_json(JsonWriter& json, const V& value) {
  if constexpr (std::convertible_to<const V&, std::string_view>) {
    json.string(value);
  } else if constexpr (std::same_as<V, bool>) {
    json.raw(value ? "true" : "false");
  } else if constexpr (NumberValue<V>) {
    json.raw(digits_of(value));
  } else if constexpr (OptionalValue<V>) {
    value ? write_json(json, *value) : json.raw("null");
  } else if constexpr (ListValue<V> || SetValue<V>) {
    detail::write_elements(json, value);
  } else if constexpr (MapValue<V>) {
    json.begin_object();
    for (const auto& [name, element] : value) {
      json.key(name);
      write_json(json, element);
    }
    json.end_object();
  } else {
    static_assert(PlainStruct<V>, "stator: this type has no JSON form");
    detail::write_members(json, value);
  }
}

template <class V>
[[nodiscard]] std::string to_json(const V& value) {
  JsonWriter json;
  write_json(json, value);
  return json.take();
}

template <class V>
bool read_json(JsonReader& json, V& out);

namespace detail {

template <class V>
bool read_members(JsonReader& json, V& out) {
  std::bitset<kMembersMax> seen;
  const bool good = json.object([&](std::string_view name) {
    bool read = true;
    const bool known = with_member_named(out, kMemberNames<V>, name, [&](auto index, auto& member) {
      read = !seen.test(index) ? read_json(json, member) : json.fail("is given twice");
      seen.set(index);
    });
    return known ? read : json.fail("is not expected");
  });
  if (!good) return false;
  std::string missing;
  for_each_member(out, [&](auto index, const auto& member) {
    if constexpr (!OptionalValue<std::remove_cvref_t<decltype(member)>>) {
      if (!seen.test(index) && missing.empty()) missing = kMemberNames<V>[index];
    }
  });
  return missing.empty() || json.fail(missing + ": is required");
}

}  // namespace detail

/// False, with the reader's problem() set, for what does not fit.
template <class V>
bool read_json(JsonReader& json, V& out) {
  if constexpr (std::same_as<V, std::string> || std::same_as<V, bool>) {
    return json.read(out);
  } else if constexpr (NumberValue<V>) {
    std::string_view digits;
    return json.at(STATOR1_JSON_NUMBER)
               ? json.read_number(digits) &&
                     (parse_digits(digits, out) || json.expected(kind_of_number<V>()))
               : json.expected(kind_of_number<V>());
  } else if constexpr (OptionalValue<V>) {
    if (json.take_null()) return out.reset(), true;
    return read_json(json, out.emplace());
  } else if constexpr (ListValue<V>) {
    return json.array([&] { return read_json(json, out.emplace_back()); });
  } else if constexpr (SetValue<V>) {
    return json.array([&] {
      typename V::value_type element{};
      if (!read_json(json, element)) return false;
      return out.insert(std::move(element)).second || json.fail("is in the set already");
    });
  } else if constexpr (MapValue<V>) {
    return json.object(
        [&](std::string_view name) { return read_json(json, out[std::string(name)]); });
  } else {
    static_assert(PlainStruct<V>, "stator: this type has no JSON form");
    return detail::read_members(json, out);
  }
}

}  // namespace stator::sdk
