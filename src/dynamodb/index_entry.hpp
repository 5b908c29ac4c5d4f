#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dynamodb/commit.hpp"
#include "dynamodb/table.hpp"

/// Where the entries of secondary indexes lie in Family::kIndex. A key is
///
///   index (8 bytes) | hash of the partition attributes (8) | each partition attribute, escaped |
///   each sort attribute, escaped | the item's own key without its table
///
/// and its value is an encoded item of the projected attributes, keys of table and index included.
/// An item that lacks an attribute of the index's key, or has it with another type, empty or too
/// long, has no entry.
namespace stator::dynamodb {

struct IndexEntry {
  std::string key;
  std::string value;
};

/// The entry of the item that lies at `item_key`; nothing when it has none.
[[nodiscard]] std::optional<IndexEntry> index_entry(const Table& table, const Index& index,
                                                    std::string_view item_key,
                                                    const EncodedItem& item,
                                                    std::string_view item_bytes);

/// The index's entries whose partition attributes and first sort attributes have these values begin
/// with this.
[[nodiscard]] std::string index_prefix(const Index& index, std::span<const Value* const> partition,
                                       std::span<const Value* const> sort);

/// Whether entries carry the attribute, wherever items have it.
[[nodiscard]] bool projects(const Table& table, const Index& index, std::string_view attribute);

/// Calls `visit` for each index that is not being deleted, with the item's entry before and after
/// the change; nothing where it has none.
void for_each_index(const ItemChange& change,
                    const std::function<void(const Index&, std::optional<IndexEntry> before,
                                             std::optional<IndexEntry> after)>& visit);

/// Takes the entries of the old item out and puts those of the new one in, for every index of the
/// table that is not being deleted.
void add_index_entries(const ItemChange& change, storage::Batch& batch);

/// Refuses an item whose index key attributes are of the wrong type, empty or too long. AWS's words
/// for an empty one depend on whether the item is put or updated.
enum class KeySource { kPut, kUpdate };
[[nodiscard]] Result<void> check_index_keys(const Table& table, const Item& item,
                                            KeySource source = KeySource::kPut);

}  // namespace stator::dynamodb
