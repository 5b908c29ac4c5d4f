#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/operand.hpp"

namespace ddb {

/// The clauses of an UpdateExpression, gathered from actions in any order.
class UpdateText {
 public:
  enum Clause { kSet, kRemove, kAdd, kDelete, kClauses };

  /// The clause's text, ready for one more action.
  std::string& next(Clause clause) {
    std::string& text = clauses_[clause];
    if (!text.empty()) text += ", ";
    return text;
  }

  /// "SET #0 = :0, #1 = :1 REMOVE #2"
  [[nodiscard]] std::string text() const {
    constexpr std::string_view kNames[kClauses] = {"SET ", "REMOVE ", "ADD ", "DELETE "};
    std::string all;
    for (int i = 0; i < kClauses; ++i) {
      const std::string& clause = clauses_[static_cast<std::size_t>(i)];
      if (clause.empty()) continue;
      if (!all.empty()) all += ' ';
      all += kNames[i];
      all += clause;
    }
    return all;
  }

 private:
  std::array<std::string, kClauses> clauses_;
};

struct Action {};
template <class A>
concept AnyAction = std::derived_from<A, Action>;

namespace detail {

template <class C>
struct ActionOn : Action {
  using Model = typename C::Model;
  static_assert(!C::is_key(), "ddb: a key attribute cannot be updated");
  static_assert(!C::is_version(), "ddb: update() counts the version itself");
  C column;

  explicit ActionOn(C on) : column(std::move(on)) {}
};

}  // namespace detail

/// attribute = value; an empty optional or set removes the attribute.
template <AnyColumn C, class V>
struct SetAction : detail::ActionOn<C> {
  V value;

  SetAction(C on, V to) : detail::ActionOn<C>(std::move(on)), value(std::move(to)) {}
  void write(Placeholders& placeholders, UpdateText& update) const {
    if (is_absent(value)) {
      return this->column.write(placeholders, update.next(UpdateText::kRemove));
    }
    std::string& out = update.next(UpdateText::kSet);
    this->column.write(placeholders, out);
    out += " = ";
    placeholders.value(out, value);
  }
};

/// attribute = operand
template <AnyColumn C, class O>
struct SetToAction : detail::ActionOn<C> {
  static_assert(std::same_as<typename C::Model, typename O::Model>,
                "ddb: the two sides of an action are about different models");
  O operand;

  SetToAction(C on, O to) : detail::ActionOn<C>(std::move(on)), operand(std::move(to)) {}
  void write(Placeholders& placeholders, UpdateText& update) const {
    std::string& out = update.next(UpdateText::kSet);
    this->column.write(placeholders, out);
    out += " = ";
    operand.write(placeholders, out);
  }
};

template <AnyColumn C>
struct RemoveAction : detail::ActionOn<C> {
  using detail::ActionOn<C>::ActionOn;
  void write(Placeholders& placeholders, UpdateText& update) const {
    this->column.write(placeholders, update.next(UpdateText::kRemove));
  }
};

/// ADD and DELETE: attribute, then value.
template <AnyColumn C, UpdateText::Clause Clause>
struct ValueAction : detail::ActionOn<C> {
  Stored<C> value;

  ValueAction(C on, Stored<C> with) : detail::ActionOn<C>(std::move(on)), value(std::move(with)) {}
  void write(Placeholders& placeholders, UpdateText& update) const {
    std::string& out = update.next(Clause);
    this->column.write(placeholders, out);
    out += ' ';
    placeholders.value(out, value);
  }
};

template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto set(C column, V&& value) {
  return SetAction<C, Stored<C>>(std::move(column), Stored<C>(std::forward<V>(value)));
}
/// An empty optional removes the attribute.
template <AnyColumn C>
[[nodiscard]] auto set(C column, std::optional<Stored<C>> value) {
  return SetAction<C, std::optional<Stored<C>>>(std::move(column), std::move(value));
}
/// What another attribute has, or what is computed of it.
template <AnyColumn C, class O>
requires((AnyColumn<O> || AnyOperand<O>)&&std::same_as<Stored<C>, typename O::Value>)
    [[nodiscard]] auto set(C column, O operand) {
  return SetToAction<C, O>(std::move(column), std::move(operand));
}
template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto set_if_missing(C column, V&& value) {
  return SetToAction<C, IfMissing<C>>(column,
                                      IfMissing<C>(column, Stored<C>(std::forward<V>(value))));
}
template <AnyColumn C>
[[nodiscard]] auto remove(C column) {
  return RemoveAction<C>(std::move(column));
}
/// To the end of a list that is there.
template <AnyColumn C>
requires stator::sdk::ListValue<Stored<C>>
[[nodiscard]] auto append(C column, Stored<C> values) {
  auto joined = concat(column, std::move(values));
  return SetToAction<C, decltype(joined)>(std::move(column), std::move(joined));
}
/// To the front of a list that is there.
template <AnyColumn C>
requires stator::sdk::ListValue<Stored<C>>
[[nodiscard]] auto prepend(C column, Stored<C> values) {
  auto joined = concat(std::move(values), column);
  return SetToAction<C, decltype(joined)>(std::move(column), std::move(joined));
}
/// To a number; a missing one begins as 0.
template <AnyColumn C, ValueFor<C> V>
requires(!stator::sdk::SetValue<Stored<C>>) [[nodiscard]] auto add(C column, V&& value) {
  static_assert(stator::sdk::NumberValue<Stored<C>>, "ddb: ADD works on numbers and sets only");
  return ValueAction<C, UpdateText::kAdd>(std::move(column), Stored<C>(std::forward<V>(value)));
}
/// Elements into a set; a missing one begins empty.
template <AnyColumn C>
requires stator::sdk::SetValue<Stored<C>>
[[nodiscard]] auto add(C column, Stored<C> elements) {
  return ValueAction<C, UpdateText::kAdd>(std::move(column), std::move(elements));
}
/// Elements out of a set.
template <AnyColumn C>
requires stator::sdk::SetValue<Stored<C>>
[[nodiscard]] auto take_out(C column, Stored<C> elements) {
  return ValueAction<C, UpdateText::kDelete>(std::move(column), std::move(elements));
}

}  // namespace ddb
