#pragma once

#include <type_traits>
#include <utility>
#include <variant>

namespace stator::sdk {

/// A value or the error that stands in its place. Member names follow std::expected. Ask it first,
/// or let value() throw: `raise(error)`, found beside E, says what is thrown.
template <class T, class E>
class [[nodiscard]] BasicResult {
 public:
  using value_type = T;

  template <class U = T>
  requires(std::is_constructible_v<T, U&&> &&
           !std::is_same_v<std::remove_cvref_t<U>, BasicResult> &&
           !std::is_same_v<std::remove_cvref_t<U>, E>) BasicResult(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  BasicResult(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & { return check(), *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& { return check(), *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && { return check(), std::move(*std::get_if<0>(&state_)); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  /// Only when there is no value.
  [[nodiscard]] const E& error() const { return std::get<1>(state_); }

 private:
  void check() const {
    if (!has_value()) raise(error());
  }

  std::variant<T, E> state_;
};

/// Success without a value, or an error.
template <class E>
class [[nodiscard]] BasicResult<void, E> {
 public:
  using value_type = void;

  BasicResult() = default;
  BasicResult(E error) : state_(std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const {
    if (!has_value()) raise(error());
  }
  [[nodiscard]] const E& error() const { return std::get<1>(state_); }

 private:
  std::variant<std::monostate, E> state_;
};

}  // namespace stator::sdk
