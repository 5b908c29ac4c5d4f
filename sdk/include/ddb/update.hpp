#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/expression.hpp"

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
};

}  // namespace detail

/// attribute = value; an empty optional or set removes the attribute.
template <AnyColumn C, class V>
struct SetAction : detail::ActionOn<C> {
  V value;
  bool only_if_missing;

  SetAction(V to, bool missing) : value(std::move(to)), only_if_missing(missing) {}
  void write(Placeholders& placeholders, UpdateText& update) const {
    if (is_absent(value)) return C::write(placeholders, update.next(UpdateText::kRemove));
    std::string& out = update.next(UpdateText::kSet);
    C::write(placeholders, out);
    out += " = ";
    if (only_if_missing) {
      out += "if_not_exists(";
      C::write(placeholders, out);
      out += ", ";
    }
    placeholders.value(out, value);
    if (only_if_missing) out += ')';
  }
};

template <AnyColumn C>
struct AppendAction : detail::ActionOn<C> {
  Stored<C> values;

  explicit AppendAction(Stored<C> more) : values(std::move(more)) {}
  void write(Placeholders& placeholders, UpdateText& update) const {
    std::string& out = update.next(UpdateText::kSet);
    C::write(placeholders, out);
    out += " = list_append(";
    C::write(placeholders, out);
    out += ", ";
    placeholders.value(out, values);
    out += ')';
  }
};

template <AnyColumn C>
struct RemoveAction : detail::ActionOn<C> {
  void write(Placeholders& placeholders, UpdateText& update) const {
    C::write(placeholders, update.next(UpdateText::kRemove));
  }
};

/// ADD and DELETE: attribute, then value.
template <AnyColumn C, UpdateText::Clause Clause>
struct ValueAction : detail::ActionOn<C> {
  Stored<C> value;

  explicit ValueAction(Stored<C> with) : value(std::move(with)) {}
  void write(Placeholders& placeholders, UpdateText& update) const {
    std::string& out = update.next(Clause);
    C::write(placeholders, out);
    out += ' ';
    placeholders.value(out, value);
  }
};

template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto set(C, V&& value) {
  return SetAction<C, Stored<C>>(Stored<C>(std::forward<V>(value)), false);
}
/// An empty optional removes the attribute.
template <AnyColumn C>
[[nodiscard]] auto set(C, std::optional<Stored<C>> value) {
  return SetAction<C, std::optional<Stored<C>>>(std::move(value), false);
}
template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto set_if_missing(C, V&& value) {
  return SetAction<C, Stored<C>>(Stored<C>(std::forward<V>(value)), true);
}
template <AnyColumn C>
[[nodiscard]] auto remove(C) {
  return RemoveAction<C>();
}
/// To the end of a list that is there.
template <AnyColumn C>
requires stator::sdk::ListValue<Stored<C>>
[[nodiscard]] auto append(C, Stored<C> values) {
  return AppendAction<C>(std::move(values));
}
/// To a number; a missing one begins as 0.
template <AnyColumn C, ValueFor<C> V>
requires(!stator::sdk::SetValue<Stored<C>>) [[nodiscard]] auto add(C, V&& value) {
  static_assert(stator::sdk::NumberValue<Stored<C>>, "ddb: ADD works on numbers and sets only");
  return ValueAction<C, UpdateText::kAdd>(Stored<C>(std::forward<V>(value)));
}
/// Elements into a set; a missing one begins empty.
template <AnyColumn C>
requires stator::sdk::SetValue<Stored<C>>
[[nodiscard]] auto add(C, Stored<C> elements) {
  return ValueAction<C, UpdateText::kAdd>(std::move(elements));
}
/// Elements out of a set.
template <AnyColumn C>
requires stator::sdk::SetValue<Stored<C>>
[[nodiscard]] auto take_out(C, Stored<C> elements) {
  return ValueAction<C, UpdateText::kDelete>(std::move(elements));
}

}  // namespace ddb
