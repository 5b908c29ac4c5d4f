#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ddb/codec.hpp"
#include "ddb/schema.hpp"

namespace ddb {

/// The placeholders that the expressions of one request share: #0, #1 ... for names, each once, and
/// :0, :1 ... for values. Every name and value of a program goes through them, so that no text of
/// a user's can become part of an expression.
class Placeholders {
 public:
  void name(std::string& out, std::string_view attribute) {
    std::size_t index = 0;
    while (index < names_.size() && names_[index] != attribute) ++index;
    if (index == names_.size()) names_.push_back(attribute);
    out += '#';
    out += stator::sdk::number_text(index);
  }

  template <class V>
  void value(std::string& out, const V& value) {
    if (values_count_ == 0) values_.begin_object();
    const std::string placeholder = ":" + stator::sdk::number_text(values_count_++);
    out += placeholder;
    values_.key(placeholder);
    encode(values_, value);
  }

  /// The request's ExpressionAttributeNames and -Values, where there are any. Call it once.
  void write(JsonWriter& request) {
    if (!names_.empty()) {
      request.key("ExpressionAttributeNames");
      request.begin_object();
      for (std::size_t i = 0; i < names_.size(); ++i) {
        request.member("#" + stator::sdk::number_text(i), names_[i]);
      }
      request.end_object();
    }
    if (values_count_ == 0) return;
    values_.end_object();
    request.raw_member("ExpressionAttributeValues", values_.text());
  }

  /// Whether a value held text that is not UTF-8.
  [[nodiscard]] bool has_replaced() const { return values_.has_replaced(); }

 private:
  std::vector<std::string_view> names_;  // of schemas, which live for ever
  JsonWriter values_;
  std::size_t values_count_ = 0;
};

/// An attribute in an expression: a member, or a member of a nested struct.
template <auto First, auto... Rest>
struct Column {
  using Model = detail::OwnerOf<First>;

  static void write(Placeholders& placeholders, std::string& out) {
    placeholders.name(out, attribute_name<First>());
    ((out += '.', placeholders.name(out, attribute_name<Rest>())), ...);
  }
  [[nodiscard]] static consteval bool is_key() {
    return sizeof...(Rest) == 0 && ddb::Model<Model>::is_key(attribute_name<First>());
  }
  [[nodiscard]] static consteval bool is_version() {
    return sizeof...(Rest) == 0 && ddb::Model<Model>::is_version(attribute_name<First>());
  }
};

/// constexpr auto total = ddb::col<&Order::total>;  constexpr auto zip = ddb::col<&Order::to,
/// &Address::zip>;
template <auto... Path>
inline constexpr Column<Path...> col{};

namespace detail {

template <class C>
inline constexpr bool is_column = false;
template <auto... Path>
inline constexpr bool is_column<Column<Path...>> = true;

template <class C>
struct ColumnValue;
template <auto... Path>
struct ColumnValue<Column<Path...>> {
  using Values = std::tuple<ValueOf<Path>...>;
  using type = stator::sdk::Plain<std::tuple_element_t<sizeof...(Path) - 1, Values>>;
};

}  // namespace detail

template <class C>
concept AnyColumn = detail::is_column<C>;
/// What a column holds, without its std::optional.
template <AnyColumn C>
using Stored = typename detail::ColumnValue<C>::type;
/// A value that can be compared with a column.
template <class V, class C>
concept ValueFor = detail::FitsIn<V, Stored<C>>;

/// Conditions are small types that hold their values and write themselves; `&&`, `||` and `!` join
/// them. Which attribute and which comparison are in the type, so that query() can check them.
struct Condition {};
template <class C>
concept AnyCondition = std::derived_from<C, Condition>;

enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

template <AnyColumn C, Comparison Op>
struct Compare : Condition {
  using Model = typename C::Model;
  Stored<C> value;

  explicit Compare(Stored<C> right) : value(std::move(right)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    constexpr std::string_view kSigns[] = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
    C::write(placeholders, out);
    out += kSigns[static_cast<int>(Op)];
    placeholders.value(out, value);
  }
};

template <AnyColumn C>
struct Between : Condition {
  using Model = typename C::Model;
  Stored<C> low, high;

  Between(Stored<C> from, Stored<C> to) : low(std::move(from)), high(std::move(to)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    C::write(placeholders, out);
    out += " BETWEEN ";
    placeholders.value(out, low);
    out += " AND ";
    placeholders.value(out, high);
  }
};

/// function(attribute, value): begins_with and contains.
template <AnyColumn C, class V>
struct FunctionOf : Condition {
  using Model = typename C::Model;
  std::string_view function;
  V value;

