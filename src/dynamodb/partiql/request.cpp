#include "dynamodb/partiql/request.hpp"

#include <algorithm>

#include "crypto/crypto.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/json_reader.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/partiql/parser.hpp"
#include "dynamodb/prepared_request.hpp"
#include "dynamodb/request_envelope.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb::partiql {

namespace {

Result<void> read_parameters(const JsonElement& element, StatementRequest& out) {
  STATOR_TRY(const auto array, read_array(element));
  out.has_parameters = true;
  ValueReader reader;
  for (const JsonElement parameter : array) {
    STATOR_TRY(auto value, reader.value(parameter));
    out.parameters.push_back(std::move(value));
  }
  if (!reader.fault()) return {};
  out.fault = std::move(reader.fault());
  out.is_parameter_fault = true;
  return {};
}

/// A member that the rules name.
Result<void> read_statement_member(std::string_view name, const JsonElement& element,
                                   StatementRequest& out) {
  if (name == "Statement") {
    STATOR_TRY(out.text, read_string(element));
  } else if (name == "Parameters") {
    STATOR_TRY_VOID(read_parameters(element, out));
  } else if (name == "ConsistentRead") {
    STATOR_TRY(out.consistent_read, read_boolean(element));
  } else if (name == "ReturnValuesOnConditionCheckFailure") {
    STATOR_TRY(out.return_values_on_failure, read_string(element));
  }
  return {};
}

/// Reads the statement itself. A fault of the parameters comes first.
void parse(StatementRequest& request) {
  auto statement = parse_statement(*request.text);
  if (!statement) {
    if (!request.fault) request.fault = std::move(statement).error();
    return;
  }
  request.statement = std::move(*statement);
  if (!request.fault && request.statement->parameters > request.parameters.size()) {
    request.fault = validation("Number of parameters in request and statement don't match.");
  }
}

Result<void> read_statements(const JsonElement& element, std::span<const Rule> rules,
                             Request& request) {
  STATOR_TRY(const auto array, read_array(element));
  for (const JsonElement one : array) {
    STATOR_TRY(const auto object, read_object(one));
    STATOR_TRY_VOID(refuse_repeats(object));
    StatementRequest& statement = request.statements.emplace_back();
    for (const auto field : object) {
      if (field.value.is_null()) continue;
      if (find_rule(rules, field.key) == nullptr) return no_parameter(field.key);
      STATOR_TRY_VOID(read_statement_member(field.key, field.value, statement));
    }
  }
  return {};
}

}  // namespace

Result<Request> read_single(std::string_view body) {
  static const auto rules = model_of("ExecuteStatement");
  STATOR_TRY_VOID(check_body_size(body));
  STATOR_TRY(const auto document, parse_document(body));
  STATOR_TRY_VOID(refuse_repeats(document));
  Request request;
  StatementRequest& statement = request.statements.emplace_back();
  for (const auto field : document) {
    if (field.value.is_null()) continue;
    const std::string_view name = field.key;
    if (find_rule(rules, name) == nullptr) return no_parameter(name);
    if (name == "NextToken") {
      STATOR_TRY(request.next_token, read_string(field.value));
    } else if (name == "ReturnConsumedCapacity") {
      STATOR_TRY(request.return_consumed_capacity, read_string(field.value));
    } else if (name == "Limit") {
      STATOR_TRY(request.limit, read_integer(field.value));
    } else {
      STATOR_TRY_VOID(read_statement_member(name, field.value, statement));
    }
  }
  STATOR_TRY_VOID(check_constraints(document, rules));
  parse(statement);
  return request;
}

Result<Request> read_several(std::string_view body, const SeveralShape& shape) {
  STATOR_TRY(auto envelope, read_envelope(body, shape.rules));
  Request request;
  request.enclosing_operation = shape.operation;
  if (envelope.items) {
    STATOR_TRY_VOID(read_statements(*envelope.items, shape.statement, request));
  }
  request.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  request.client_request_token = std::move(envelope.client_request_token);
  STATOR_TRY_VOID(check_constraints(envelope.document, shape.rules));
  for (StatementRequest& statement : request.statements) parse(statement);
  return request;
}

std::string fingerprint(const Request& request) {
  std::string text = "partiql";
  for (const StatementRequest& one : request.statements) {
    append_sized(text, *one.text);
    append_sized(text, one.return_values_on_failure.value_or(""));
    std::string parameters;
    for (const Value& parameter : one.parameters) append_json(parameters, parameter);
    append_sized(text, parameters);
  }
  return crypto::sha256(text);
}

}  // namespace stator::dynamodb::partiql
