#pragma once

#include <string>

#include "base/result.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/table.hpp"

/// From the key attributes of requests and items to keys of the store.
namespace stator::dynamodb {

/// The store's key for a request's Key: exactly the table's key attributes, of their types.
[[nodiscard]] Result<std::string> key_of_request(const Table& table, const Map& key);

/// The store's key of an item that is being put.
[[nodiscard]] Result<std::string> key_of_item(const Table& table, const Item& item);

/// Appends the key attributes of a stored item: {"id":{"S":"1"}}.
void append_key_json(const Table& table, const EncodedItem& item, std::string& out);

}  // namespace stator::dynamodb
