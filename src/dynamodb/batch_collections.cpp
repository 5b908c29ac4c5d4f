#include "dynamodb/batch_collections.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "base/check.hpp"
#include "base/strings.hpp"
#include "dynamodb/item_collection.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

Result<std::string> item_collections(Tables& tables, aws::Call& call,
                                     std::span<const CollectionWrite> writes) {
  std::vector<std::pair<std::string_view, std::vector<std::string>>> found;
  std::set<std::string> seen;
  for (const CollectionWrite& write : writes) {
    if (write.action.kind == WriteAction::Kind::kCheck) continue;
    if (!has_item_collections(*write.table)) continue;
    const Map& key = write.action.item ? *write.action.item : *write.action.key;
    const Value* partition = key.find(write.table->partition.name);
    STATOR_CHECK(partition != nullptr);
    if (!seen.insert(partition_prefix(write.table->id, key_bytes(*partition))).second) continue;
    STATOR_TRY(auto metrics, item_collection_metrics(tables, call, *write.table, key));
    const auto of_table = std::find_if(found.begin(), found.end(), [&](const auto& entry) {
      return entry.first == write.table_name;
    });
    if (of_table == found.end()) {
      found.push_back({write.table_name, {std::move(metrics)}});
    } else {
      of_table->second.push_back(std::move(metrics));
    }
  }
  std::string out;
  if (found.empty()) return out;
  out.append("\"ItemCollectionMetrics\":");
  {
    JsonList list(out, '{', '}');
    for (const auto& [name, metrics] : found) {
      list.next_member(name);
      out.append("[").append(join(metrics, ",")).append("]");
    }
  }
  return out;
}

}  // namespace stator::dynamodb
