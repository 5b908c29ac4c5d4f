#include "dynamodb/item_collection.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "dynamodb/index_entry.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

constexpr std::size_t kGigabyte = 1u << 30;
/// AWS's own bound on a collection.
constexpr std::size_t kCollectionGigabytesMax = 10;

/// Adds the sizes of what begins with `prefix` until there is more than is walked.
Result<void> add_sizes(const storage::Store& store, const storage::Snapshot& snapshot,
                       Family family, const std::string& prefix, std::size_t& size) {
  const auto entries = store.iterate(family, {prefix, after_prefix(prefix)}, &snapshot);
  for (entries->seek_first(); entries->valid() && size <= kCollectionBytesWalkedMax;
       entries->next()) {
    size += EncodedItem(entries->value()).size_bytes();
  }
  return entries->status();
}

}  // namespace

bool has_item_collections(const Table& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [](const Index& index) { return !index.is_global; });
}

Result<std::string> item_collection_metrics(Tables& tables, aws::Call& call, const Table& table,
                                            const Map& key) {
  const Value* partition = key.find(table.partition.name);
  STATOR_CHECK(partition != nullptr);
  const auto snapshot = tables.store().snapshot();
  call.durable_after = std::max(call.durable_after.value_or(0), snapshot->sequence());
  std::size_t size = 0;
  STATOR_TRY_VOID(add_sizes(tables.store(), *snapshot, Family::kItems,
                            partition_prefix(table.id, key_bytes(*partition)), size));
  for (const Index& index : table.indexes) {
    if (index.is_global) continue;
    STATOR_TRY_VOID(add_sizes(tables.store(), *snapshot, Family::kIndex,
                              index_prefix(index, {&partition, 1}, {}), size));
  }
  const bool is_walked = size <= kCollectionBytesWalkedMax;
  const std::size_t low = is_walked ? size / kGigabyte : 0;
  const std::size_t high = is_walked ? low + 1 : kCollectionGigabytesMax;
  std::string out = "{\"ItemCollectionKey\":{";
  append_json_string(out, table.partition.name);
  out.push_back(':');
  append_json(out, *partition);
  out.append("},\"SizeEstimateRangeGB\":[").append(std::to_string(low)).append(".0,");
  out.append(std::to_string(high)).append(".0]}");
  return out;
}

}  // namespace stator::dynamodb
