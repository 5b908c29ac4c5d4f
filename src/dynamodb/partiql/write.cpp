#include "dynamodb/errors.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/partiql/execute.hpp"
#include "dynamodb/partiql/key_plan.hpp"
#include "dynamodb/partiql/literal.hpp"
#include "dynamodb/partiql/update.hpp"

namespace stator::dynamodb::partiql {

namespace {

using expr::Node;

Error no_whole_key() {
  return validation("Where clause does not contain a mandatory equality on all key attributes");
}

std::optional<Node> all_of(const std::vector<const Node*>& parts) {
  if (parts.empty()) return std::nullopt;
  if (parts.size() == 1) return *parts[0];
  Node node{Node::Kind::kAnd, "AND"};
  for (const Node* part : parts) node.args.push_back(*part);
  return node;
}

Result<void> check_item_keys(const Map& item, const KeyAttributes& keys) {
  const auto check = [&](const KeyAttribute& attribute) -> Result<void> {
    const Value* value = item.find(attribute.name);
    if (!value) {
      return validation("Key attribute should be present in the item: Key " + attribute.name);
    }
    if (value->type() != attribute.type) return wrong_key_type(attribute.name);
    return {};
  };
  STATOR_TRY_VOID(check(keys.partition));
  return keys.sort ? check(*keys.sort) : Result<void>();
}

Result<void> check_target_keys(const std::optional<WriteTarget>& target,
                               const KeyAttributes& keys) {
  if (!target) return no_whole_key();
  if (!target->conflict.empty()) {
    return validation("Multiple conditions on same key " + target->conflict +
                      ". Only single item Update/Insert/Delete are supported");
  }
  return check_item_keys(target->key, keys);
}

}  // namespace

Result<void> PlannedWrite::plan_insert(const Table& table, const StatementRequest& request,
                                       bool is_in_transaction) {
  STATOR_TRY(item_, literal_item(*request.statement->item, request.parameters));
  if (!is_in_transaction) {
    STATOR_TRY_VOID(check_item_keys(item_, KeyAttributes::of(table, nullptr)));
  }
  if (size_bytes(item_) > kItemBytesMax) {
    return validation("Item size has exceeded the maximum allowed size");
  }
  condition_ = function_node("attribute_not_exists", {{table.partition.name}});
  action_.kind = WriteAction::Kind::kPut;
  action_.item = &item_;
  action_.condition = &*condition_;
  return {};
}

Result<void> PlannedWrite::plan_key(const Table& table, const StatementRequest& request,
                                    bool is_in_transaction) {
  const Scope scope{request.parameters, values_};
  if (request.statement->where) {
    STATOR_TRY(where_, to_condition(*request.statement->where, scope));
  }
  const KeyAttributes keys = KeyAttributes::of(table, nullptr);
  auto target = where_ ? write_target(*where_, keys) : std::nullopt;
  const bool is_exists = request.statement->kind == Statement::Kind::kExists;
  if (is_exists && (!target || target->rest.empty())) {
    return validation("EXISTS() must contain a single item read with additional condition");
  }
  if (!is_in_transaction) STATOR_TRY_VOID(check_target_keys(target, keys));
  // In a transaction AWS reports a clause without a whole key by the key that does not fit.
  if (!target || (!target->conflict.empty() && !is_exists)) target.emplace();
  key_ = std::move(target->key);
  rest_ = all_of(target->rest);
  action_.key = &key_;
  return {};
}

Result<void> PlannedWrite::plan(const Table& table, const StatementRequest& request,
                                bool is_in_transaction) {
  const Statement& statement = *request.statement;
  returning_ = statement.returning;
  if (statement.kind == Statement::Kind::kInsert) {
    return plan_insert(table, request, is_in_transaction);
  }
  STATOR_TRY_VOID(plan_key(table, request, is_in_transaction));
  const expr::Path partition = {{table.partition.name}};
  if (statement.kind == Statement::Kind::kDelete) {
    action_.kind = WriteAction::Kind::kDelete;
    if (!rest_) return {};
    // What is not there is deleted, whatever else the clause says.
    condition_ = join_nodes(Node::Kind::kOr, function_node("attribute_not_exists", partition),
                            std::move(*rest_));
    action_.condition = &*condition_;
    return {};
  }
  condition_ = function_node("attribute_exists", partition);
  if (rest_) {
    condition_ = join_nodes(Node::Kind::kAnd, std::move(*condition_), std::move(*rest_));
  }
  action_.condition = &*condition_;
  if (statement.kind == Statement::Kind::kExists) {
    action_.kind = WriteAction::Kind::kCheck;
    return {};
  }
  STATOR_TRY(update_, to_update(statement.assignments, {request.parameters, values_}));
  action_.kind = WriteAction::Kind::kUpdate;
  action_.update = &*update_;
  return {};
}

std::string PlannedWrite::returned(const WrittenItem& written) const {
  std::string out;
  if (!returning_) return out;
  const bool has_new = written.now().kind == NewItem::Kind::kPut;
  if (returning_->is_new ? !has_new : !written.old_bytes()) return out;
  const EncodedItem item(returning_->is_new ? written.now().bytes : *written.old_bytes());
  if (!returning_->is_modified) {
    item.append_json(out);
    return out;
  }
  std::vector<expr::Path> touched;
  for (const expr::Action& action : update_->actions) touched.push_back(action.path);
  if (!expr::ProjectionTree(touched).append_json(item, out)) out.clear();
  return out;
}

Error duplicate_item() {
  return {ErrorCode::kInvalid, "Duplicate primary key exists in table", "DuplicateItemException"};
}

Result<WriteOutcome> run_write(Tables& tables, aws::Call& call, const StatementRequest& request,
                               const PlannedWrite& write, bool needs_old) {
  WriteOptions options;
  options.needs_old = needs_old || write.returns_old();
  options.returns_old_on_failure = request.returns_old_on_failure() && !write.is_insert();
  auto written = write_item(tables, call, TableRef::of(call, request.statement->table),
                            write.action(), options);
  if (!written) {
    const bool is_duplicate =
        write.is_insert() && written.error().aws_type == "ConditionalCheckFailedException";
    return is_duplicate ? duplicate_item() : std::move(written).error();
  }
  std::string returned_json = write.returned(*written);
  return WriteOutcome{std::move(*written), std::move(returned_json)};
}

}  // namespace stator::dynamodb::partiql
