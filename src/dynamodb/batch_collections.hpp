#pragma once

#include <span>
#include <string>
#include <string_view>

#include "dynamodb/tables.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb {

/// A write of a request of several, for its ItemCollectionMetrics.
struct CollectionWrite {
  std::string_view table_name;  ///< as the request names it
  const Table* table;
  WriteAction action;
};

/// `"ItemCollectionMetrics":{"name":[{...}]}`: every collection that was written to, once. "" when
/// no table has collections. Tells the call what must be durable before the answer may leave.
[[nodiscard]] Result<std::string> item_collections(Tables& tables, aws::Call& call,
                                                   std::span<const CollectionWrite> writes);

}  // namespace stator::dynamodb
