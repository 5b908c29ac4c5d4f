#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "ddb/schema.hpp"
#include "ddb/types.hpp"
#include "stator/reflect.hpp"

/// Lists of types, and the names under which a struct's members are stored.
namespace ddb {

namespace detail {

template <class... A>
struct Types {
  static constexpr std::size_t size = sizeof...(A);
};
template <class... A, class... B>
consteval Types<A..., B...> operator+(Types<A...>, Types<B...>) {
  return {};
}
/// Calls `use.template operator()<A>()` for each type.
template <class... A, class Use>
constexpr void each(Types<A...>, const Use& use) {
  (use.template operator()<A>(), ...);
}
template <class A, class List>
inline constexpr bool is_among = false;
template <class A, class... B>
inline constexpr bool is_among<A, Types<B...>> = (std::same_as<A, B> || ...);
template <class A, class... B>
consteval std::size_t index_among(Types<B...>) {
  std::size_t index = 0;
  (void)((std::same_as<A, B> || (++index, false)) || ...);
  return index;
}
template <class List, std::size_t I>
struct Nth;
template <class... A, std::size_t I>
struct Nth<Types<A...>, I> {
  using type = std::tuple_element_t<I, std::tuple<A...>>;
};

template <template <auto> class Role, class Part>
struct RoleOf {
  static consteval auto members() { return std::tuple<>(); }
};
template <template <auto> class Role, auto Member>
struct RoleOf<Role, Role<Member>> {
  static consteval auto members() { return std::tuple(Member); }
};

template <class Part>
struct Rename {
  static consteval std::string_view apply(std::string_view name) { return name; }
};
template <auto Member, Literal Name>
struct Rename<NamePart<Member, Name>> {
  static consteval std::string_view apply(std::string_view name) {
    return name == stator::sdk::member_name<Member>() ? Name.view() : name;
  }
};

template <class S>
struct SchemaTraits;

template <>
struct SchemaTraits<NoSchema> {
  using All = Types<>;
  static consteval std::string_view rename(std::string_view name) { return name; }
  template <template <auto> class Role>
  static consteval auto members() {
    return std::tuple<>();
  }
};

template <Literal Name, class... Parts>
struct SchemaTraits<Schema<Name, Parts...>> {
  using All = Types<Parts...>;
  static consteval std::string_view rename(std::string_view name) {
    ((name = Rename<Parts>::apply(name)), ...);
    return name;
  }
  template <template <auto> class Role>
  static consteval auto members() {
    return std::tuple_cat(RoleOf<Role, Parts>::members()...);
  }
};

template <class T>
using SchemaOf = std::remove_cv_t<decltype(schema<T>)>;

template <class T, std::size_t... I>
consteval auto attribute_names(std::index_sequence<I...>) {
  return std::array<std::string_view, sizeof...(I)>{
      SchemaTraits<SchemaOf<T>>::rename(stator::sdk::kMemberNames<T>[I])...};
}

template <class T, class V>
T owner(V T::*);
template <class T, class V>
V value(V T::*);

template <auto Member>
using OwnerOf = decltype(owner(Member));
template <auto Member>
using ValueOf = decltype(value(Member));
template <auto Member>
using PlainOf = stator::sdk::Plain<ValueOf<Member>>;

/// What may stand where a V is stored: all that converts to it, and for a text every kind of text.
template <class From, class V>
concept FitsIn = std::convertible_to<From, V> ||
    (std::same_as<V, std::string>&& std::convertible_to<From, std::string_view>);

template <class V>
consteval bool is_key_value() {
  if constexpr (Converted<V>) {
    return is_key_value<typename Converter<V>::As>();
  } else {
    return std::same_as<V, std::string> || stator::sdk::NumberValue<V> || std::same_as<V, Binary> ||
           EnumValue<V>;
  }
}
template <class V>
concept KeyValue = is_key_value<V>();

}  // namespace detail

/// The stored names of a struct's members, in order.
template <class T>
inline constexpr auto kAttributeNames =
    detail::attribute_names<T>(std::make_index_sequence<stator::sdk::kMemberCount<T>>{});

/// The stored name of one member.
template <auto Member>
[[nodiscard]] consteval std::string_view attribute_name() {
  return detail::SchemaTraits<detail::SchemaOf<detail::OwnerOf<Member>>>::rename(
      stator::sdk::member_name<Member>());
}

}  // namespace ddb
