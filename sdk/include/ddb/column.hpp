#pragma once

#include <concepts>
#include <string>
#include <tuple>
#include <utility>

#include "ddb/index.hpp"
#include "ddb/placeholders.hpp"

/// Attributes in expressions: a member, a member of a nested struct, an element of a list, an
/// entry of a map.
namespace ddb {

struct Path {};
template <class C>
concept AnyColumn = std::derived_from<std::remove_cvref_t<C>, Path>;
/// What a column holds, without its std::optional.
template <AnyColumn C>
using Stored = typename std::remove_cvref_t<C>::Value;
/// A value that can be compared with a column.
template <class V, class C>
concept ValueFor = detail::FitsIn<V, Stored<C>>;

template <class C>
struct ListElement;
template <class C>
struct MapEntry;

namespace detail {

/// What every column can be asked for, where what it holds has it.
template <class C, class V>
struct Inside : Path {
  using Value = V;

  /// An element of a list.
  [[nodiscard]] constexpr auto operator[](std::size_t index) const {
    static_assert(stator::sdk::ListValue<V>, "ddb: only a list has elements");
    return ListElement<C>(self(), index);
  }
  /// An entry of a map; any key is good, it is written as a placeholder.
  [[nodiscard]] auto operator[](std::string key) const {
    static_assert(stator::sdk::MapValue<V>, "ddb: only a map has entries");
    return MapEntry<C>(self(), std::move(key));
  }

 private:
  constexpr const C& self() const { return static_cast<const C&>(*this); }
};

template <auto... Path>
struct LastOf {
  using type = PlainOf<std::get<sizeof...(Path) - 1>(std::tuple(Path...))>;
};

}  // namespace detail

/// A member, or a member of a nested struct. Empty, so that it can be a template argument.
template <auto First, auto... Rest>
struct Column
    : detail::Inside<Column<First, Rest...>, typename detail::LastOf<First, Rest...>::type> {
  using Model = detail::OwnerOf<First>;

  static void write(Placeholders& placeholders, std::string& out) {
    placeholders.name(out, attribute_name<First>());
    ((out += '.', placeholders.name(out, attribute_name<Rest>())), ...);
  }
  [[nodiscard]] static consteval bool is_key() {
    return sizeof...(Rest) == 0 && ddb::Model<Model>::is_key(attribute_name<First>());
  }
  [[nodiscard]] static consteval bool is_version() {
    return sizeof...(Rest) == 0 && ddb::Model<Model>::is_version(attribute_name<First>());
  }
};

/// constexpr auto total = ddb::col<&Order::total>;  constexpr auto zip = ddb::col<&Order::to,
/// &Address::zip>;
template <auto... Path>
inline constexpr Column<Path...> col{};

/// A member of the struct that a list or map holds: lines[0] / ddb::in<&Line::price>.
template <class C, auto... Members>
struct MemberOf
    : detail::Inside<MemberOf<C, Members...>, typename detail::LastOf<Members...>::type> {
  using Model = typename C::Model;
  C base;

  constexpr explicit MemberOf(C of) : base(std::move(of)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    base.write(placeholders, out);
    ((out += '.', placeholders.name(out, attribute_name<Members>())), ...);
  }
  [[nodiscard]] static consteval bool is_key() { return false; }
  [[nodiscard]] static consteval bool is_version() { return false; }
};

template <auto... Members>
struct In {};
template <auto... Members>
inline constexpr In<Members...> in{};
template <AnyColumn C, auto First, auto... Rest>
[[nodiscard]] constexpr auto operator/(C column, In<First, Rest...>) {
  static_assert(std::same_as<Stored<C>, detail::OwnerOf<First>>,
                "ddb: in<...> names a member of the struct that the column holds");
  return MemberOf<C, First, Rest...>(std::move(column));
}

template <class C>
struct ListElement
    : detail::Inside<ListElement<C>, stator::sdk::Plain<typename Stored<C>::value_type>> {
  using Model = typename C::Model;
  C base;
  std::size_t index;

  constexpr ListElement(C of, std::size_t at) : base(std::move(of)), index(at) {}
  void write(Placeholders& placeholders, std::string& out) const {
    base.write(placeholders, out);
    out += '[' + stator::sdk::number_text(index) + ']';
  }
  [[nodiscard]] static consteval bool is_key() { return false; }
  [[nodiscard]] static consteval bool is_version() { return false; }
};

template <class C>
struct MapEntry : detail::Inside<MapEntry<C>, stator::sdk::Plain<typename Stored<C>::mapped_type>> {
  using Model = typename C::Model;
  C base;
  std::string key;

  MapEntry(C of, std::string name) : base(std::move(of)), key(std::move(name)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    base.write(placeholders, out);
    out += '.';
    placeholders.name(out, key);
  }
  [[nodiscard]] static consteval bool is_key() { return false; }
  [[nodiscard]] static consteval bool is_version() { return false; }
};

}  // namespace ddb
