#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "ddb/meta.hpp"
#include "ddb/types.hpp"
#include "stator/json.hpp"
#include "stator/number.hpp"
#include "stator/values.hpp"

/// DynamoDB's JSON ({"S": "text"}) to and from C++ values, straight between text and struct.
///
///   std::string, scoped enums S   numbers, ddb::Number N   bool BOOL   ddb::Binary B   ddb::Null
///   std::set, std::unordered_set of texts SS, of numbers NS, of ddb::Binary BS
///   std::vector, std::array, and of several types std::tuple, std::pair L
///   std::map, std::unordered_map by std::string, a plain struct M
///   std::optional<V>: V, or absent   std::variant: by the stored type
///   ddb::Value any, and what has a ddb::Converter
namespace ddb {

using stator::sdk::JsonReader;
using stator::sdk::JsonWriter;

/// Whether the attribute is left out: an empty optional, and an empty set, which DynamoDB has not.
template <class V>
[[nodiscard]] bool is_absent(const V& value) {
  if constexpr (stator::sdk::OptionalValue<V>) {
    return !value || is_absent(*value);
  } else if constexpr (stator::sdk::SetValue<V>) {
    return value.empty();
  } else if constexpr (std::same_as<V, Ttl>) {
    return value.seconds == 0;
  } else {
    return false;
  }
}

template <class V>
void encode(JsonWriter& json, const V& value);
template <class V>
bool decode(JsonReader& json, V& out);

/// DynamoDB's name for the type of V; empty for what may be of several.
template <class V>
[[nodiscard]] consteval std::string_view type_name() {
  if constexpr (Converted<V>) {
    return type_name<typename Converter<V>::As>();
  } else if constexpr (stator::sdk::OptionalValue<V>) {
    return type_name<stator::sdk::Plain<V>>();
  } else if constexpr (stator::sdk::VariantValue<V> || std::same_as<V, Value>) {
    return "";
  } else if constexpr (std::same_as<V, std::string> || EnumValue<V>) {
    return "S";
  } else if constexpr (std::same_as<V, bool>) {
    return "BOOL";
  } else if constexpr (std::same_as<V, Null>) {
    return "NULL";
  } else if constexpr (stator::sdk::NumberValue<V>) {
    return "N";
  } else if constexpr (std::same_as<V, Binary>) {
    return "B";
  } else if constexpr (stator::sdk::ListValue<V> || stator::sdk::ArrayValue<V> ||
                       stator::sdk::TupleValue<V>) {
    return "L";
  } else if constexpr (stator::sdk::SetValue<V>) {
    constexpr std::string_view kElement = type_name<typename V::value_type>();
    static_assert(kElement == "S" || kElement == "N" || kElement == "B",
                  "ddb: a set holds texts, numbers or ddb::Binary");
    return kElement == "N" ? "NS" : kElement == "B" ? "BS" : "SS";
  } else {
    static_assert(stator::sdk::MapValue<V> || stator::sdk::PlainStruct<V>,
                  "ddb: values of this type cannot be stored");
    return "M";
  }
}

/// The members of a struct, inside an object that is open.
template <class T>
void encode_members(JsonWriter& json, const T& object);
/// The attributes of a struct as one JSON object: the inside of an M.
template <class T>
void encode_attributes(JsonWriter& json, const T& object) {
  json.begin_object();
  encode_members(json, object);
  json.end_object();
}
/// Attributes that the struct has not are passed over, or kept by its ddb::Extra; members that the
/// item has not keep what they were, so that a member can be added to a model whose items are
/// stored already.
template <class T>
bool decode_attributes(JsonReader& json, T& out);

namespace detail {

inline std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  text.resize(stator1_base64_encode(stator::sdk::borrow(bytes), STATOR1_BASE64, text.data()));
  return text;
}

template <class E>
void write_enum(JsonWriter& json, E value) {
  const auto index = static_cast<std::size_t>(value);
  const std::string_view text = index < texts<E>.size() ? texts<E>[index] : std::string_view();
  if (text.empty()) json.fail("an enum's value has no name");
  json.string(text);
}

// The inside of {"S": ...}, {"N": ...}, {"B": ...}, and of a set's array.
template <class V>
void encode_scalar(JsonWriter& json, const V& value) {
  if constexpr (Converted<V>) {
    encode_scalar(json, Converter<V>::to(value));
  } else if constexpr (EnumValue<V>) {
    write_enum(json, value);
  } else if constexpr (stator::sdk::NumberValue<V>) {
    if constexpr (std::floating_point<V>) {
      if (!std::isfinite(value)) json.fail("a number that is not finite");
    }
    json.string(stator::sdk::digits_of(value));
  } else if constexpr (std::same_as<V, Binary>) {
    json.string(base64(value.bytes));
  } else {
    json.string(value);
  }
}

template <class V>
concept ScalarValue = std::same_as<V, std::string> || EnumValue<V> || stator::sdk::NumberValue<V> ||
    std::same_as<V, Binary>;

template <class V>
void encode_elements(JsonWriter& json, const V& values) {
  json.begin_array();
  if constexpr (stator::sdk::TupleValue<V>) {
    std::apply([&](const auto&... value) { (encode(json, value), ...); }, values);
  } else if constexpr (stator::sdk::SetValue<V>) {
    for (const auto& value : values) encode_scalar(json, value);
  } else {
    for (const auto& value : values) encode(json, value);
  }
  json.end_array();
}

// What stands beside the type's name.
template <class V>
void encode_inside(JsonWriter& json, const V& value) {
  if constexpr (std::same_as<V, bool>) {
    json.raw(value ? "true" : "false");
  } else if constexpr (std::same_as<V, Null>) {
    json.raw("true");
  } else if constexpr (ScalarValue<V>) {
    encode_scalar(json, value);
  } else if constexpr (stator::sdk::MapValue<V>) {
    json.begin_object();
    for (const auto& [key, element] : value) {
      json.key(key);
      encode(json, element);
    }
    json.end_object();
  } else if constexpr (type_name<V>() == "M") {
    encode_attributes(json, value);
  } else {
    encode_elements(json, value);
  }
}

}  // namespace detail

template <class V>
void encode(JsonWriter& json, const V& value) {
  if constexpr (Converted<V>) {
    encode(json, Converter<V>::to(value));
  } else if constexpr (stator::sdk::OptionalValue<V>) {
    value ? encode(json, *value) : encode(json, Null());
  } else if constexpr (stator::sdk::VariantValue<V>) {
    std::visit([&](const auto& active) { encode(json, active); }, value);
  } else if constexpr (std::same_as<V, Value>) {
    json.raw(value.json);
  } else {
    json.begin_object();
    json.key(type_name<V>());
    detail::encode_inside(json, value);
    json.end_object();
  }
}

template <class T>
void encode_members(JsonWriter& json, const T& object) {
  stator::sdk::for_each_member(object, [&](auto index, const auto& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, Extra>) {
      for (const auto& [name, value] : member.attributes) {
        const auto& names = kAttributeNames<T>;
        const auto at = std::find(names.begin(), names.end(), name);
        if (at != names.end() && at - names.begin() != std::ptrdiff_t{index}) continue;
        json.raw_member(name, value.json);
      }
    } else {
      if (is_absent(member)) return;
      json.key(kAttributeNames<T>[index]);
      encode(json, member);
    }
  });
}

}  // namespace ddb
