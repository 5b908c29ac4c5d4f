#include "dynamodb/ttl.hpp"

#include <charconv>

#include "base/check.hpp"
#include "dynamodb/key_codec.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kPrefixBytes = 16;

std::optional<std::uint64_t> expiry_of_bytes(const TimeToLive& ttl, const std::string& bytes) {
  return expiry_of(ttl, EncodedItem(bytes));
}

}  // namespace

std::optional<std::uint64_t> expiry_of(const TimeToLive& ttl, const EncodedItem& item) {
  const auto encoded = item.find(ttl.attribute);
  if (!encoded || encoded->type() != Type::kN) return std::nullopt;
  const Value value = encoded->decode();
  const std::string text = value.get_if<Number>()->to_string();
  std::uint64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || at != end) return std::nullopt;
  return seconds;
}

std::string expiry_key(TableId ttl, std::uint64_t expiry, std::string_view item_key) {
  // Two numbers as big-endian bytes, which is what a table's prefix is.
  std::string key = table_prefix(ttl) + table_prefix(expiry);
  return key.append(item_key.substr(kIdBytes));
}

ExpiryEntry expiry_entry(const Table& table, std::string_view entry_key) {
  STATOR_CHECK(entry_key.size() >= kPrefixBytes);
  ExpiryEntry entry;
  for (const char c : entry_key.substr(kIdBytes, kIdBytes)) {
    entry.expiry = entry.expiry << 8 | static_cast<unsigned char>(c);
  }
  entry.item_key = table_prefix(table.id).append(entry_key.substr(kPrefixBytes));
  return entry;
}

void add_expiry_entries(const ItemChange& change, storage::Batch& batch) {
  if (!change.table->ttl) return;
  const TimeToLive& ttl = *change.table->ttl;
  std::optional<std::uint64_t> before;
  std::optional<std::uint64_t> after;
  if (change.old_bytes) before = expiry_of_bytes(ttl, *change.old_bytes);
  if (change.now.kind == NewItem::Kind::kPut) after = expiry_of_bytes(ttl, change.now.bytes);
  // While older items get their entries, the one of this item may be missing.
  if (before == after && ttl.is_filled) return;
  if (before && before != after) {
    batch.erase(storage::Family::kTtl, expiry_key(ttl.id, *before, change.key));
  }
  if (after) batch.put(storage::Family::kTtl, expiry_key(ttl.id, *after, change.key), {});
}

}  // namespace stator::dynamodb
