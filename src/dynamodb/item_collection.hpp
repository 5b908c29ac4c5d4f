#pragma once

#include <string>

#include "dynamodb/tables.hpp"

namespace stator::dynamodb {

/// What is walked at most to size a collection. A larger one is given the widest range.
inline constexpr std::size_t kCollectionBytesWalkedMax = 16u << 20;

/// Whether writes to the table can be asked for ItemCollectionMetrics: only local indexes make
/// collections.
[[nodiscard]] bool has_item_collections(const Table& table);

/// {"ItemCollectionKey":{...},"SizeEstimateRangeGB":[0.0,1.0]}: the collection of items and local
/// index entries that share the partition key of `key`, an item or its key. Tells the call what
/// must be durable before the answer may leave.
[[nodiscard]] Result<std::string> item_collection_metrics(Tables& tables, aws::Call& call,
                                                          const Table& table, const Map& key);

}  // namespace stator::dynamodb
