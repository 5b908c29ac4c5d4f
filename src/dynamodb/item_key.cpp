#include "dynamodb/item_key.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/index_entry.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kPartitionKeyBytesMax = 2'048;
constexpr std::size_t kSortKeyBytesMax = 1'024;
/// What every key in Family::kItems begins with and no key in Family::kIndex repeats.
constexpr std::size_t kTablePrefixBytes = 8;

Error schema_mismatch() {
  return validation("The provided key element does not match the schema");
}

/// `index` is the name of the index whose key it is, "" for the table's.
Result<void> check_not_empty(const KeyAttribute& attribute, const Value& value,
                             const std::string& index = {}) {
  const auto* text = value.get_if<std::string>();
  const auto* binary = value.get_if<Binary>();
  if ((!text || !text->empty()) && (!binary || !binary->bytes.empty())) return {};
  const std::string empty = "The AttributeValue for a key attribute cannot contain an empty " +
                            std::string(text ? "string" : "binary") + " value. ";
  if (index.empty()) {
    return validation("One or more parameter values are not valid. " + empty +
                      "Key: " + attribute.name);
  }
  return validation(
      "One or more parameter values are not valid. A value specified for a secondary index key is "
      "not supported. " +
      empty + "IndexName: " + index + ", IndexKey: " + attribute.name);
}

