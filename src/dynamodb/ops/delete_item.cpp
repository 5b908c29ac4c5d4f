#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/write_item.hpp"

namespace stator::dynamodb {

namespace {

Result<void> check(const ItemRequest& request) {
  if (!request.return_values || *request.return_values == "NONE" ||
      *request.return_values == "ALL_OLD") {
    return {};
  }
  return validation("ReturnValues can only be ALL_OLD or NONE");
}

Result<std::string> handle(Tables& tables, aws::Call& call, const PreparedRequest& prepared) {
  WriteAction action;
  action.kind = WriteAction::Kind::kDelete;
  action.key = &prepared.key();
  STATOR_TRY(const auto written, write_item(tables, call, prepared, action, true));
  std::string attributes;
  if (prepared.return_values() == "ALL_OLD" && written.old_bytes()) {
    EncodedItem(*written.old_bytes()).append_json(attributes);
  }
  return write_answer(prepared, written, attributes);
}

}  // namespace

aws::Operation delete_item(Tables& tables) {
  return item_operation(tables, "DeleteItem", check,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
