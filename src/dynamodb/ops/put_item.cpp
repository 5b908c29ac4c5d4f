#include "dynamodb/errors.hpp"
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
  const bool returns_old = prepared.return_values() == "ALL_OLD";
  WriteAction action;
  action.item = &prepared.request.item->map;
  STATOR_TRY(const auto written, write_item(tables, call, prepared, action, returns_old));
  std::string attributes;
  if (returns_old && written.old_bytes()) EncodedItem(*written.old_bytes()).append_json(attributes);
  return write_answer(prepared, written, attributes);
}

}  // namespace

aws::Operation put_item(Tables& tables) {
  return item_operation(tables, "PutItem", check,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
