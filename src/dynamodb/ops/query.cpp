#include "dynamodb/errors.hpp"
#include "dynamodb/expr/key_condition.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/read_page.hpp"

namespace stator::dynamodb {

namespace {

Result<void> check(const ItemRequest& request) {
  STATOR_TRY_VOID(check_read(request));
  if (request.key_condition_expression) return {};
  return validation(
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
      "request.");
}

/// A filter may not test what the key condition is for.
Result<void> check_filter(const Table& table, const expr::Node& node) {
  if (!node.path.empty()) {
    const std::string& name = node.path.front().name;
    if (name == table.partition.name || (table.sort && name == table.sort->name)) {
      return validation(
          "Filter Expression can only contain non-primary key attributes: Primary key attribute: " +
          name);
    }
  }
  for (const expr::Node& argument : node.args) STATOR_TRY_VOID(check_filter(table, argument));
  return {};
}

/// Leaves of `keys` what comes after the start key in the query's direction.
Result<void> start_after(const Table& table, const Map& start, const expr::KeyCondition& condition,
                         ReadPlan& plan) {
  const auto key = key_of_request(table, start);
  if (!key) return validation("The provided starting key is invalid");
  if (*start.find(table.partition.name) != *condition.partition) {
    return validation(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  const bool is_inside = *key >= plan.keys.begin && (plan.keys.end.empty() || *key < plan.keys.end);
  if (!is_inside) {
    return validation("The provided starting key does not match the range key predicate");
  }
  if (plan.is_forward) {
    plan.keys.begin = after(*key);
  } else {
    plan.keys.end = *key;
  }
  return {};
}

Result<std::string> handle(Tables& tables, aws::Call& call, const PreparedRequest& prepared) {
  const ItemRequest& request = prepared.request;
  STATOR_TRY(const auto terms, expr::key_terms(*prepared.key_condition));
  const auto table = tables.find(TableRef::of(call, *request.table_name));
  if (!table) return resource_not_found();
  if (request.index_name) {
    return validation("The table does not have the specified index: " + *request.index_name);
  }
  STATOR_TRY(const auto condition, expr::bind(terms, *table));
  if (prepared.filter) STATOR_TRY_VOID(check_filter(*table, *prepared.filter));
  ReadPlan plan = read_plan(*table, prepared);
  plan.keys = expr::key_range(table->id, condition);
  if (request.exclusive_start_key) {
    STATOR_TRY_VOID(start_after(*table, request.exclusive_start_key->map, condition, plan));
  }
  STATOR_TRY(const auto page, read_page(tables, call, plan));
  return page_answer(prepared, page);
}

}  // namespace

aws::Operation query(Tables& tables) {
  const RequestShape shape{
      {Member::kTableName, Member::kKeyConditionExpression, Member::kFilterExpression,
       Member::kProjectionExpression, Member::kExpressionAttributeNames,
       Member::kExpressionAttributeValues, Member::kConsistentRead, Member::kExclusiveStartKey,
       Member::kIndexName, Member::kLimit, Member::kScanIndexForward, Member::kSelect,
       Member::kReturnConsumedCapacity},
      {},
      check};
  return item_operation("Query", shape,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
