#include "dynamodb/index_entry.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kTablePrefixBytes = 8;

/// Bytes of all attributes of one part of an index's key, as in a table's key.
constexpr std::size_t kPartitionBytesMax = 2'048;
constexpr std::size_t kSortBytesMax = 1'024;

/// Appends the escaped key attributes; false when the item has no proper value for one of them.
bool append_attributes(const std::vector<KeyAttribute>& attributes, const EncodedItem& item,
                       std::size_t bytes_max, std::string& out) {
  std::size_t size = 0;
  for (const KeyAttribute& attribute : attributes) {
    const auto value = item.find(attribute.name);
    if (!value || value->type() != attribute.type) return false;
    const std::string bytes = key_bytes(value->decode());
    size += bytes.size();
    if (bytes.empty() || size > bytes_max) return false;
    storage::append_part(out, bytes);
  }
  return true;
}

bool is_named(const std::vector<KeyAttribute>& attributes, std::string_view name) {
  for (const KeyAttribute& attribute : attributes) {
    if (attribute.name == name) return true;
  }
  return false;
}

std::string projected(const Table& table, const Index& index, const EncodedItem& item,
                      std::string_view item_bytes) {
  if (index.projection.type == IndexProjection::Type::kAll) return std::string(item_bytes);
  Item entry;
  item.as_map().for_each_member([&](std::string_view name, const EncodedValue& value) {
    if (projects(table, index, name)) entry.append(std::string(name), value.decode());
  });
  return encode_item(entry);
}

Error empty_key(const Index& index, const std::string& attribute, std::string_view type,
                KeySource source) {
  if (source == KeySource::kUpdate) {
    return validation(
        "One or more parameter values are not valid. The update expression attempted to update a "
        "secondary index key to a value that is not supported. The AttributeValue for a key "
        "attribute cannot contain an empty " +
        std::string(type) + " value.");
  }
  return validation(
      "One or more parameter values are not valid. A value specified for a secondary index key is "
      "not supported. The AttributeValue for a key attribute cannot contain an empty " +
      std::string(type) + " value. IndexName: " + index.name + ", IndexKey: " + attribute);
}

/// Judges one part of an index's key and adds up its bytes.
Result<std::size_t> check_part(const Index& index, const std::vector<KeyAttribute>& attributes,
                               const Item& item, KeySource source) {
  std::size_t size = 0;
  for (const KeyAttribute& attribute : attributes) {
    const Value* value = item.find(attribute.name);
    if (value == nullptr) continue;
    if (value->type() != attribute.type) {
      return invalid_parameter("Type mismatch for Index Key " + attribute.name +
                               " Expected: " + std::string(to_string(attribute.type)) +
                               " Actual: " + std::string(to_string(value->type())) +
                               " IndexName: " + index.name);
    }
    const auto* text = value->get_if<std::string>();
    const auto* binary = value->get_if<Binary>();
    if (text && text->empty()) return empty_key(index, attribute.name, "string", source);
    if (binary && binary->bytes.empty()) return empty_key(index, attribute.name, "binary", source);
    size += text ? text->size() : binary ? binary->bytes.size() : key_bytes(*value).size();
  }
  return size;
}

}  // namespace

std::optional<IndexEntry> index_entry(const Table& table, const Index& index,
                                      std::string_view item_key, const EncodedItem& item,
                                      std::string_view item_bytes) {
  std::string partition;
  std::string sort;
  const auto is_indexed = [&] {
    return append_attributes(index.partition, item, kPartitionBytesMax, partition) &&
           append_attributes(index.sort, item, kSortBytesMax, sort);
  };
  if (!is_indexed()) return std::nullopt;
  IndexEntry entry;
  entry.key = index_partition_prefix(index.id, partition);
  entry.key.append(sort).append(item_key.substr(kTablePrefixBytes));
  entry.value = projected(table, index, item, item_bytes);
  return entry;
}

std::string index_prefix(const Index& index, std::span<const Value* const> partition,
                         std::span<const Value* const> sort) {
  std::string parts;
  for (const Value* value : partition) storage::append_part(parts, key_bytes(*value));
  std::string prefix = index_partition_prefix(index.id, parts);
  for (const Value* value : sort) storage::append_part(prefix, key_bytes(*value));
  return prefix;
}

bool projects(const Table& table, const Index& index, std::string_view attribute) {
  if (index.projection.type == IndexProjection::Type::kAll) return true;
  if (attribute == table.partition.name) return true;
  if (table.sort && attribute == table.sort->name) return true;
  if (is_named(index.partition, attribute) || is_named(index.sort, attribute)) return true;
  const auto& included = index.projection.included;
  return std::find(included.begin(), included.end(), attribute) != included.end();
}

void for_each_index(const ItemChange& change,
                    const std::function<void(const Index&, std::optional<IndexEntry> before,
                                             std::optional<IndexEntry> after)>& visit) {
  const auto entry_of = [&](const Index& index, const std::string& bytes) {
    return index_entry(*change.table, index, change.key, EncodedItem(bytes), bytes);
  };
  for (const Index& index : change.table->indexes) {
    if (index.status == Index::Status::kDeleting) continue;
    std::optional<IndexEntry> before;
    std::optional<IndexEntry> after;
    if (change.old_bytes) before = entry_of(index, *change.old_bytes);
    if (change.now.kind == NewItem::Kind::kPut) after = entry_of(index, change.now.bytes);
    visit(index, std::move(before), std::move(after));
  }
}

void add_index_entries(const ItemChange& change, storage::Batch& batch) {
  for_each_index(change, [&](const Index& index, std::optional<IndexEntry> before,
                             std::optional<IndexEntry> after) {
    const bool moves = before && (!after || after->key != before->key);
    if (moves) batch.erase(storage::Family::kIndex, before->key);
    // An index that is being filled may lack the old entry, so the new one is always written.
    const bool is_same = before && after && !moves && before->value == after->value &&
                         index.status == Index::Status::kActive;
    if (after && !is_same) {
      batch.put(storage::Family::kIndex, std::move(after->key), std::move(after->value));
    }
  });
}

Result<void> check_index_keys(const Table& table, const Item& item, KeySource source) {
  for (const Index& index : table.indexes) {
    if (index.status == Index::Status::kDeleting) continue;
    STATOR_TRY(const auto partition_size, check_part(index, index.partition, item, source));
    STATOR_TRY(const auto sort_size, check_part(index, index.sort, item, source));
    if (partition_size > kPartitionBytesMax) {
      return invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes");
    }
    if (sort_size > kSortBytesMax) {
      return invalid_parameter(
          "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
    }
  }
  return {};
}

}  // namespace stator::dynamodb
