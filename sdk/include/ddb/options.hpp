#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/expression.hpp"

namespace ddb {

/// What may follow the keys, the item or the condition in a call.
struct Option {};
template <class O>
concept AnyOption = std::derived_from<O, Option>;

/// Read what every acknowledged write has left.
struct Consistent : Option {};
inline constexpr Consistent consistent{};

/// From the highest sort key down.
struct Descending : Option {};
inline constexpr Descending descending{};

/// When the condition fails, the error carries the item that made it fail: see old_item().
struct WithOldItem : Option {};
inline constexpr WithOldItem with_old_item{};

/// At most so many items are looked at for one page.
struct Limit : Option {
  std::uint32_t count;
  explicit Limit(std::uint32_t n) : count(n) {}
};
[[nodiscard]] inline Limit limit(std::uint32_t count) {
  return Limit(count);
}

/// Where a page continues: a Page's cursor; nothing, or an empty text, for the first page.
struct From : Option {
  std::string cursor;
  explicit From(std::string text) : cursor(std::move(text)) {}
};
template <std::convertible_to<std::string_view> Text>
[[nodiscard]] From from(const Text& cursor) {
  return From(std::string(std::string_view(cursor)));
}
[[nodiscard]] inline From from(const std::optional<std::string_view>& cursor) {
  return From(std::string(cursor.value_or("")));
}

/// The write happens only if the condition holds for the item as it is.
template <AnyCondition C>
struct If : Option {
  C condition;
  explicit If(C wanted) : condition(std::move(wanted)) {}
};
template <AnyCondition C>
[[nodiscard]] auto if_(C condition) {
  return If<C>(std::move(condition));
}

/// Of the items looked at, only those for which the condition holds.
template <AnyCondition C>
struct Filter : Option {
  C condition;
  explicit Filter(C wanted) : condition(std::move(wanted)) {}
};
template <AnyCondition C>
[[nodiscard]] auto filter(C condition) {
  return Filter<C>(std::move(condition));
}

namespace detail {

template <class O>
inline constexpr bool is_if = false;
template <class C>
inline constexpr bool is_if<If<C>> = true;
template <class O>
inline constexpr bool is_filter = false;
template <class C>
inline constexpr bool is_filter<Filter<C>> = true;

template <class O>
concept WriteOption = is_if<O> || std::same_as<O, WithOldItem>;
template <class O>
concept ReadOption = std::same_as<O, Consistent>;
template <class O>
concept ScanOption =
    std::same_as<O, Consistent> || std::same_as<O, Limit> || std::same_as<O, From> || is_filter<O>;
template <class O>
concept QueryOption = ScanOption<O> || std::same_as<O, Descending>;

}  // namespace detail

}  // namespace ddb
