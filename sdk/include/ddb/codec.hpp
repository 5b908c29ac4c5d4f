#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "ddb/encode.hpp"
#include "ddb/index.hpp"

/// The way back: DynamoDB's JSON into C++ values, without a tree between.
namespace ddb {

namespace detail {

inline bool read_base64(JsonReader& json, std::string& out) {
  std::string storage;
  std::string_view text;
  if (!json.read(text, storage)) return false;
  out.resize(text.size());
  const std::size_t size =
      stator1_base64_decode(stator::sdk::borrow(text), STATOR1_BASE64, out.data());
  if (size == static_cast<std::size_t>(-1)) return json.expected("base64");
  out.resize(size);
  return true;
}

template <class N>
bool read_number_text(JsonReader& json, N& out) {
  std::string storage;
  std::string_view digits;
  return json.read(digits, storage) && (stator::sdk::parse_digits(digits, out) ||
                                        json.expected(stator::sdk::kind_of_number<N>()));
}

template <class E>
bool read_enum(JsonReader& json, E& out) {
  std::string storage;
  std::string_view text;
  if (!json.read(text, storage)) return false;
  for (std::size_t i = 0; i < texts<E>.size(); ++i) {
    if (texts<E>[i] != text || text.empty()) continue;
    out = static_cast<E>(i);
    return true;
  }
  return json.fail("is none of the enum's values: " + std::string(text));
}

template <class V>
bool decode_scalar(JsonReader& json, V& out) {
  if constexpr (Converted<V>) {
    typename Converter<V>::As stored{};
    return decode_scalar(json, stored) &&
           (Converter<V>::from(stored, out) || json.fail("does not convert"));
  } else if constexpr (EnumValue<V>) {
    return read_enum(json, out);
  } else if constexpr (stator::sdk::NumberValue<V>) {
    return read_number_text(json, out);
  } else if constexpr (std::same_as<V, Binary>) {
    return read_base64(json, out.bytes);
  } else {
    return json.read(out);
  }
}

template <class V>
bool decode_fixed(JsonReader& json, V& out) {
  constexpr std::size_t kSize = std::tuple_size_v<V>;
  std::size_t count = 0;
  const bool good = json.array([&] {
    bool read = false;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (void)((I == count ? (read = decode(json, std::get<I>(out)), true) : false) || ...);
    }
    (std::make_index_sequence<kSize>{});
    return ++count <= kSize ? read : json.fail("is one element too many");
  });
  return good && (count == kSize || json.fail("has too few elements"));
}

template <class V>
bool decode_inside(JsonReader& json, V& out) {
  if constexpr (std::same_as<V, bool>) {
    return json.read(out);
  } else if constexpr (std::same_as<V, Null>) {
    return json.skip();
  } else if constexpr (ScalarValue<V>) {
    return decode_scalar(json, out);
  } else if constexpr (stator::sdk::SetValue<V>) {
    out.clear();
    return json.array([&] {
      typename V::value_type element{};
      if (!decode_scalar(json, element)) return false;
      out.insert(std::move(element));
      return true;
    });
  } else if constexpr (stator::sdk::ListValue<V>) {
    out.clear();
    return json.array([&] { return decode(json, out.emplace_back()); });
  } else if constexpr (stator::sdk::ArrayValue<V> || stator::sdk::TupleValue<V>) {
    return decode_fixed(json, out);
  } else if constexpr (stator::sdk::MapValue<V>) {
    out.clear();
    return json.object([&](std::string_view name) { return decode(json, out[std::string(name)]); });
  } else {
    out = V{};
    return decode_attributes(json, out);
  }
}

inline bool wrong_type(JsonReader& json, std::string_view wanted, std::string_view actual) {
  return json.fail("must be of type " + std::string(wanted) + ", is " + std::string(actual));
}

template <class V>
bool decode_typed(JsonReader& json, std::string_view type, V& out);

template <class V, std::size_t... I>
bool decode_variant(JsonReader& json, std::string_view type, V& out, std::index_sequence<I...>) {
  bool read = false;
  const bool known = ((type == type_name<std::variant_alternative_t<I, V>>()
                           ? (read = decode_typed(json, type, out.template emplace<I>()), true)
                           : false) ||
                      ...);
  return known ? read : json.fail("is of none of the variant's types: " + std::string(type));
}

template <class V>
consteval bool has_distinct_types() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    const std::string_view names[] = {type_name<std::variant_alternative_t<I, V>>()...};
    for (std::size_t a = 0; a < sizeof...(I); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        if (names[a] == names[b]) return false;
      }
    }
    return true;
  }
  (std::make_index_sequence<std::variant_size_v<V>>{});
}

