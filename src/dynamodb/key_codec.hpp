#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dynamodb/value.hpp"
#include "storage/store.hpp"

/// Where items lie in the store. A key is
///
///   table (8 bytes) | hash of the partition key (8) | partition key, escaped | sort key
///
/// so a partition's items are adjacent and sorted by sort key, a Scan meets partitions in the order
/// of a hash of their keys (as on AWS), and segments of a parallel Scan divide the hashes.
namespace stator::dynamodb {

/// Never used twice in a data directory, so a table made again never sees the old one's items.
using TableId = std::uint64_t;

/// The bytes of a key attribute, whose order is DynamoDB's: UTF-8 bytes of strings, unsigned bytes
/// of binaries, values of numbers. `value` must be S, N or B.
[[nodiscard]] std::string key_bytes(const Value& value);

/// 64 well-mixed bits. Part of the format on disk.
[[nodiscard]] std::uint64_t partition_hash(std::string_view partition_bytes);

/// What every key of a table begins with.
[[nodiscard]] std::string table_prefix(TableId table);
/// What every key of a partition begins with; the whole key in a table without a sort key. A 0x00
/// in the partition key becomes 0x00 0xff and 0x00 0x01 ends it, so no partition's prefix is a
/// prefix of another's.
[[nodiscard]] std::string partition_prefix(TableId table, std::string_view partition_bytes);

/// What every entry of an index's partition begins with. `parts` are the partition attributes, each
/// escaped.
[[nodiscard]] std::string index_partition_prefix(TableId index, std::string_view parts);

/// All keys of a table or index.
[[nodiscard]] storage::Range table_range(TableId table);
/// The keys of segment `segment` of `total`; the segments of a table are disjoint and cover it.
[[nodiscard]] storage::Range segment_range(TableId table, std::uint32_t segment,
                                           std::uint32_t total);

/// The first key after every key that begins with `prefix`; "" when there is none.
[[nodiscard]] std::string after_prefix(std::string prefix);
/// The first key after `key`.
[[nodiscard]] inline std::string after(std::string key) {
  key.push_back('\0');
  return key;
}

}  // namespace stator::dynamodb
