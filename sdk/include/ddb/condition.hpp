#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ddb/column.hpp"

namespace ddb {

/// Conditions are small types that hold their values and write themselves; `&&`, `||` and `!` join
/// them. Which attribute and which comparison are in the type, so that query() can check them.
struct Condition {};
template <class C>
concept AnyCondition = std::derived_from<C, Condition>;

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

namespace detail {

inline constexpr std::string_view kSigns[] = {" = ", " <> ", " < ", " <= ", " > ", " >= "};

}  // namespace detail

/// attribute <sign> value
template <AnyColumn C, Comparison Op>
struct Compare : Condition {
  using Model = typename C::Model;
  C column;
  Stored<C> value;

  Compare(C left, Stored<C> right) : column(std::move(left)), value(std::move(right)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    column.write(placeholders, out);
    out += detail::kSigns[static_cast<int>(Op)];
    placeholders.value(out, value);
  }
};

/// attribute <sign> attribute
template <AnyColumn L, AnyColumn R, Comparison Op>
struct CompareColumns : Condition {
  using Model = typename L::Model;
  static_assert(std::same_as<Model, typename R::Model>,
                "ddb: the two sides of a condition are about different models");
  L left;
  R right;

  CompareColumns(L first, R second) : left(std::move(first)), right(std::move(second)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    left.write(placeholders, out);
    out += detail::kSigns[static_cast<int>(Op)];
    right.write(placeholders, out);
  }
};

/// size(attribute): characters of a text, bytes of a binary, elements of the rest. Compare it with
/// a number.
template <AnyColumn C>
struct SizeOf {
  C column;
};
template <AnyColumn C>
[[nodiscard]] auto size(C column) {
  static_assert(!stator::sdk::NumberValue<Stored<C>> && !std::same_as<Stored<C>, bool>,
                "ddb: numbers and booleans have no size");
  return SizeOf<C>{std::move(column)};
}
template <AnyColumn C, Comparison Op>
struct CompareSize : Condition {
  using Model = typename C::Model;
  C column;
  std::uint64_t value;

  CompareSize(C of, std::uint64_t with) : column(std::move(of)), value(with) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += "size(";
    column.write(placeholders, out);
    out += ')';
    out += detail::kSigns[static_cast<int>(Op)];
    placeholders.value(out, value);
  }
};

template <AnyColumn C>
struct Between : Condition {
  using Model = typename C::Model;
  C column;
  Stored<C> low, high;

  Between(C of, Stored<C> from, Stored<C> to)
      : column(std::move(of)), low(std::move(from)), high(std::move(to)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    column.write(placeholders, out);
    out += " BETWEEN ";
    placeholders.value(out, low);
    out += " AND ";
    placeholders.value(out, high);
  }
};

/// function(attribute, value): begins_with, contains and attribute_type.
template <AnyColumn C, class V>
struct FunctionOf : Condition {
  using Model = typename C::Model;
  std::string_view function;
  C column;
  V value;

  FunctionOf(std::string_view called, C of, V with)
      : function(called), column(std::move(of)), value(std::move(with)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += function;
    out += '(';
    column.write(placeholders, out);
    out += ", ";
    placeholders.value(out, value);
    out += ')';
  }
};

template <AnyColumn C>
struct BeginsWith : FunctionOf<C, Stored<C>> {
  BeginsWith(C of, Stored<C> prefix)
      : FunctionOf<C, Stored<C>>("begins_with", std::move(of), std::move(prefix)) {}
};

/// attribute IN (values)
template <AnyColumn C>
struct IsIn : Condition {
  using Model = typename C::Model;
  C column;
  std::vector<Stored<C>> values;

  IsIn(C of, std::vector<Stored<C>> among) : column(std::move(of)), values(std::move(among)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    column.write(placeholders, out);
    out += " IN (";
    bool first = true;
    for (const auto& value : values) {
      if (!first) out += ", ";
      first = false;
      placeholders.value(out, value);
    }
    out += ')';
  }
};

template <AnyColumn C, bool Exists>
struct Existence : Condition {
  using Model = typename C::Model;
  C column;

  explicit Existence(C of) : column(std::move(of)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += Exists ? "attribute_exists(" : "attribute_not_exists(";
    column.write(placeholders, out);
    out += ')';
  }
};

template <class L, class R, bool IsAnd>
struct Joined : Condition {
  using Model = typename L::Model;
  static_assert(std::same_as<typename L::Model, typename R::Model>,
                "ddb: the two sides of a condition are about different models");
  L left;
  R right;

  Joined(L first, R second) : left(std::move(first)), right(std::move(second)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += '(';
    left.write(placeholders, out);
    out += IsAnd ? " AND " : " OR ";
    right.write(placeholders, out);
    out += ')';
  }
};

template <class C>
struct Negated : Condition {
  using Model = typename C::Model;
  C condition;

  explicit Negated(C inner) : condition(std::move(inner)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += "(NOT ";
    condition.write(placeholders, out);
    out += ')';
  }
};

