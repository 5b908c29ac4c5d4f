#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/table.hpp"

/// From the key attributes of requests and items to keys of the store.
namespace stator::dynamodb {

/// The store's key for a request's Key: exactly the table's key attributes, of their types.
[[nodiscard]] Result<std::string> key_of_request(const Table& table, const Map& key);

/// The store's key of an item that is being put.
[[nodiscard]] Result<std::string> key_of_item(const Table& table, const Item& item);

/// The store's key of the item whose key attributes `item` has: the item itself, or an index entry.
[[nodiscard]] std::string key_of_stored(const Table& table, const EncodedItem& item);

/// What a table or an index is ordered by.
struct KeySchema {
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
  std::string index = {};  ///< its name; "" for the table itself
};
/// Of the table itself when `index` is null.
[[nodiscard]] KeySchema key_schema(const Table& table, const Index* index);

/// Refuses a value that no key attribute can have: empty, or longer than keys are.
enum class KeyPart { kPartition, kSort };
[[nodiscard]] Result<void> check_key_value(const KeySchema& schema, KeyPart part,
                                           const KeyAttribute& attribute, const Value& value);

/// The key in Family::kItems or Family::kIndex that an ExclusiveStartKey names: exactly the key
/// attributes of the table and the index. AWS's words differ between Query and Scan.
enum class Reading { kQuery, kScan };
[[nodiscard]] Result<std::string> start_key(const Table& table, const Index* index,
                                            const Map& start, Reading reading);

/// Appends the key attributes of a stored item or index entry: {"id":{"S":"1"}}. Those of the index
/// too, when there is one.
void append_key_json(const Table& table, const Index* index, const EncodedItem& item,
                     std::string& out);

}  // namespace stator::dynamodb
