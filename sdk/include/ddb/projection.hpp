#pragma once

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "ddb/request.hpp"

/// What is read of an item: all of it, some attributes as a tuple, or a smaller struct.
namespace ddb::detail {

template <class T>
struct Whole {
  using Item = T;
  static constexpr bool is_whole = true;
  static void write(Request&) {}
  static bool read(JsonReader& json, Item& out) { return read_item_attributes(json, out); }
};

template <auto C>
struct ColumnOf {
  using type = std::remove_cvref_t<decltype(C)>;
};
template <auto C>
requires std::is_member_object_pointer_v<decltype(C)>
struct ColumnOf<C> {
  using type = Column<C>;
};

// The member that a column names, in an item that is read; its type is the member's own.
template <class T, auto First, auto... Rest>
auto picked(Column<First, Rest...>, T& item) {
  if constexpr (sizeof...(Rest) == 0) {
    return std::move(item.*First);
  } else {
    using Value = ValueOf<std::get<sizeof...(Rest) - 1>(std::tuple(Rest...))>;
    if constexpr (stator::sdk::OptionalValue<ValueOf<First>>) {
      return item.*First ? picked(Column<Rest...>{}, *(item.*First)) : Value();
    } else {
      return picked(Column<Rest...>{}, item.*First);
    }
  }
}

inline void write_projection(Request& request, const std::string& text) {
  request.json.member("ProjectionExpression", text);
}

template <class T, auto... Columns>
struct OnlySome {
  static_assert(sizeof...(Columns) > 0, "ddb: only<> names at least one attribute");
  static_assert((std::same_as<typename ColumnOf<Columns>::type::Model, T> && ...),
                "ddb: only<> names attributes of the model that is read");
  using Item =
      std::tuple<decltype(picked(typename ColumnOf<Columns>::type{}, std::declval<T&>()))...>;
  static constexpr bool is_whole = false;
  static void write(Request& request) {
    std::string text;
    (
        [&] {
          if (!text.empty()) text += ", ";
          ColumnOf<Columns>::type::write(request.placeholders, text);
        }(),
        ...);
    write_projection(request, text);
  }
  static bool read(JsonReader& json, Item& out) {
    T item{};
    if (!decode_attributes(json, item)) return false;
    out = Item(picked(typename ColumnOf<Columns>::type{}, item)...);
    return true;
  }
};

/// The stored names of a smaller struct's members: those of the model's members of the same name.
template <class T, class Small>
consteval auto names_in() {
  std::array<std::string_view, stator::sdk::kMemberCount<Small>> names{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t k = 0; k < stator::sdk::kMemberCount<T>; ++k) {
      if (stator::sdk::kMemberNames<Small>[i] == stator::sdk::kMemberNames<T>[k]) {
        names[i] = kAttributeNames<T>[k];
      }
    }
  }
  return names;
}

template <class T, class Small>
consteval bool are_known() {
  for (const std::string_view name : names_in<T, Small>()) {
    if (name.empty()) return false;
  }
  return true;
}

template <class T, class Small>
struct Smaller {
  using Item = Small;
  static constexpr bool is_whole = false;
  static constexpr auto names = names_in<T, Small>();
  static_assert(are_known<T, Small>(),
                "ddb: as<> reads into a struct whose members the model has, by name");
  static void write(Request& request) {
    std::string text;
    for (const std::string_view name : names) {
      if (!text.empty()) text += ", ";
      request.placeholders.name(text, name);
    }
    write_projection(request, text);
  }
  static bool read(JsonReader& json, Item& out) {
    return json.object([&](std::string_view name) {
      bool good = true;
      const bool known = stator::sdk::with_member_named(
          out, names, name, [&](auto, auto& member) { good = decode(json, member); });
      return known ? good : json.skip();
    });
  }
};

template <class T, class... Options>
struct ProjectionOf {
  using type = Whole<T>;
};
template <class T, auto... Columns, class... Options>
struct ProjectionOf<T, Only<Columns...>, Options...> {
  using type = OnlySome<T, Columns...>;
};
template <class T, class Small, class... Options>
struct ProjectionOf<T, As<Small>, Options...> {
  using type = Smaller<T, Small>;
};
template <class T, class Other, class... Options>
struct ProjectionOf<T, Other, Options...> : ProjectionOf<T, Options...> {};

/// What the options of a read say of its items.
template <class T, class... Options>
using Projection = typename ProjectionOf<T, Options...>::type;

}  // namespace ddb::detail
