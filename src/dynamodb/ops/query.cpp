#include <algorithm>

#include "dynamodb/errors.hpp"
#include "dynamodb/expr/key_condition.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/legacy.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/read_page.hpp"

namespace stator::dynamodb {

namespace {

Result<void> check(const ItemRequest& request) {
  STATOR_TRY_VOID(check_read(request));
  if (request.key_condition_expression || has_key_conditions(request)) return {};
  return validation(
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
      "request.");
}

/// A filter may not test what the key condition is for.
Result<void> check_filter(const KeySchema& schema, const expr::Node& node,
                          std::string_view parameter) {
  const auto is_key = [&](const std::vector<KeyAttribute>& attributes) {
    return std::any_of(attributes.begin(), attributes.end(), [&](const KeyAttribute& attribute) {
      return attribute.name == node.path.front().name;
    });
  };
  if (!node.path.empty() && (is_key(schema.partition) || is_key(schema.sort))) {
    return validation(std::string(parameter) +
                      " can only contain non-primary key attributes: Primary key attribute: " +
                      node.path.front().name);
  }
  for (const expr::Node& argument : node.args) {
    STATOR_TRY_VOID(check_filter(schema, argument, parameter));
  }
  return {};
}

/// Leaves of `keys` what comes after the start key in the query's direction.
Result<void> start_after(const KeySchema& schema, const Map& start, const std::string& key,
                         const expr::KeyCondition& condition, ReadPlan& plan) {
  for (std::size_t i = 0; i < schema.partition.size(); ++i) {
    if (*start.find(schema.partition[i].name) == *condition.partition[i]) continue;
    return validation(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  const bool is_inside = key >= plan.keys.begin && (plan.keys.end.empty() || key < plan.keys.end);
  if (!is_inside) {
    return validation("The provided starting key does not match the range key predicate");
  }
  if (plan.is_forward) {
    plan.keys.begin = after(key);
  } else {
    plan.keys.end = key;
  }
  return {};
}

Result<std::string> handle(Tables& tables, aws::Call& call, const PreparedRequest& prepared) {
  const ItemRequest& request = prepared.request;
  STATOR_TRY(const auto terms, expr::key_terms(*prepared.key_condition));
  const auto table = tables.find(TableRef::of(call, *request.table_name));
  if (!table) return resource_not_found();
  STATOR_TRY(const Index* const index, index_to_read(*table, request));
  const Map* start = request.exclusive_start_key ? &request.exclusive_start_key->map : nullptr;
  std::string first_key;
  if (start) {
    STATOR_TRY(first_key, start_key(*table, index, *start, Reading::kQuery));
  }
  const KeySchema schema = key_schema(*table, index);
  STATOR_TRY(const auto condition, expr::bind(terms, schema));
  if (prepared.filter) {
    STATOR_TRY_VOID(check_filter(schema, *prepared.filter,
                                 request.filter_expression ? "Filter Expression" : "QueryFilter"));
  }
  STATOR_TRY(auto plan, read_plan(*table, index, prepared));
  plan.keys = expr::key_range(*table, index, condition);
  if (start) STATOR_TRY_VOID(start_after(schema, *start, first_key, condition, plan));
  STATOR_TRY(const auto page, read_page(tables, call, plan));
  return page_answer(prepared, plan, page);
}

}  // namespace

aws::Operation query(Tables& tables) {
  return item_operation(tables, "Query", check,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
