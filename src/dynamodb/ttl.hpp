#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dynamodb/commit.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/table.hpp"

/// When items expire, and the entries by which expired ones are found. A key in Family::kTtl is
///
///   time to live (8 bytes) | expiry in seconds (8) | the item's own key without its table
///
/// and has no value.
namespace stator::dynamodb {

/// The second at which the item expires; nothing when it never does: without the attribute, or when
/// that is not a whole number of seconds.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
[[nodiscard]] std::optional<std::uint64_t> expiry_of(const TimeToLive& ttl,
                                                     const EncodedItem& item);

[[nodiscard]] std::string expiry_key(TableId ttl, std::uint64_t expiry, std::string_view item_key);

/// What an entry's key says.
struct ExpiryEntry {
  std::uint64_t expiry = 0;
  std::string item_key;
};
[[nodiscard]] ExpiryEntry expiry_entry(const Table& table, std::string_view entry_key);

/// Moves the entry of a changed item, if its table has a time to live.
void add_expiry_entries(const ItemChange& change, storage::Batch& batch);

}  // namespace stator::dynamodb
