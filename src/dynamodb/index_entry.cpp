#include "dynamodb/index_entry.hpp"

#include "dynamodb/errors.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kTablePrefixBytes = 8;

/// Appends the escaped key attributes; false when the item lacks one of them.
bool append_attributes(const std::vector<KeyAttribute>& attributes, const EncodedItem& item,
                       std::string& out) {
  for (const KeyAttribute& attribute : attributes) {
    const auto value = item.find(attribute.name);
    if (!value || value->type() != attribute.type) return false;
    storage::append_part(out, key_bytes(value->decode()));
  }
  return true;
}

bool is_named(const std::vector<KeyAttribute>& attributes, std::string_view name) {
  for (const KeyAttribute& attribute : attributes) {
    if (attribute.name == name) return true;
  }
  return false;
}

bool is_projected(const Table& table, const Index& index, std::string_view name) {
  if (name == table.partition.name || (table.sort && name == table.sort->name)) return true;
  if (is_named(index.partition, name) || is_named(index.sort, name)) return true;
  if (index.projection.type != IndexProjection::Type::kInclude) return false;
  for (const std::string& included : index.projection.included) {
    if (included == name) return true;
  }
  return false;
}

std::string projected(const Table& table, const Index& index, const EncodedItem& item,
                      std::string_view item_bytes) {
  if (index.projection.type == IndexProjection::Type::kAll) return std::string(item_bytes);
  Item entry;
  item.as_map().for_each_member([&](std::string_view name, const EncodedValue& value) {
    if (is_projected(table, index, name)) entry.append(std::string(name), value.decode());
  });
  return encode_item(entry);
}

Result<void> check_key(const Index& index, const KeyAttribute& attribute, const Item& item) {
  const Value* value = item.find(attribute.name);
  if (value == nullptr) return {};
  if (value->type() != attribute.type) {
    return invalid_parameter("Type mismatch for Index Key " + attribute.name +
                             " Expected: " + std::string(to_string(attribute.type)) + " Actual: " +
                             std::string(to_string(value->type())) + " IndexName: " + index.name);
  }
  const auto* text = value->get_if<std::string>();
  const auto* binary = value->get_if<Binary>();
  if ((!text || !text->empty()) && (!binary || !binary->bytes.empty())) return {};
  return validation(
      "One or more parameter values are not valid. A value specified for a secondary index key is "
      "not supported. The AttributeValue for a key attribute cannot contain an empty " +
      std::string(text ? "string" : "binary") + " value. IndexName: " + index.name +
      ", IndexKey: " + attribute.name);
}

}  // namespace

std::optional<IndexEntry> index_entry(const Table& table, const Index& index,
                                      std::string_view item_key, const EncodedItem& item,
                                      std::string_view item_bytes) {
  std::string partition;
  std::string sort;
  if (!append_attributes(index.partition, item, partition)) return std::nullopt;
  if (!append_attributes(index.sort, item, sort)) return std::nullopt;
  IndexEntry entry;
  entry.key = index_partition_prefix(index.id, partition);
  entry.key.append(sort).append(item_key.substr(kTablePrefixBytes));
  entry.value = projected(table, index, item, item_bytes);
  return entry;
}

void add_index_entries(const ItemChange& change, storage::Batch& batch) {
  const auto entry_of = [&](const Index& index, const std::string& bytes) {
    return index_entry(*change.table, index, change.key, EncodedItem(bytes), bytes);
  };
  for (const Index& index : change.table->indexes) {
    if (index.status == Index::Status::kDeleting) continue;
    std::optional<IndexEntry> before;
    std::optional<IndexEntry> after;
    if (change.old_bytes) before = entry_of(index, *change.old_bytes);
    if (change.now.kind == NewItem::Kind::kPut) after = entry_of(index, change.now.bytes);
    const bool moves = before && (!after || after->key != before->key);
    if (moves) batch.erase(storage::Family::kIndex, before->key);
    // An index that is being filled may lack the old entry, so the new one is always written.
    const bool is_same = before && after && !moves && before->value == after->value &&
                         index.status == Index::Status::kActive;
    if (after && !is_same) {
      batch.put(storage::Family::kIndex, std::move(after->key), std::move(after->value));
    }
  }
}

Result<void> check_index_keys(const Table& table, const Item& item) {
  for (const Index& index : table.indexes) {
    if (index.status == Index::Status::kDeleting) continue;
    for (const KeyAttribute& attribute : index.partition) {
      STATOR_TRY_VOID(check_key(index, attribute, item));
    }
    for (const KeyAttribute& attribute : index.sort) {
      STATOR_TRY_VOID(check_key(index, attribute, item));
    }
  }
  return {};
}

}  // namespace stator::dynamodb
