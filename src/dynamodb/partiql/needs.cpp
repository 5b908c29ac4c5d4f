#include <algorithm>
#include <deque>

#include "dynamodb/needs.hpp"
#include "dynamodb/partiql/columns.hpp"
#include "dynamodb/partiql/condition.hpp"
#include "dynamodb/partiql/execute.hpp"
#include "dynamodb/partiql/key_plan.hpp"

namespace stator::dynamodb::partiql {

namespace {

std::string_view action_of(Statement::Kind kind) {
  switch (kind) {
    case Statement::Kind::kInsert:
      return "PartiQLInsert";
    case Statement::Kind::kUpdate:
      return "PartiQLUpdate";
    case Statement::Kind::kDelete:
      return "PartiQLDelete";
    case Statement::Kind::kSelect:
    case Statement::Kind::kExists:
      break;
  }
  return "PartiQLSelect";
}

std::string_view return_values(const std::optional<Returning>& returning) {
  if (!returning) return "NONE";
  if (returning->is_modified) return returning->is_new ? "UPDATED_NEW" : "UPDATED_OLD";
  return returning->is_new ? "ALL_NEW" : "ALL_OLD";
}

/// Each function leaves out what the statement is refused for when it runs: what it then reads or
/// writes is nothing.
void add_where(const StatementRequest& request, RequestKeys& keys) {
  const Statement& statement = *request.statement;
  const Index* index = statement.index ? request.table->find_index(*statement.index) : nullptr;
  if (statement.index && (index == nullptr || index->partition.size() != 1)) return;
  std::deque<Value> values;
  auto where = statement.where ? to_condition(*statement.where, {request.parameters, values})
                               : Result<expr::Node>(expr::Node());
  if (!where) return;
  if (statement.where) keys.add_names(*where);
  const KeyAttributes attributes = KeyAttributes::of(*request.table, index);
  const bool is_scan = !statement.where || !fixes_partition(*where, attributes);
  keys.set("dynamodb:FullTableScan", is_scan ? "true" : "false");
  if (is_scan) return;
  const auto reads = keyed_reads(*where, attributes, false);
  if (!reads) return;
  for (const KeyedRead& read : *reads) {
    if (!read.is_void) keys.add_leading(0, *read.partition.low);
  }
}

void add_select(const StatementRequest& request, RequestKeys& keys) {
  const Statement& statement = *request.statement;
  const auto columns = Columns::from(statement.columns);
  if (!columns) return;
  keys.add_names(columns->paths());
  for (const OrderKey& order : statement.order_by) {
    if (!order.key.path.empty()) keys.add_name(order.key.path.front().name);
  }
  keys.set("dynamodb:Select", default_select(!columns->takes_all(), statement.index.has_value()));
  add_where(request, keys);
}

void add_write(const StatementRequest& request, bool is_in_transaction, RequestKeys& keys) {
  const Statement& statement = *request.statement;
  if (statement.kind == Statement::Kind::kExists) {
    keys.set("dynamodb:FullTableScan", "false");
  } else {
    keys.set("dynamodb:ReturnValues", return_values(statement.returning));
  }
  PlannedWrite write;
  if (!write.plan(*request.table, request, is_in_transaction)) return;
  const WriteAction& action = write.action();
  for (const Map* attributes : {action.item, action.key}) {
    if (attributes == nullptr) continue;
    keys.add_names(*attributes);
    keys.add_leading(*request.table, *attributes);
  }
  if (action.condition != nullptr) keys.add_names(*action.condition);
  if (action.update != nullptr) keys.add_names(*action.update);
}

bool needs_same(const StatementRequest& a, const StatementRequest& b) {
  return a.statement && b.statement &&
         action_of(a.statement->kind) == action_of(b.statement->kind) &&
         a.statement->index == b.statement->index &&
         (a.statement->table == b.statement->table || (a.table && a.table == b.table));
}

/// Those of all statements that need the same as the first.
aws::ConditionKeys keys_of(const Request& request, const StatementRequest& first) {
  RequestKeys keys;
  const bool is_in_transaction = request.enclosing_operation == "ExecuteTransaction";
  for (const StatementRequest& one : request.statements) {
    if (!needs_same(first, one) || !one.table) continue;
    if (one.statement->is_read()) {
      add_select(one, keys);
    } else {
      add_write(one, is_in_transaction, keys);
    }
  }
  keys.add_tags(first.table.get());
  if (!request.enclosing_operation.empty()) {
    keys.set("dynamodb:EnclosingOperation", request.enclosing_operation);
  }
  return std::move(keys).finish();
}

}  // namespace

void find_tables(const Tables& tables, const aws::Call& call, Request& request) {
  for (StatementRequest& one : request.statements) {
    if (one.statement) one.table = tables.find(TableRef::of(call, one.statement->table));
  }
}

aws::Needs needs_of(const aws::Call& call, const Request& request) {
  aws::Needs needs;
  for (const StatementRequest& one : request.statements) {
    if (!one.statement) continue;
    const Statement& statement = *one.statement;
    auto need = table_need(action_of(statement.kind), TableRef::of(call, statement.table),
                           one.table.get(), statement.index.value_or(""));
    const bool is_known = std::any_of(needs.begin(), needs.end(), [&](const auto& known) {
      return known.action == need.action && known.resource == need.resource;
    });
    if (is_known) continue;
    need.keys = [&request, first = &one] { return keys_of(request, *first); };
    needs.push_back(std::move(need));
  }
  return needs;
}

}  // namespace stator::dynamodb::partiql
