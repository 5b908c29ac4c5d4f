#include "dynamodb/expr/projection.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/write_item.hpp"

namespace stator::dynamodb {

namespace {

/// The attributes to return, as the text of an object; "" when AWS returns none.
std::string returned_attributes(const PreparedRequest& prepared, const WrittenItem& written) {
  const std::string_view wanted = prepared.return_values();
  const bool wants_new = wanted == "ALL_NEW" || wanted == "UPDATED_NEW";
  const bool has_new = written.now().kind == NewItem::Kind::kPut;
  if (wanted == "NONE" || (wants_new ? !has_new : !written.old_bytes())) return {};
  const EncodedItem item(wants_new ? written.now().bytes : *written.old_bytes());
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
  WriteAction action;
  action.kind = WriteAction::Kind::kUpdate;
  action.key = &prepared.key();
  if (prepared.update) action.update = &*prepared.update;
  STATOR_TRY(const auto written, write_item(tables, call, prepared, action, true));
  return write_answer(prepared, written, returned_attributes(prepared, written));
}

}  // namespace

aws::Operation update_item(Tables& tables) {
  return item_operation(tables, "UpdateItem", nullptr,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
