#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "base/error.hpp"

namespace stator {

/// A value or the Error that stands in its place. Member names follow std::expected, so that
/// C++23 is one alias away. T may be move-only. Access to the absent side is a bug and throws.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  template <class U = T>
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & { return check_value(), *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& { return check_value(), *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && { return check_value(), std::move(*std::get_if<0>(&state_)); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  template <class U>
  [[nodiscard]] T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

  [[nodiscard]] Error& error() & { return check_error(), *std::get_if<1>(&state_); }
  [[nodiscard]] const Error& error() const& { return check_error(), *std::get_if<1>(&state_); }
  [[nodiscard]] Error&& error() && { return check_error(), std::move(*std::get_if<1>(&state_)); }

 private:
  void check_value() const { STATOR_CHECK(has_value()); }
  void check_error() const { STATOR_CHECK(!has_value()); }

  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : state_(std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const { STATOR_CHECK(has_value()); }

  [[nodiscard]] Error& error() & { return STATOR_CHECK(!has_value()), *std::get_if<1>(&state_); }
  [[nodiscard]] const Error& error() const& {
    return STATOR_CHECK(!has_value()), *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    return STATOR_CHECK(!has_value()), std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace stator

#define STATOR_CONCAT_(a, b) a##b
#define STATOR_CONCAT(a, b) STATOR_CONCAT_(a, b)
#define STATOR_TRY_(temp, declaration, expression) \
  auto temp = (expression);                        \
  if (!temp) return std::move(temp).error();       \
  declaration = std::move(temp).value()

/// `STATOR_TRY(const auto table, find_table(name));` declares `table` from the result's value, or
/// returns its error from the enclosing function. For plain functions only: in a coroutine write
/// the two lines out with co_return.
#define STATOR_TRY(declaration, ...) \
  STATOR_TRY_(STATOR_CONCAT(try_, __COUNTER__), declaration, (__VA_ARGS__))

/// The same for a Result<void>.
#define STATOR_TRY_VOID(...)                        \
  do {                                              \
    if (auto try_void = (__VA_ARGS__); !try_void) { \
      return std::move(try_void).error();           \
    }                                               \
  } while (false)
