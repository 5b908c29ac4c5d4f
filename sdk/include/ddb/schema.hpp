#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>

#include "stator/reflect.hpp"
#include "stator/values.hpp"

namespace ddb {

using stator::sdk::Binary;
using stator::sdk::Number;

/// A string literal as a template argument.
template <std::size_t N>
struct Literal {
  char text[N];
  consteval Literal(const char (&from)[N]) { std::copy_n(from, N, text); }  // NOLINT: meant
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

/// The parts of a schema: which member plays which role, and under which name it is stored.
template <auto Member>
struct HashPart {};
template <auto Member>
struct RangePart {};
template <auto Member>
struct VersionPart {};
template <auto Member>
struct CreatedPart {};
template <auto Member>
struct UpdatedPart {};
template <auto Member, Literal Name>
struct NamePart {};

/// The partition key.
template <auto Member>
inline constexpr HashPart<Member> hash{};
/// The sort key.
template <auto Member>
inline constexpr RangePart<Member> range{};
/// An integer that counts the writes of an item; put() refuses to overwrite a newer one.
template <auto Member>
inline constexpr VersionPart<Member> version{};
/// A std::string that put() fills with the time when it is empty.
template <auto Member>
inline constexpr CreatedPart<Member> created{};
/// A std::string that every put() and update() fills with the time.
template <auto Member>
inline constexpr UpdatedPart<Member> updated{};
/// The attribute's stored name, where it is not the member's.
template <auto Member, Literal Name>
inline constexpr NamePart<Member, Name> name{};

template <Literal Name, class... Parts>
struct Schema {
  static constexpr std::string_view table_name = Name.view();
};

/// The schema of a model, written beside its struct:
///   template <> inline constexpr auto ddb::schema<Item> =
///       table<"items">(hash<&Item::id>, version<&Item::version>);
template <Literal Name, class... Parts>
[[nodiscard]] consteval auto table(Parts...) {
  return Schema<Name, Parts...>{};
}

struct NoSchema {};
template <class T>
inline constexpr auto schema = NoSchema{};

namespace detail {

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
  static consteval std::string_view rename(std::string_view name) { return name; }
};

template <Literal Name, class... Parts>
struct SchemaTraits<Schema<Name, Parts...>> {
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

/// What may stand where a V is stored: all that converts to it, and for a text every kind of text.
template <class From, class V>
concept FitsIn = std::convertible_to<From, V> ||
    (std::same_as<V, std::string>&& std::convertible_to<From, std::string_view>);

template <class V>
concept KeyValue =
    std::same_as<V, std::string> || stator::sdk::NumberValue<V> || std::same_as<V, Binary>;

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

/// What a schema says of a model, checked.
template <class T>
struct Model {
  using Traits = detail::SchemaTraits<detail::SchemaOf<T>>;
  static_assert(!std::same_as<detail::SchemaOf<T>, NoSchema>,
                "ddb: the model has no schema; write: template <> inline constexpr auto "
                "ddb::schema<T> = ddb::table<\"name\">(ddb::hash<&T::member>);");

  static constexpr auto hash_members = Traits::template members<HashPart>();
  static constexpr auto range_members = Traits::template members<RangePart>();
  static constexpr auto version_members = Traits::template members<VersionPart>();
  static constexpr auto created_members = Traits::template members<CreatedPart>();
  static constexpr auto updated_members = Traits::template members<UpdatedPart>();
  static constexpr auto key_members = std::tuple_cat(hash_members, range_members);
  static constexpr std::size_t key_size = std::tuple_size_v<decltype(key_members)>;
  static constexpr bool has_version = std::tuple_size_v<decltype(version_members)> == 1;

  static_assert(std::tuple_size_v<decltype(hash_members)> == 1,
                "ddb: a schema names exactly one hash key");
  static_assert(std::tuple_size_v<decltype(range_members)> <= 1,
                "ddb: a schema names at most one range key");
  static_assert(std::tuple_size_v<decltype(version_members)> <= 1,
                "ddb: a schema names at most one version");

  /// Calls `use.template operator()<Member>()` for each member of a role.
  template <const auto& Members, class Use>
  static constexpr void each(const Use& use) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (use.template operator()<std::get<I>(Members)>(), ...);
    }
    (std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(Members)>>>{});
  }

  [[nodiscard]] static constexpr bool is_key(std::string_view attribute) {
    return is_one_of<key_members>(attribute);
  }
  [[nodiscard]] static constexpr bool is_version(std::string_view attribute) {
    return is_one_of<version_members>(attribute);
  }

 private:
  template <const auto& Members>
  static constexpr bool is_one_of(std::string_view attribute) {
    bool found = false;
    each<Members>([&]<auto Member>() { found = found || attribute_name<Member>() == attribute; });
    return found;
  }
  static consteval bool keys_can_be_keys() {
    bool good = true;
    each<key_members>([&]<auto Member>() {
      good = good && detail::KeyValue<detail::ValueOf<Member>>;
    });
    return good;
  }
  static_assert(keys_can_be_keys(), "ddb: a key is a std::string, a number or ddb::Binary");
};

}  // namespace ddb
