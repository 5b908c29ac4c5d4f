#pragma once

#include <array>
#include <concepts>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace stator::sdk {

/// An exact decimal, kept as its digits: up to 38 of them in DynamoDB, and never through a double.
struct Number {
  std::string digits = "0";

  Number() = default;
  explicit Number(std::string text) : digits(std::move(text)) {}
  Number(std::integral auto number) : digits(std::to_string(number)) {}  // NOLINT: meant

  /// Of spelling, not of value: 1.0 and 1 differ.
  friend bool operator==(const Number&, const Number&) = default;
};

/// Bytes that are not text.
struct Binary {
  std::string bytes;

  Binary() = default;
  explicit Binary(std::string data) : bytes(std::move(data)) {}
  friend auto operator<=>(const Binary&, const Binary&) = default;
};

namespace detail {

template <class T, template <class...> class Template>
inline constexpr bool is_instance = false;
template <template <class...> class Template, class... A>
inline constexpr bool is_instance<Template<A...>, Template> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

template <class T>
struct Unwrap {
  using type = T;
};
template <class T>
struct Unwrap<std::optional<T>> {
  using type = T;
};

}  // namespace detail

template <class T>
concept OptionalValue = detail::is_instance<T, std::optional>;
template <class T>
concept SetValue = detail::is_instance<T, std::set> || detail::is_instance<T, std::unordered_set>;
template <class T>
concept ListValue = detail::is_instance<T, std::vector>;
template <class T>
concept ArrayValue = detail::is_std_array<T>;
template <class T>
concept TupleValue = detail::is_instance<T, std::tuple> || detail::is_instance<T, std::pair>;
template <class T>
concept VariantValue = detail::is_instance<T, std::variant>;
template <class T>
concept MapValue =
    (detail::is_instance<T, std::map> ||
     detail::is_instance<T, std::unordered_map>)&&std::same_as<typename T::key_type, std::string>;
template <class T>
concept MachineNumber = (std::integral<T> || std::floating_point<T>)&&!std::same_as<T, bool>;
template <class T>
concept NumberValue = MachineNumber<T> || std::same_as<T, Number>;

/// T without its std::optional.
template <class T>
using Plain = typename detail::Unwrap<T>::type;

}  // namespace stator::sdk
