#include "dynamodb/errors.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/expr/update.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/write_item.hpp"

namespace stator::dynamodb {

namespace {

/// Keys never change; AWS says so before it looks at the item.
Result<void> check_keys_stay(const Table& table, const expr::Update& update) {
  for (const expr::Action& action : update.actions) {
    const std::string& name = action.path.front().name;
    if (name != table.partition.name && (!table.sort || name != table.sort->name)) continue;
    return invalid_parameter("Cannot update attribute " + name +
                             ". This attribute is part of the key");
  }
  return {};
}

Result<NewItem> decide(const PreparedRequest& prepared, const EncodedItem& old, bool exists) {
  const expr::Update nothing;
  const expr::Update& update = prepared.update ? *prepared.update : nothing;
  if (!exists && !update.actions.empty() && expr::only_removes(update)) {
    return NewItem{NewItem::Kind::kKeep};
  }
  STATOR_TRY(const auto item, expr::apply(update, exists ? old.decode() : prepared.key()));
  if (size_bytes(item) > kItemBytesMax) {
    return validation("Item size to update has exceeded the maximum allowed size");
  }
  return NewItem{NewItem::Kind::kPut, encode_item(item)};
}

/// The attributes to return, as the text of an object; "" when AWS returns none.
std::string returned_attributes(const PreparedRequest& prepared, const WrittenItem& written) {
  const std::string_view wanted = prepared.return_values();
  const bool wants_new = wanted == "ALL_NEW" || wanted == "UPDATED_NEW";
  const bool has_new = written.now.kind == NewItem::Kind::kPut;
  if (wanted == "NONE" || (wants_new ? !has_new : !written.old_bytes)) return {};
  const EncodedItem item(wants_new ? written.now.bytes : *written.old_bytes);
  std::string out;
  if (wanted.starts_with("ALL")) {
    item.append_json(out);
    return out;
  }
  std::vector<expr::Path> touched;
  if (prepared.update) {
    for (const expr::Action& action : prepared.update->actions) touched.push_back(action.path);
  }
  if (!expr::ProjectionTree(touched).append_json(item, out)) out.clear();
  return out;
}

Result<std::string> handle(Tables& tables, aws::Call& call, const PreparedRequest& prepared) {
  const auto table = tables.find(TableRef::of(call, *prepared.request.table_name));
  if (!table) return resource_not_found();
  STATOR_TRY(auto key, key_of_request(*table, prepared.key()));
  if (prepared.update) STATOR_TRY_VOID(check_keys_stay(*table, *prepared.update));
  const ItemWrite write{std::move(key), true, [&](const EncodedItem& old, bool exists) {
                          return decide(prepared, old, exists);
                        }};
  STATOR_TRY(const auto written, write_item(tables, call, prepared, write));
  return write_answer(prepared, written, returned_attributes(prepared, written));
}

}  // namespace

aws::Operation update_item(Tables& tables) {
  const RequestShape shape{
      {Member::kTableName, Member::kKey, Member::kUpdateExpression, Member::kConditionExpression,
       Member::kExpressionAttributeNames, Member::kExpressionAttributeValues, Member::kReturnValues,
       Member::kReturnValuesOnConditionCheckFailure, Member::kReturnConsumedCapacity,
       Member::kReturnItemCollectionMetrics},
      {Member::kKey}};
  return item_operation("UpdateItem", shape,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
