#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/expr/key_condition.hpp"
#include "dynamodb/table.hpp"

/// What a WHERE clause says of the key: which partitions and ranges have to be read, or which one
/// item is meant.
namespace stator::dynamodb::partiql {

/// One partition, maybe narrowed by terms on the sort key that must all hold.
struct KeyedRead {
  expr::KeyTerm partition;
  std::vector<expr::KeyTerm> sort;
  /// Parts of the clause beside the terms above; none: the terms are all there is to it.
  std::vector<const expr::Node*> rest;
  /// A sort key under NOT or <>, which no range stands for.
  bool has_negated_sort = false;
  bool is_void = false;  ///< it names two partitions at once and so nothing
};

/// The key attributes of a table or index, one of each at most.
struct KeyAttributes {
  KeyAttribute partition;
  std::optional<KeyAttribute> sort;

  [[nodiscard]] static KeyAttributes of(const Table& table, const Index* index);
};

/// Whether the clause lets through only items whose partition key has one of some given values: a
/// SELECT that does reads partitions, any other scans.
[[nodiscard]] bool fixes_partition(const expr::Node& where, const KeyAttributes& keys);

/// The reads that a clause which fixes the partition comes to, void ones among them. AWS's error
/// where there are more than 50 or, if `checks_types`, a key is compared with another type's value.
[[nodiscard]] Result<std::vector<KeyedRead>> keyed_reads(const expr::Node& where,
                                                         const KeyAttributes& keys,
                                                         bool checks_types);

/// The key of the one item that a read means; nothing when it means more, or less.
[[nodiscard]] std::optional<Map> single_key(const std::vector<KeyedRead>& reads,
                                            const KeyAttributes& keys);

/// The clause of a write: the key of its item, and what must hold beside that.
struct WriteTarget {
  Map key;
  std::vector<const expr::Node*> rest;
  std::string conflict;  ///< a key attribute with two values, of which `key` has the first
};
/// Nothing when the clause does not fix every key attribute by an equality.
[[nodiscard]] std::optional<WriteTarget> write_target(const expr::Node& where,
                                                      const KeyAttributes& keys);

/// "Key attribute's data type should match its data type in table's schema: Key id"
[[nodiscard]] Error wrong_key_type(std::string_view attribute);

}  // namespace stator::dynamodb::partiql