template <class V>
bool decode_typed(JsonReader& json, std::string_view type, V& out) {
  if constexpr (Converted<V>) {
    typename Converter<V>::As stored{};
    return decode_typed(json, type, stored) &&
           (Converter<V>::from(stored, out) || json.fail("does not convert"));
  } else if constexpr (stator::sdk::OptionalValue<V>) {
    if (type == "NULL") return out.reset(), json.skip();
    return decode_typed(json, type, out.emplace());
  } else if constexpr (stator::sdk::VariantValue<V>) {
    static_assert(has_distinct_types<V>(),
                  "ddb: a variant's types are told apart by their stored type");
    return decode_variant(json, type, out, std::make_index_sequence<std::variant_size_v<V>>{});
  } else {
    if (type != type_name<V>()) return wrong_type(json, type_name<V>(), type);
    return decode_inside(json, out);
  }
}

template <class T>
inline constexpr bool has_schema = !std::same_as<SchemaOf<T>, NoSchema>;

// Whether a model's items have an attribute that no member is: a key's template, a discriminator.
template <class T>
constexpr bool is_computed(std::string_view attribute) {
  bool found = false;
  if constexpr (has_schema<T>) {
    each(ComputedKeys<T>{}, [&]<class K>() { found = found || K::name == attribute; });
    each(typename Model<T>::Parts{}, [&]<class P>() {
      if constexpr (is_discriminator<P>) found = found || DiscriminatorOf<P>::name == attribute;
    });
  }
  return found;
}

}  // namespace detail

template <class V>
bool decode(JsonReader& json, V& out) {
  if constexpr (std::same_as<V, Value>) {
    std::string_view slice;
    if (!json.skip(&slice)) return false;
    out.json = slice;
    return true;
  } else {
    bool found = false;
    const bool good = json.object([&](std::string_view type) {
      if (found) return json.fail("has two types");
      found = true;
      return detail::decode_typed(json, type, out);
    });
    return good && (found || json.fail("has no type"));
  }
}

template <class T>
bool decode_attributes(JsonReader& json, T& out) {
  const auto keep = [&](std::string_view name) {
    bool kept = false;
    bool good = true;
    stator::sdk::for_each_member(out, [&](auto, auto& member) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, Extra>) {
        if (kept || detail::is_computed<T>(name)) return;
        kept = true;
        good = decode(json, member.attributes[std::string(name)]);
      }
    });
    return kept ? good : json.skip();
  };
  return json.object([&](std::string_view name) {
    bool good = true;
    const bool known =
        stator::sdk::with_member_named(out, kAttributeNames<T>, name, [&](auto, auto& member) {
          if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, Extra>) {
            good = keep(name);
          } else {
            good = decode(json, member);
          }
        });
    return known ? good : keep(name);
  });
}

template <class V>
Value Value::of(const V& value) {
  JsonWriter json;
  encode(json, value);
  return {json.take()};
}

template <class V>
std::optional<V> Value::as() const {
  std::optional<V> out(std::in_place);
  JsonReader reader(json);
  if (!decode(reader, *out) || !reader.finish()) out.reset();
  return out;
}

}  // namespace ddb