Result<void> check_length(KeyPart part, std::size_t size) {
  if (part == KeyPart::kPartition && size > kPartitionKeyBytesMax) {
    return invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (part == KeyPart::kSort && size > kSortKeyBytesMax) {
    return invalid_parameter(
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
  return {};
}

/// `partition` and `sort` have the right types; `sort` is null in a table without sort key.
Result<std::string> join_key(const Table& table, const Value& partition, const Value* sort) {
  STATOR_TRY_VOID(check_not_empty(table.partition, partition));
  if (sort) STATOR_TRY_VOID(check_not_empty(*table.sort, *sort));
  const std::string partition_bytes = key_bytes(partition);
  STATOR_TRY_VOID(check_length(KeyPart::kPartition, partition_bytes.size()));
  std::string key = partition_prefix(table.id, partition_bytes);
  if (!sort) return key;
  const std::string sort_bytes = key_bytes(*sort);
  STATOR_TRY_VOID(check_length(KeyPart::kSort, sort_bytes.size()));
  key.append(sort_bytes);
  return key;
}

Result<const Value*> item_attribute(const KeyAttribute& attribute, const Item& item) {
  const Value* value = item.find(attribute.name);
  if (!value) return invalid_parameter("Missing the key " + attribute.name + " in the item");
  if (value->type() == attribute.type) return value;
  return invalid_parameter("Type mismatch for key " + attribute.name +
                           " expected: " + std::string(to_string(attribute.type)) +
                           " actual: " + std::string(to_string(value->type())));
}

/// The key attributes of table and index, each once.
std::vector<KeyAttribute> all_keys(const Table& table, const Index* index) {
  const KeySchema schema = key_schema(table, nullptr);
  std::vector<KeyAttribute> all = schema.partition;
  const auto add = [&](const std::vector<KeyAttribute>& attributes) {
    for (const KeyAttribute& attribute : attributes) {
      if (std::find(all.begin(), all.end(), attribute) == all.end()) all.push_back(attribute);
    }
  };
  add(schema.sort);
  if (index) add(index->partition);
  if (index) add(index->sort);
  return all;
}

/// The table's key attributes out of those of table and index.
Map table_part(const Table& table, const Map& start) {
  Map part;
  const auto take = [&](const KeyAttribute& attribute) {
    if (const Value* value = start.find(attribute.name)) part.set(attribute.name, *value);
  };
  take(table.partition);
  if (table.sort) take(*table.sort);
  return part;
}

Result<void> take_values(const std::vector<KeyAttribute>& attributes, const Map& start,
                         std::vector<const Value*>& out) {
  for (const KeyAttribute& attribute : attributes) {
    const Value* value = start.find(attribute.name);
    if (value->type() != attribute.type) return schema_mismatch();
    STATOR_TRY_VOID(check_not_empty(attribute, *value));
    out.push_back(value);
  }
  return {};
}

}  // namespace

Result<std::string> key_of_request(const Table& table, const Map& key) {
  if (key.size() != (table.sort ? 2u : 1u)) return schema_mismatch();
  const Value* partition = key.find(table.partition.name);
  if (!partition || partition->type() != table.partition.type) return schema_mismatch();
  const Value* sort = table.sort ? key.find(table.sort->name) : nullptr;
  if (table.sort && (!sort || sort->type() != table.sort->type)) return schema_mismatch();
  return join_key(table, *partition, sort);
}

Result<std::string> key_of_item(const Table& table, const Item& item) {
  STATOR_TRY(const auto partition, item_attribute(table.partition, item));
  if (!table.sort) return join_key(table, *partition, nullptr);
  STATOR_TRY(const auto sort, item_attribute(*table.sort, item));
  return join_key(table, *partition, sort);
}

std::string key_of_stored(const Table& table, const EncodedItem& item) {
  const auto bytes_of = [&](const KeyAttribute& attribute) {
    const auto value = item.find(attribute.name);
    STATOR_CHECK(value && value->type() == attribute.type);
    return key_bytes(value->decode());
  };
  std::string key = partition_prefix(table.id, bytes_of(table.partition));
  if (table.sort) key.append(bytes_of(*table.sort));
  return key;
}

KeySchema key_schema(const Table& table, const Index* index) {
  if (index) return {index->partition, index->sort, index->name};
  KeySchema schema{{table.partition}, {}};
  if (table.sort) schema.sort.push_back(*table.sort);
  return schema;
}

Result<void> check_key_value(const KeySchema& schema, KeyPart part, const KeyAttribute& attribute,
                             const Value& value) {
  STATOR_TRY_VOID(check_not_empty(attribute, value, schema.index));
  return check_length(part, key_bytes(value).size());
}

Result<std::string> start_key(const Table& table, const Index* index, const Map& start,
                              Reading reading) {
  const std::string invalid = "The provided starting key is invalid";
  const auto of_table = [&]() -> Result<std::string> {
    auto key = key_of_request(table, table_part(table, start));
    if (key) return key;
    return validation(invalid + ": " + key.error().message);
  };
  const std::vector<KeyAttribute> wanted = all_keys(table, index);
  const bool is_complete = start.size() == wanted.size() &&
                           std::all_of(wanted.begin(), wanted.end(), [&](const KeyAttribute& a) {
                             return start.find(a.name) != nullptr;
                           });
  if (!is_complete) {
    const bool says_more = !index && reading == Reading::kScan;
    return validation(invalid + (says_more ? ": " + schema_mismatch().message : ""));
  }
  if (!index && reading == Reading::kScan) return of_table();
  std::vector<const Value*> partition;
  std::vector<const Value*> sort;
  const KeySchema schema = key_schema(table, index);
  STATOR_TRY_VOID(take_values(schema.partition, start, partition));
  STATOR_TRY_VOID(take_values(schema.sort, start, sort));
  STATOR_TRY(const auto item_key, of_table());
  if (!index) return item_key;
  return index_prefix(*index, partition, sort) + item_key.substr(kTablePrefixBytes);
}

void append_key_json(const Table& table, const Index* index, const EncodedItem& item,
                     std::string& out) {
  JsonList list(out, '{', '}');
  for (const KeyAttribute& attribute : all_keys(table, index)) {
    const auto value = item.find(attribute.name);
    STATOR_CHECK(value.has_value());
    list.next_member(attribute.name);
    value->append_json(out);
  }
}

}  // namespace stator::dynamodb
