#include "dynamodb/prepared_request.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/parser.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/legacy.hpp"
#include "dynamodb/needs.hpp"

namespace stator::dynamodb {

namespace {

/// AWS's bound on any request (413 above).
constexpr std::size_t kBodyBytesMax = 16u << 20;

bool is_placeholder(std::string_view key, char sigil) {
  return key.size() > 1 && key[0] == sigil && std::all_of(key.begin() + 1, key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

/// Names and values are for expressions only.
Result<void> check_uses(const ItemRequest& request, const RequestShape& shape) {
  const bool has_expressions = request.condition_expression || request.update_expression ||
                               request.projection_expression || request.filter_expression ||
                               request.key_condition_expression;
  if (request.names && !has_expressions) {
    return validation("ExpressionAttributeNames can only be specified when using expressions");
  }
  if (!request.values) return {};
  std::vector<std::string> takers;
  bool has_taker = false;
  const auto consider = [&](Member member, std::string_view name,
                            const std::optional<std::string>& expression) {
    if (!shape.members.has(member)) return;
    takers.emplace_back(name);
    has_taker = has_taker || expression.has_value();
  };
  consider(Member::kUpdateExpression, "UpdateExpression", request.update_expression);
  consider(Member::kConditionExpression, "ConditionExpression", request.condition_expression);
  consider(Member::kFilterExpression, "FilterExpression", request.filter_expression);
  consider(Member::kKeyConditionExpression, "KeyConditionExpression",
           request.key_condition_expression);
  if (has_taker) return {};
  return validation("ExpressionAttributeValues can only be specified when using expressions: " +
                    join(takers, " and ") + (takers.size() > 1 ? " are null" : " is null"));
}

Result<void> check_names(const ItemRequest& request) {
  if (!request.names) return {};
  if (request.names->empty()) return validation("ExpressionAttributeNames must not be empty");
  for (const auto& [key, name] : *request.names) {
    if (is_placeholder(key, '#')) continue;
    return validation("ExpressionAttributeNames contains invalid key: Syntax error; key: \"" + key +
                      "\"");
  }
  return {};
}

Result<void> check_values(const ItemRequest& request) {
  if (!request.values) return {};
  if (request.values->map.empty()) {
    return validation("ExpressionAttributeValues must not be empty");
  }
  for (const auto& [key, value] : request.values->map) {
    if (is_placeholder(key, ':')) continue;
    return validation("ExpressionAttributeValues contains invalid key: Syntax error; key: \"" +
                      key + "\"");
  }
  if (request.values->fault) return *request.values->fault;
  return {};
}

/// In AWS's order, which is nearly the same for all operations.
Result<void> check_rules(const ItemRequest& request, const RequestShape& shape) {
  STATOR_TRY_VOID(check_mixture(request));
  STATOR_TRY_VOID(check_uses(request, shape));
  if (request.item && request.item->fault) return *request.item->fault;
  if (request.key && request.key->fault) return *request.key->fault;
  STATOR_TRY_VOID(check_legacy_reads_and_updates(request));
  if (request.exclusive_start_key && request.exclusive_start_key->fault) {
    return validation("The provided starting key is invalid: " +
                      request.exclusive_start_key->fault->message);
  }
  if (shape.check) STATOR_TRY_VOID(shape.check(request));
  STATOR_TRY_VOID(check_expected(request));
  STATOR_TRY_VOID(check_names(request));
  return check_values(request);
}

Result<void> parse_expressions(PreparedRequest& prepared) {
  const ItemRequest& request = prepared.request;
  const expr::Names no_names;
  const Map no_values;
  expr::Placeholders placeholders(request.names ? *request.names : no_names,
                                  request.values ? request.values->map : no_values);
  const auto condition = [&](std::string_view kind, const std::optional<std::string>& text,
                             std::optional<expr::Node>& out) -> Result<void> {
    if (!text) return {};
    STATOR_TRY(out, expr::parse_condition(kind, *text, placeholders));
    return {};
  };
  if (request.update_expression) {
    STATOR_TRY(prepared.update, expr::parse_update(*request.update_expression, placeholders));
  }
  STATOR_TRY_VOID(
      condition("ConditionExpression", request.condition_expression, prepared.condition));
  STATOR_TRY_VOID(condition("FilterExpression", request.filter_expression, prepared.filter));
  if (request.projection_expression) {
    STATOR_TRY(prepared.projection,
               expr::parse_projection(*request.projection_expression, placeholders));
  }
  STATOR_TRY_VOID(condition("KeyConditionExpression", request.key_condition_expression,
                            prepared.key_condition));
  return placeholders.check_all_used();
}

}  // namespace

RequestShape shape_of(std::span<const Rule> rules, RequestShape::Check check) {
  return {rules, members_of(rules), check};
}

Result<void> check_body_size(std::string_view body) {
  if (body.size() <= kBodyBytesMax) return {};
  return Error{ErrorCode::kTooLarge, "The request is larger than 16 MB",
               "RequestEntityTooLargeException"};
}

Result<void> judge(PreparedRequest& prepared, const RequestShape& shape) {
  STATOR_TRY_VOID(check_rules(prepared.request, shape));
  STATOR_TRY_VOID(parse_expressions(prepared));
  STATOR_TRY_VOID(check_key_conditions(prepared.request));
  translate_legacy(prepared);
  return {};
}

Result<PreparedPtr> prepare(std::string_view body, const RequestShape& shape) {
  STATOR_TRY_VOID(check_body_size(body));
  auto prepared = std::make_unique<PreparedRequest>();
  STATOR_TRY(const auto document, parse_document(body));
  STATOR_TRY(prepared->request, read_item_request(document, shape.members));
  STATOR_TRY_VOID(check_constraints(document, shape.rules));
  STATOR_TRY_VOID(judge(*prepared, shape));
  return prepared;
}

aws::Operation item_operation(
    const Tables& tables, std::string name, RequestShape::Check check,
    std::function<Result<std::string>(aws::Call&, const PreparedRequest&)> handle) {
  const auto parse = [&tables, shape = shape_of(model_of(name), check)](
                         const aws::Call& call,
                         const aws::RawRequest& request) -> Result<PreparedPtr> {
    STATOR_TRY(auto prepared, prepare(request.http.body, shape));
    find_tables(tables, call, std::span(prepared.get(), 1));
    return prepared;
  };
  const auto needs = [name](const aws::Call& call,
                            const PreparedPtr& prepared) -> Result<aws::Needs> {
    aws::Needs wanted;
    wanted.push_back(item_need(call, name, *prepared));
    return wanted;
  };
  const auto respond = [handle = std::move(handle)](
                           aws::Call& call, const PreparedPtr& prepared) -> Result<http::Response> {
    STATOR_TRY(auto body, handle(call, *prepared));
    http::Response response;
    response.body = std::move(body);
    return response;
  };
  return aws::Operation::raw<PreparedPtr>(std::move(name), aws::ByName{}, parse, needs, respond);
}

}  // namespace stator::dynamodb
