#include "dynamodb/key_codec.hpp"

#include "base/check.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb {

namespace {

void append_big_endian(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}

/// floor(2^64 * part / whole) for part < whole.
std::uint64_t share_of_hashes(std::uint32_t part, std::uint32_t whole) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(part) << 64) / whole);
}

}  // namespace

std::string key_bytes(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  if (const auto* binary = value.get_if<Binary>()) return binary->bytes;
  const auto* number = value.get_if<Number>();
  STATOR_CHECK(number != nullptr);
  std::string bytes;
  number->append_sortable(bytes);
  return bytes;
}

std::uint64_t partition_hash(std::string_view partition_bytes) {
  // FNV-1a, then the finalizer of MurmurHash3, which spreads every bit over all.
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : partition_bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdu;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53u;
  return hash ^ (hash >> 33);
}

std::string table_prefix(TableId table) {
  std::string key;
  append_big_endian(key, table);
  return key;
}

std::string partition_prefix(TableId table, std::string_view partition_bytes) {
  std::string key;
  key.reserve(16 + partition_bytes.size() + 2 + 40);
  append_big_endian(key, table);
  append_big_endian(key, partition_hash(partition_bytes));
  storage::append_part(key, partition_bytes);
  return key;
}

std::string index_partition_prefix(TableId index, std::string_view parts) {
  std::string key;
  append_big_endian(key, index);
  append_big_endian(key, partition_hash(parts));
  return key.append(parts);
}

storage::Range table_range(TableId table) {
  return {table_prefix(table), table_prefix(table + 1)};
}

storage::Range segment_range(TableId table, std::uint32_t segment, std::uint32_t total) {
  STATOR_CHECK(segment < total);
  storage::Range range = table_range(table);
  append_big_endian(range.begin, share_of_hashes(segment, total));
  if (segment + 1 < total) {
    range.end = table_prefix(table);
    append_big_endian(range.end, share_of_hashes(segment + 1, total));
  }
  return range;
}

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace stator::dynamodb
