#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "ddb/model.hpp"

/// A model's indexes, the key attributes that are made of members, the discriminator.
namespace ddb {

namespace detail {

template <class Part>
inline constexpr bool is_discriminator = false;
template <Literal Attribute, Literal... Values>
inline constexpr bool is_discriminator<DiscriminatorPart<Attribute, Values...>> = true;
template <class Part>
struct DiscriminatorOf;
template <Literal Attribute, Literal First, Literal... Rest>
struct DiscriminatorOf<DiscriminatorPart<Attribute, First, Rest...>> {
  static constexpr std::string_view name = Attribute.view();
  static constexpr std::array<std::string_view, 1 + sizeof...(Rest)> values{First.view(),
                                                                            Rest.view()...};
  [[nodiscard]] static constexpr bool accepts(std::string_view value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  }
};

template <class Part>
inline constexpr bool is_index = false;
template <Literal Name, bool IsLocal, class... Parts>
inline constexpr bool is_index<IndexPart<Name, IsLocal, Parts...>> = true;

template <class Part>
inline constexpr bool is_all_projected = true;
template <>
inline constexpr bool is_all_projected<KeysOnlyPart> = false;
template <auto... Members>
inline constexpr bool is_all_projected<IncludePart<Members...>> = false;

/// An index of a model.
template <class T, class Part>
struct IndexOf;

template <class T, Literal Name, bool IsLocal, class... Parts>
struct IndexOf<T, IndexPart<Name, IsLocal, Parts...>> {
  static constexpr std::string_view name = Name.view();
  static constexpr bool is_local = IsLocal;
  static constexpr bool has_all = (is_all_projected<Parts> && ...);
  using Own = KeysIn<Parts...>;
  using Keys =
      std::conditional_t<IsLocal, KeySet<typename Model<T>::Keys::Hashes, typename Own::Ranges>,
                         Own>;
  using All = Types<Parts...>;
  static_assert(IsLocal
                    ? Own::Hashes::size == 0 && Own::Ranges::size == 1
                    : Own::Hashes::size >= 1 && Own::Hashes::size <= 4 && Own::Ranges::size <= 4,
                "ddb: a global index has 1 to 4 hash and 0 to 4 range attributes, a local one a "
                "range key");
  static_assert(Own::can_be_keys(), "ddb: a key is a std::string, a number or ddb::Binary");
};

template <class T, class... Parts>
consteval auto indexes_of(Types<Parts...>) {
  return (Types<>{} + ... +
          std::conditional_t<is_index<Parts>, Types<IndexOf<T, Parts>>, Types<>>{});
}
/// All indexes of a model.
template <class T>
using Indexes = decltype(indexes_of<T>(typename Model<T>::Parts{}));

template <class K>
using IfTemplate = std::conditional_t<K::is_template, Types<K>, Types<>>;
template <class... K>
consteval auto templates_in(Types<K...>) {
  return (Types<>{} + ... + IfTemplate<K>{});
}
template <class T, class... I>
consteval auto computed_keys(Types<I...>) {
  return distinct(
      (templates_in(typename Model<T>::Keys::All{}) + ... + templates_in(typename I::Own::All{})));
}
/// The key attributes that no member is, of the table and of its indexes.
template <class T>
using ComputedKeys = decltype(computed_keys<T>(Indexes<T>{}));

template <class... Parts>
consteval auto discriminator_in(Types<Parts...>) {
  return (Types<>{} + ... + std::conditional_t<is_discriminator<Parts>, Types<Parts>, Types<>>{});
}
/// Types<DiscriminatorPart<...>>, or Types<>.
template <class T>
using DiscriminatorsOf = decltype(discriminator_in(typename Model<T>::Parts{}));

struct NoIndex {};
template <Literal Name, class... I>
consteval auto find_index(Types<I...>) {
  constexpr std::size_t kAt = [] {
    std::size_t at = 0;
    (void)((I::name == Name.view() || (++at, false)) || ...);
    return at;
  }();
  if constexpr (kAt == sizeof...(I)) {
    return NoIndex{};
  } else {
    return std::tuple_element_t<kAt, std::tuple<I...>>{};
  }
}
template <class T, Literal Name>
using IndexNamed = decltype(find_index<Name>(Indexes<T>{}));

}  // namespace detail

}  // namespace ddb
