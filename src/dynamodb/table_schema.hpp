#pragma once

#include <string_view>
#include <vector>

#include "dynamodb/table_request.hpp"

/// Judges the keys and indexes that requests ask of tables.
namespace stator::dynamodb {

inline constexpr std::size_t kLocalIndexesMax = 5;
inline constexpr std::size_t kGlobalIndexesMax = 20;
/// NonKeyAttributes of all indexes of a table together.
inline constexpr std::size_t kIncludedAttributesMax = 100;

/// Definitions in the order given; refuses a name that comes twice.
[[nodiscard]] Result<std::vector<KeyAttribute>> attribute_definitions(
    const std::vector<SchemaElement>& elements);

/// Refuses keys that have no definition.
[[nodiscard]] Result<void> check_defined(const std::vector<SchemaElement>& keys,
                                         const std::vector<KeyAttribute>& definitions);

/// Order and names of a key of one or two attributes: a table's or a local index's.
[[nodiscard]] Result<void> check_pair(const std::vector<SchemaElement>& keys);

/// What a local index's key must be beside the table's.
[[nodiscard]] Result<void> check_local(const IndexRequest& request, const KeyAttribute& partition);

struct IndexRules {
  bool is_global = false;
  bool is_on_demand = false;  ///< the table is
};
/// The index, without id. Its keys have definitions; that its provisioned throughput fits the
/// billing mode is the caller's to judge, since AWS's words differ.
[[nodiscard]] Result<Index> index_from_request(const IndexRequest& request,
                                               const std::vector<KeyAttribute>& definitions,
                                               const IndexRules& rules);

/// Refuses a table whose indexes include too many attributes by name.
[[nodiscard]] Result<void> check_included_count(const Table& table);

/// Whether the attribute is part of the table's key or of an index's.
[[nodiscard]] bool is_key_attribute(const Table& table, std::string_view name);

}  // namespace stator::dynamodb
