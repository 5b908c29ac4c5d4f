#pragma once

#include <string>
#include <string_view>

#include "ddb/condition.hpp"

/// Which conditions a query can be made of, and how they are written.
namespace ddb::detail {

enum class KeyRole { kNone, kEqual, kInequality };

/// One side of the &&s: which attribute it is about and what it says of it.
template <class C>
struct KeyLeaf {
  static constexpr std::string_view name{};
  static constexpr KeyRole role = KeyRole::kNone;
};
template <auto Member, Comparison Op>
struct KeyLeaf<Compare<Column<Member>, Op>> {
  static constexpr std::string_view name = attribute_name<Member>();
  static constexpr KeyRole role = Op == Comparison::kEqual      ? KeyRole::kEqual
                                  : Op == Comparison::kNotEqual ? KeyRole::kNone
                                                                : KeyRole::kInequality;
};
template <auto Member>
struct KeyLeaf<Between<Column<Member>>> {
  static constexpr std::string_view name = attribute_name<Member>();
  static constexpr KeyRole role = KeyRole::kInequality;
};
template <auto Member>
struct KeyLeaf<BeginsWith<Column<Member>>> : KeyLeaf<Between<Column<Member>>> {};

template <class C>
struct KeyLeaves {
  using type = Types<KeyLeaf<C>>;
};
template <class L, class R>
struct KeyLeaves<Joined<L, R, true>> {
  using type = decltype(typename KeyLeaves<L>::type{} + typename KeyLeaves<R>::type{});
};

/// What the condition says of one attribute; kNone for nothing, or for more than one thing.
template <class... Leaves>
consteval KeyRole role_of(std::string_view attribute, Types<Leaves...>) {
  KeyRole role = KeyRole::kNone;
  int found = 0;
  ((Leaves::name == attribute ? (role = Leaves::role, ++found) : 0), ...);
  return found == 1 ? role : KeyRole::kNone;
}

/// Every hash attribute equal; of the range attributes, in their order, equal ones and at last
/// one inequality, or fewer. Nothing besides.
template <class C, class Keys>
consteval bool is_key_condition() {
  using Leaves = typename KeyLeaves<C>::type;
  std::size_t used = 0;
  bool good = true;
  bool more = true;
  each(typename Keys::Hashes{}, [&]<class K>() {
    good = good && role_of(K::name, Leaves{}) == KeyRole::kEqual;
    ++used;
  });
  each(typename Keys::Ranges{}, [&]<class K>() {
    const KeyRole role = role_of(K::name, Leaves{});
    if (role == KeyRole::kNone) {
      more = false;
      return;
    }
    good = good && more;
    more = role == KeyRole::kEqual;
    ++used;
  });
  return good && used == Leaves::size;
}

/// A key condition is joined without parentheses, which DynamoDB refuses around it.
template <class C>
void write_key_condition(const C& condition, Placeholders& placeholders, std::string& out) {
  condition.write(placeholders, out);
}
template <class L, class R>
void write_key_condition(const Joined<L, R, true>& both, Placeholders& placeholders,
                         std::string& out) {
  write_key_condition(both.left, placeholders, out);
  out += " AND ";
  write_key_condition(both.right, placeholders, out);
}

}  // namespace ddb::detail