  FunctionOf(std::string_view called, V with) : function(called), value(std::move(with)) {}
  void write(Placeholders& placeholders, std::string& out) const {
    out += function;
    out += '(';
    C::write(placeholders, out);
    out += ", ";
    placeholders.value(out, value);
    out += ')';
  }
};

template <AnyColumn C>
struct BeginsWith : FunctionOf<C, std::string> {
  explicit BeginsWith(std::string prefix)
      : FunctionOf<C, std::string>("begins_with", std::move(prefix)) {}
};

template <AnyColumn C, bool Exists>
struct Existence : Condition {
  using Model = typename C::Model;
  void write(Placeholders& placeholders, std::string& out) const {
    out += Exists ? "attribute_exists(" : "attribute_not_exists(";
    C::write(placeholders, out);
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

template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto operator==(C, V&& value) {
  return Compare<C, Comparison::kEqual>(Stored<C>(std::forward<V>(value)));
}
template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto operator!=(C, V&& value) {
  return Compare<C, Comparison::kNotEqual>(Stored<C>(std::forward<V>(value)));
}
template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto operator<(C, V&& value) {
  return Compare<C, Comparison::kLess>(Stored<C>(std::forward<V>(value)));
}
template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto operator<=(C, V&& value) {
  return Compare<C, Comparison::kLessOrEqual>(Stored<C>(std::forward<V>(value)));
}
template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto operator>(C, V&& value) {
  return Compare<C, Comparison::kGreater>(Stored<C>(std::forward<V>(value)));
}
template <AnyColumn C, ValueFor<C> V>
[[nodiscard]] auto operator>=(C, V&& value) {
  return Compare<C, Comparison::kGreaterOrEqual>(Stored<C>(std::forward<V>(value)));
}
template <AnyColumn C, ValueFor<C> L, ValueFor<C> H>
[[nodiscard]] auto between(C, L&& low, H&& high) {
  return Between<C>(Stored<C>(std::forward<L>(low)), Stored<C>(std::forward<H>(high)));
}
template <AnyColumn C>
requires std::same_as<Stored<C>, std::string>
[[nodiscard]] auto begins_with(C, std::string prefix) {
  return BeginsWith<C>(std::move(prefix));
}
/// A part of a text.
template <AnyColumn C>
requires std::same_as<Stored<C>, std::string>
[[nodiscard]] auto contains(C, std::string part) {
  return FunctionOf<C, std::string>("contains", std::move(part));
}
/// An element of a set or list.
template <AnyColumn C, std::convertible_to<typename Stored<C>::value_type> V>
requires(stator::sdk::SetValue<Stored<C>> || stator::sdk::ListValue<Stored<C>>)
    [[nodiscard]] auto contains(C, V&& element) {
  using Element = typename Stored<C>::value_type;
  return FunctionOf<C, Element>("contains", Element(std::forward<V>(element)));
}
template <AnyColumn C>
[[nodiscard]] auto exists(C) {
  return Existence<C, true>();
}
template <AnyColumn C>
[[nodiscard]] auto not_exists(C) {
  return Existence<C, false>();
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

namespace detail {

template <class C, class T>
inline constexpr bool is_hash = false;
template <auto Member, class T>
inline constexpr bool is_hash<Column<Member>, T> =
    attribute_name<Member>() == attribute_name<std::get<0>(Model<T>::hash_members)>();
template <class C, class T>
inline constexpr bool is_range = false;
template <auto Member, class T>
inline constexpr bool is_range<Column<Member>, T> =
    !is_hash<Column<Member>, T> && Model<T>::is_key(attribute_name<Member>());

template <class C, class T>
inline constexpr bool is_hash_condition = false;
template <class C, class T>
inline constexpr bool is_hash_condition<Compare<C, Comparison::kEqual>, T> = is_hash<C, T>;
template <class C, class T>
inline constexpr bool is_range_condition = false;
template <class C, Comparison Op, class T>
inline constexpr bool is_range_condition<Compare<C, Op>, T> =
    is_range<C, T>&& Op != Comparison::kNotEqual;
template <class C, class T>
inline constexpr bool is_range_condition<Between<C>, T> = is_range<C, T>;
template <class C, class T>
inline constexpr bool is_range_condition<BeginsWith<C>, T> = is_range<C, T>;

/// hash == value, optionally && one condition on the range key.
template <class C, class T>
inline constexpr bool is_key_condition = is_hash_condition<C, T>;
template <class L, class R, class T>
inline constexpr bool is_key_condition<Joined<L, R, true>, T> =
    is_hash_condition<L, T>&& is_range_condition<R, T>;

}  // namespace detail

}  // namespace ddb