/// Conditions that are put together while the program runs, joined by AND: Where<Order> where;
/// if (...) where.add(total > 5). At least one must have been added when it is sent.
template <class T>
class Where : public Condition {
 public:
  using Model = T;
  template <AnyCondition C>
  Where& add(C condition) {
    static_assert(std::same_as<typename C::Model, T>,
                  "ddb: the two sides of a condition are about different models");
    parts_.push_back(
        [condition = std::move(condition)](Placeholders& placeholders, std::string& out) {
          condition.write(placeholders, out);
        });
    return *this;
  }
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  void write(Placeholders& placeholders, std::string& out) const {
    out += '(';
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i != 0) out += " AND ";
      parts_[i](placeholders, out);
    }
    out += ')';
  }

 private:
  std::vector<std::function<void(Placeholders&, std::string&)>> parts_;
};

#define STATOR_DDB_COMPARISON(sign, kind)                                                      \
  template <AnyColumn C, ValueFor<C> V>                                                        \
  [[nodiscard]] auto operator sign(C column, V&& value) {                                      \
    return Compare<C, Comparison::kind>(std::move(column), Stored<C>(std::forward<V>(value))); \
  }                                                                                            \
  template <AnyColumn L, AnyColumn R>                                                          \
  requires std::same_as<Stored<L>, Stored<R>>                                                  \
  [[nodiscard]] auto operator sign(L left, R right) {                                          \
    return CompareColumns<L, R, Comparison::kind>(std::move(left), std::move(right));          \
  }                                                                                            \
  template <AnyColumn C>                                                                       \
  [[nodiscard]] auto operator sign(SizeOf<C> size, std::uint64_t value) {                      \
    return CompareSize<C, Comparison::kind>(std::move(size.column), value);                    \
  }
STATOR_DDB_COMPARISON(==, kEqual)
STATOR_DDB_COMPARISON(!=, kNotEqual)
STATOR_DDB_COMPARISON(<, kLess)
STATOR_DDB_COMPARISON(<=, kLessOrEqual)
STATOR_DDB_COMPARISON(>, kGreater)
STATOR_DDB_COMPARISON(>=, kGreaterOrEqual)
#undef STATOR_DDB_COMPARISON

template <AnyColumn C, ValueFor<C> L, ValueFor<C> H>
[[nodiscard]] auto between(C column, L&& low, H&& high) {
  return Between<C>(std::move(column), Stored<C>(std::forward<L>(low)),
                    Stored<C>(std::forward<H>(high)));
}
/// One of up to 100 values.
template <AnyColumn C>
[[nodiscard]] auto is_in(C column, std::vector<Stored<C>> values) {
  return IsIn<C>(std::move(column), std::move(values));
}
/// A text, or bytes.
template <AnyColumn C, ValueFor<C> V>
requires(std::same_as<Stored<C>, std::string> || std::same_as<Stored<C>, Binary>)
    [[nodiscard]] auto begins_with(C column, V&& prefix) {
  return BeginsWith<C>(std::move(column), Stored<C>(std::forward<V>(prefix)));
}
/// A part of a text.
template <AnyColumn C>
requires std::same_as<Stored<C>, std::string>
[[nodiscard]] auto contains(C column, std::string part) {
  return FunctionOf<C, std::string>("contains", std::move(column), std::move(part));
}
/// An element of a set or list.
template <AnyColumn C, std::convertible_to<typename Stored<C>::value_type> V>
requires(stator::sdk::SetValue<Stored<C>> || stator::sdk::ListValue<Stored<C>>)
    [[nodiscard]] auto contains(C column, V&& element) {
  using Element = typename Stored<C>::value_type;
  return FunctionOf<C, Element>("contains", std::move(column), Element(std::forward<V>(element)));
}
template <AnyColumn C>
[[nodiscard]] auto exists(C column) {
  return Existence<C, true>(std::move(column));
}
template <AnyColumn C>
[[nodiscard]] auto not_exists(C column) {
  return Existence<C, false>(std::move(column));
}
/// Whether the stored attribute is of the type that its member has.
template <AnyColumn C>
[[nodiscard]] auto has_own_type(C column) {
  return FunctionOf<C, std::string>("attribute_type", std::move(column),
                                    std::string(type_name<Stored<C>>()));
}
/// Whether the stored attribute is NULL.
template <AnyColumn C>
[[nodiscard]] auto is_null(C column) {
  return FunctionOf<C, std::string>("attribute_type", std::move(column), "NULL");
}
template <AnyCondition L, AnyCondition R>
[[nodiscard]] auto operator&&(L left, R right) {
  return Joined<L, R, true>(std::move(left), std::move(right));
}
template <AnyCondition L, AnyCondition R>
[[nodiscard]] auto operator||(L left, R right) {
  return Joined<L, R, false>(std::move(left), std::move(right));
}
template <AnyCondition C>
[[nodiscard]] auto operator!(C condition) {
  return Negated<C>(std::move(condition));
}

}  // namespace ddb
