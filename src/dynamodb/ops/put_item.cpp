#include "dynamodb/errors.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/write_item.hpp"

namespace stator::dynamodb {

namespace {

Result<void> check(const ItemRequest& request) {
  if (request.return_values && *request.return_values != "NONE" &&
      *request.return_values != "ALL_OLD") {
    return validation("ReturnValues can only be ALL_OLD or NONE");
  }
  if (size_bytes(request.item->map) > kItemBytesMax) {
    return validation("Item size has exceeded the maximum allowed size");
  }
  return {};
}

Result<std::string> handle(Tables& tables, aws::Call& call, const PreparedRequest& prepared) {
  const auto table = tables.find(TableRef::of(call, *prepared.request.table_name));
  if (!table) return resource_not_found();
  const Item& item = prepared.request.item->map;
  STATOR_TRY(auto key, key_of_item(*table, item));
  const bool returns_old = prepared.return_values() == "ALL_OLD";
  const ItemWrite write{std::move(key), returns_old || prepared.wants_capacity(),
                        [&](const EncodedItem&, bool) -> Result<NewItem> {
                          return NewItem{NewItem::Kind::kPut, encode_item(item)};
                        }};
  STATOR_TRY(const auto written, write_item(tables, call, prepared, write));
  std::string attributes;
  if (returns_old && written.old_bytes) EncodedItem(*written.old_bytes).append_json(attributes);
  return write_answer(prepared, written, attributes);
}

}  // namespace

aws::Operation put_item(Tables& tables) {
  const RequestShape shape{{Member::kTableName, Member::kItem, Member::kConditionExpression,
                            Member::kExpressionAttributeNames, Member::kExpressionAttributeValues,
                            Member::kReturnValues, Member::kReturnValuesOnConditionCheckFailure,
                            Member::kReturnConsumedCapacity, Member::kReturnItemCollectionMetrics},
                           {Member::kItem},
                           check};
  return item_operation("PutItem", shape,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
