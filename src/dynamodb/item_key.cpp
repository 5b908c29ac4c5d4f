#include "dynamodb/item_key.hpp"

#include "base/check.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kPartitionKeyBytesMax = 2'048;
constexpr std::size_t kSortKeyBytesMax = 1'024;

Error schema_mismatch() {
  return validation("The provided key element does not match the schema");
}

Result<void> check_not_empty(const KeyAttribute& attribute, const Value& value) {
  const auto* text = value.get_if<std::string>();
  const auto* binary = value.get_if<Binary>();
  if ((!text || !text->empty()) && (!binary || !binary->bytes.empty())) return {};
  return validation(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty " +
      std::string(text ? "string" : "binary") + " value. Key: " + attribute.name);
}

/// `partition` and `sort` have the right types; `sort` is null in a table without sort key.
Result<std::string> join_key(const Table& table, const Value& partition, const Value* sort) {
  STATOR_TRY_VOID(check_not_empty(table.partition, partition));
  if (sort) STATOR_TRY_VOID(check_not_empty(*table.sort, *sort));
  const std::string partition_bytes = key_bytes(partition);
  if (partition_bytes.size() > kPartitionKeyBytesMax) {
    return invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  std::string key = partition_prefix(table.id, partition_bytes);
  if (!sort) return key;
  const std::string sort_bytes = key_bytes(*sort);
  if (sort_bytes.size() > kSortKeyBytesMax) {
    return invalid_parameter(
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
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

void append_key_json(const Table& table, const EncodedItem& item, std::string& out) {
  JsonList list(out, '{', '}');
  const auto write = [&](const KeyAttribute& attribute) {
    const auto value = item.find(attribute.name);
    STATOR_CHECK(value.has_value());
    list.next_member(attribute.name);
    value->append_json(out);
  };
  write(table.partition);
  if (table.sort) write(*table.sort);
}

}  // namespace stator::dynamodb
