#pragma once

#include <string>
#include <string_view>

#include "ddb/schema.hpp"
#include "stator/json.hpp"
#include "stator/number.hpp"
#include "stator/values.hpp"

/// DynamoDB's JSON ({"S": "text"}) to and from C++ values, straight between text and struct.
///
///   std::string S   numbers, ddb::Number N   bool BOOL   ddb::Binary B   std::vector<V> L
///   std::set<std::string> SS   std::set of numbers NS   std::map<std::string, V> M
///   a plain struct M   std::optional<V>: V, or absent
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
  } else {
    return false;
  }
}

template <class V>
void encode(JsonWriter& json, const V& value);
template <class V>
bool decode(JsonReader& json, V& out);

/// The attributes of a struct as one JSON object: an Item, or the inside of an M.
template <class T>
void encode_attributes(JsonWriter& json, const T& object) {
  json.begin_object();
  stator::sdk::for_each_member(object, [&](auto index, const auto& member) {
    if (is_absent(member)) return;
    json.key(kAttributeNames<T>[index]);
    encode(json, member);
  });
  json.end_object();
}

/// Attributes that the struct has not are passed over; members that the item has not keep what
/// they were, so that a member can be added to a model whose items are stored already.
template <class T>
bool decode_attributes(JsonReader& json, T& out) {
  return json.object([&](std::string_view name) {
    bool good = true;
    const bool known = stator::sdk::with_member_named(
        out, kAttributeNames<T>, name, [&](auto, auto& member) { good = decode(json, member); });
    return known ? good : json.skip();
  });
}

namespace detail {

inline std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  text.resize(stator1_base64_encode(stator::sdk::borrow(bytes), STATOR1_BASE64, text.data()));
  return text;
}

inline bool read_base64(JsonReader& json, std::string& out) {
  std::string text;
  if (!json.read(text)) return false;
  out.resize(text.size());
  const std::size_t size =
      stator1_base64_decode(stator::sdk::borrow(text), STATOR1_BASE64, out.data());
  if (size == static_cast<std::size_t>(-1)) return json.expected("base64");
  out.resize(size);
  return true;
}

// {"<type>": <what `read` reads>}
template <class Read>
bool decode_typed(JsonReader& json, std::string_view type, const Read& read) {
  bool found = false;
  const bool good = json.object([&](std::string_view actual) {
    if (found || actual != type) {
      return json.fail("must be of type " + std::string(type) + ", is " + std::string(actual));
    }
    found = true;
    return read();
  });
  return good && (found || json.fail("has no type"));
}

template <class N>
bool read_number_text(JsonReader& json, N& out) {
  std::string digits;
  return json.read(digits) && (stator::sdk::parse_digits(digits, out) ||
                               json.expected(stator::sdk::kind_of_number<N>()));
}

// The inside of a set's array.
template <class V>
void encode_element(JsonWriter& json, const V& value) {
  if constexpr (stator::sdk::NumberValue<V>) {
    json.string(stator::sdk::digits_of(value));
  } else if constexpr (std::same_as<V, Binary>) {
    json.string(base64(value.bytes));
  } else {
    json.string(value);
  }
}

template <class V>
bool decode_element(JsonReader& json, V& out) {
  if constexpr (stator::sdk::NumberValue<V>) {
    return read_number_text(json, out);
  } else if constexpr (std::same_as<V, Binary>) {
    return read_base64(json, out.bytes);
  } else {
    return json.read(out);
  }
}

// DynamoDB's name for the type of V.
template <class V>
consteval std::string_view type_name() {
  if constexpr (std::same_as<V, std::string>) {
    return "S";
  } else if constexpr (std::same_as<V, bool>) {
    return "BOOL";
  } else if constexpr (stator::sdk::NumberValue<V>) {
    return "N";
  } else if constexpr (std::same_as<V, Binary>) {
    return "B";
  } else if constexpr (stator::sdk::ListValue<V>) {
    return "L";
  } else if constexpr (stator::sdk::SetValue<V>) {
    using Element = typename V::value_type;
    static_assert(KeyValue<Element>, "ddb: a set holds std::string, numbers or ddb::Binary");
    return stator::sdk::NumberValue<Element> ? "NS" : std::same_as<Element, Binary> ? "BS" : "SS";
  } else {
    static_assert(stator::sdk::MapValue<V> || stator::sdk::PlainStruct<V>,
                  "ddb: values of this type cannot be stored");
    return "M";
  }
}

}  // namespace detail

template <class V>
void encode(JsonWriter& json, const V& value) {
  if constexpr (stator::sdk::OptionalValue<V>) {
    if (value) return encode(json, *value);
    return json.raw(R"({"NULL":true})");
  } else {
    json.begin_object();
    json.key(detail::type_name<V>());
    if constexpr (std::same_as<V, bool>) {
      json.raw(value ? "true" : "false");
    } else if constexpr (detail::KeyValue<V>) {
      detail::encode_element(json, value);
    } else if constexpr (stator::sdk::SetValue<V>) {
      json.begin_array();
      for (const auto& element : value) detail::encode_element(json, element);
      json.end_array();
    } else if constexpr (stator::sdk::ListValue<V>) {
      json.begin_array();
      for (const auto& element : value) encode(json, element);
      json.end_array();
    } else if constexpr (stator::sdk::MapValue<V>) {
      json.begin_object();
      for (const auto& [key, element] : value) {
        json.key(key);
        encode(json, element);
      }
      json.end_object();
    } else {
      encode_attributes(json, value);
    }
    json.end_object();
  }
}

namespace detail {

template <class V>
bool decode_inside(JsonReader& json, V& out) {
  if constexpr (std::same_as<V, bool>) {
    return json.read(out);
  } else if constexpr (KeyValue<V>) {
    return decode_element(json, out);
  } else if constexpr (stator::sdk::SetValue<V>) {
    return json.array([&] {
      typename V::value_type element{};
      if (!decode_element(json, element)) return false;
      out.insert(std::move(element));
      return true;
    });
  } else if constexpr (stator::sdk::ListValue<V>) {
    return json.array([&] { return decode(json, out.emplace_back()); });
  } else if constexpr (stator::sdk::MapValue<V>) {
    return json.object([&](std::string_view name) { return decode(json, out[std::string(name)]); });
  } else {
    return decode_attributes(json, out);
  }
}

}  // namespace detail

template <class V>
bool decode(JsonReader& json, V& out) {
  if constexpr (stator::sdk::OptionalValue<V>) {
    bool null = false;
    bool found = false;
    const bool good = json.object([&](std::string_view type) {
      if (found) return json.fail("has two types");
      found = true;
      if (type == "NULL") return null = true, json.skip();
      using Inner = typename V::value_type;
      if (type != detail::type_name<Inner>()) {
        return json.fail("must be of type " + std::string(detail::type_name<Inner>()) + ", is " +
                         std::string(type));
      }
      return detail::decode_inside(json, out.emplace());
    });
    if (null) out.reset();
    return good && (found || json.fail("has no type"));
  } else {
    out = V{};
    return detail::decode_typed(json, detail::type_name<V>(),
                                [&] { return detail::decode_inside(json, out); });
  }
}

}  // namespace ddb
