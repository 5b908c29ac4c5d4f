#pragma once

#include <string>
#include <utility>

#include "ddb/column.hpp"

/// What an attribute can be set to besides a plain value: set(total, price + 5),
/// set(count, if_missing(count, 0) + 1), set(lines, concat(lines, {"x"})).
namespace ddb {

struct Operand {};
template <class O>
concept AnyOperand = std::derived_from<O, Operand>;
/// What may stand to the left of + and -: a column, or if_missing().
template <class O>
concept AnyTerm = AnyColumn<O> ||(AnyOperand<O>&& O::is_term);

/// The attribute, or the value where it is missing.
template <AnyColumn C>
struct IfMissing : Operand {
  static constexpr bool is_term = true;
  using Model = typename C::Model;
  using Value = Stored<C>;
  C column;
  Value value;

  IfMissing(C of, Value otherwise) : column(std::move(of)), value(std::move(otherwise)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += "if_not_exists(";
    column.write(placeholders, out);
    out += ", ";
    placeholders.value(out, value);
    out += ')';
  }
};
template <AnyColumn C>
[[nodiscard]] auto if_missing(C column, Stored<C> value) {
  return IfMissing<C>(std::move(column), std::move(value));
}

template <class T>
struct ValueTerm {
  using Value = T;
  T value;
  void write(Placeholders& placeholders, std::string& out) const { placeholders.value(out, value); }
};

/// left + right, left - right
template <class L, class R, char Sign>
struct Sum : Operand {
  static constexpr bool is_term = false;
  using Model = typename L::Model;
  using Value = typename L::Value;
  static_assert(stator::sdk::NumberValue<Value> && stator::sdk::NumberValue<typename R::Value>,
                "ddb: only numbers are added and subtracted");
  L left;
  R right;

  Sum(L first, R second) : left(std::move(first)), right(std::move(second)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    left.write(placeholders, out);
    out += ' ';
    out += Sign;
    out += ' ';
    right.write(placeholders, out);
  }
};
template <AnyTerm L>
[[nodiscard]] auto operator+(L left, typename L::Value right) {
  using R = ValueTerm<typename L::Value>;
  return Sum<L, R, '+'>(std::move(left), R{std::move(right)});
}
template <AnyTerm L>
[[nodiscard]] auto operator-(L left, typename L::Value right) {
  using R = ValueTerm<typename L::Value>;
  return Sum<L, R, '-'>(std::move(left), R{std::move(right)});
}
template <AnyTerm L, AnyTerm R>
[[nodiscard]] auto operator+(L left, R right) {
  return Sum<L, R, '+'>(std::move(left), std::move(right));
}
template <AnyTerm L, AnyTerm R>
[[nodiscard]] auto operator-(L left, R right) {
  return Sum<L, R, '-'>(std::move(left), std::move(right));
}

/// One list after another; one side is an attribute or if_missing().
template <class L, class R>
struct Concat : Operand {
  static constexpr bool is_term = false;
  using Model = typename L::Model;
  using Value = typename L::Value;
  static_assert(stator::sdk::ListValue<Value>, "ddb: only lists are joined");
  L first;
  R second;
  bool is_swapped;

  Concat(L left, R right, bool swapped)
      : first(std::move(left)), second(std::move(right)), is_swapped(swapped) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += "list_append(";
    is_swapped ? second.write(placeholders, out) : first.write(placeholders, out);
    out += ", ";
    is_swapped ? first.write(placeholders, out) : second.write(placeholders, out);
    out += ')';
  }
};
template <AnyTerm L>
[[nodiscard]] auto concat(L list, typename L::Value more) {
  using R = ValueTerm<typename L::Value>;
  return Concat<L, R>(std::move(list), R{std::move(more)}, false);
}
template <AnyTerm R>
[[nodiscard]] auto concat(typename R::Value more, R list) {
  using V = ValueTerm<typename R::Value>;
  return Concat<R, V>(std::move(list), V{std::move(more)}, true);
}

}  // namespace ddb
