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

/// One of the parts that a scan is cut into, for several to read a table side by side.
struct Segment : Option {
  std::uint32_t index, count;
  Segment(std::uint32_t which, std::uint32_t of) : index(which), count(of) {}
};
[[nodiscard]] inline Segment segment(std::uint32_t index, std::uint32_t count) {
  return Segment(index, count);
}

/// Read these attributes alone, as a std::tuple: only<&Order::total, &Order::note>, or only<total,
/// zip> of columns.
template <auto... Columns>
struct Only : Option {};
template <auto... Columns>
inline constexpr Only<Columns...> only{};

/// Read into a smaller struct, which has some of the model's members under the same names.
template <class Small>
struct As : Option {};
template <class Small>
inline constexpr As<Small> as{};

/// Adds the capacity units that the call consumed to `units`, which outlives it.
struct Consumed : Option {
  double* units;
  explicit Consumed(double& to) : units(&to) {}
};
[[nodiscard]] inline Consumed consumed(double& units) {
  return Consumed(units);
}

/// Of query_all() and scan_all(): so many items and no more.
struct AtMost : Option {
  std::size_t count;
  explicit AtMost(std::size_t n) : count(n) {}
};
[[nodiscard]] inline AtMost at_most(std::size_t count) {
  return AtMost(count);
}

/// Of query_all() and scan_all(): waits between pages so that no more capacity units than these
/// are consumed in a second.
struct Rate : Option {
  double units_per_second;
  explicit Rate(double units) : units_per_second(units) {}
};
[[nodiscard]] inline Rate rate(double units_per_second) {
  return Rate(units_per_second);
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
inline constexpr bool is_projection = false;
template <auto... Columns>
inline constexpr bool is_projection<Only<Columns...>> = true;
template <class Small>
inline constexpr bool is_projection<As<Small>> = true;

template <class O>
concept WriteOption = is_if<O> || std::same_as<O, WithOldItem> || std::same_as<O, Consumed>;
template <class O>
concept ReadOption = std::same_as<O, Consistent> || std::same_as<O, Consumed> || is_projection<O>;
template <class O>
concept PageOption =
    ReadOption<O> || std::same_as<O, Limit> || std::same_as<O, From> || is_filter<O>;
template <class O>
concept ScanOption = PageOption<O> || std::same_as<O, Segment>;
template <class O>
concept QueryOption = PageOption<O> || std::same_as<O, Descending>;
template <class O>
concept AllOption = std::same_as<O, AtMost> || std::same_as<O, Rate>;

}  // namespace detail

}  // namespace ddb
