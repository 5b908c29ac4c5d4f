#include "dynamodb/partiql/request.hpp"

#include <algorithm>

#include "crypto/crypto.hpp"
#include "dynamodb/constraints.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/json_reader.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/partiql/parser.hpp"
#include "dynamodb/prepared_request.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb::partiql {

namespace {

constexpr std::int64_t kStatementBytesMax = 8'192;
constexpr std::int64_t kNextTokenBytesMax = 32'768;
constexpr std::int64_t kClientTokenBytesMax = 36;

template <class T>
Result<void> assign(std::optional<T>& out, Result<T> value) {
  if (!value) return std::move(value).error();
  out = std::move(*value);
  return {};
}

Result<simdjson::dom::array> read_array(const JsonElement& element) {
  simdjson::dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return serialization("Unexpected field type");
  return array;
}

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

/// False for a member that is none of a statement's.
Result<bool> read_statement_member(std::string_view name, const JsonElement& element,
                                   StatementRequest& out) {
  if (name == "Statement") {
    STATOR_TRY_VOID(assign(out.text, read_string(element)));
  } else if (name == "Parameters") {
    STATOR_TRY_VOID(read_parameters(element, out));
  } else if (name == "ConsistentRead") {
    STATOR_TRY_VOID(assign(out.consistent_read, read_boolean(element)));
  } else if (name == "ReturnValuesOnConditionCheckFailure") {
    STATOR_TRY_VOID(assign(out.return_values_on_failure, read_string(element)));
  } else {
    return false;
  }
  return true;
}

Error no_parameter(std::string_view name) {
  return validation("The operation has no parameter " + std::string(name));
}

void between_bytes(Constraints& constraints, const std::optional<std::string>& text,
                   std::string_view path, std::int64_t high) {
  if (!text) return;
  constraints.require(!text->empty(), *text, path,
                      "Member must have length greater than or equal to 1");
  constraints.require(static_cast<std::int64_t>(text->size()) <= high, *text, path,
                      "Member must have length less than or equal to " + std::to_string(high));
}

void check_statement(Constraints& constraints, const StatementRequest& request,
                     const std::string& prefix) {
  const auto path = [&](std::string_view name) {
    if (prefix.empty()) return std::string(name);
    return prefix + std::string(name);
  };
  constraints.require_present(request.text.has_value(), path("statement"));
  between_bytes(constraints, request.text, path("statement"), kStatementBytesMax);
  constraints.require(!request.has_parameters || !request.parameters.empty(), "[]",
                      path("parameters"), "Member must have length greater than or equal to 1");
  constraints.one_of(request.return_values_on_failure, path("returnValuesOnConditionCheckFailure"),
                     {"ALL_OLD", "NONE"});
}

void check_request(Constraints& constraints, const Request& request) {
  constraints.one_of(request.return_consumed_capacity, "returnConsumedCapacity",
                     {"INDEXES", "TOTAL", "NONE"});
  between_bytes(constraints, request.next_token, "nextToken", kNextTokenBytesMax);
  between_bytes(constraints, request.client_request_token, "clientRequestToken",
                kClientTokenBytesMax);
  constexpr std::int64_t kIntegerMax = 2'147'483'647;
  if (request.limit) constraints.between(*request.limit, "limit", 1, kIntegerMax);
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

Result<void> read_statements(const JsonElement& element, Request& request) {
  STATOR_TRY(const auto array, read_array(element));
  for (const JsonElement one : array) {
    STATOR_TRY(const auto object, read_object(one));
    STATOR_TRY_VOID(refuse_repeats(object));
    StatementRequest& statement = request.statements.emplace_back();
    for (const auto field : object) {
      if (field.value.is_null()) continue;
      STATOR_TRY(const auto is_known, read_statement_member(field.key, field.value, statement));
      if (!is_known) return no_parameter(field.key);
    }
  }
  return {};
}

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

}  // namespace

Result<Request> read_single(std::string_view body) {
  STATOR_TRY_VOID(check_body_size(body));
  STATOR_TRY(const auto document, parse_document(body));
  STATOR_TRY_VOID(refuse_repeats(document));
  Request request;
  StatementRequest& statement = request.statements.emplace_back();
  for (const auto field : document) {
    if (field.value.is_null()) continue;
    const std::string_view name = field.key;
    STATOR_TRY(const auto is_known, read_statement_member(name, field.value, statement));
    if (is_known) continue;
    if (name == "NextToken") {
      STATOR_TRY_VOID(assign(request.next_token, read_string(field.value)));
    } else if (name == "ReturnConsumedCapacity") {
      STATOR_TRY_VOID(assign(request.return_consumed_capacity, read_string(field.value)));
    } else if (name == "Limit") {
      STATOR_TRY_VOID(assign(request.limit, read_integer(field.value)));
    } else {
      return no_parameter(name);
    }
  }
  Constraints constraints;
  check_statement(constraints, statement, "");
  check_request(constraints, request);
  STATOR_TRY_VOID(constraints.verdict());
  parse(statement);
  return request;
}

Result<Request> read_several(std::string_view body, std::string_view member,
                             std::size_t count_max) {
  STATOR_TRY_VOID(check_body_size(body));
  STATOR_TRY(const auto document, parse_document(body));
  STATOR_TRY_VOID(refuse_repeats(document));
  const bool is_transaction = member == "TransactStatements";
  Request request;
  bool has_statements = false;
  for (const auto field : document) {
    if (field.value.is_null()) continue;
    if (field.key == member) {
      has_statements = true;
      STATOR_TRY_VOID(read_statements(field.value, request));
    } else if (field.key == "ReturnConsumedCapacity") {
      STATOR_TRY_VOID(assign(request.return_consumed_capacity, read_string(field.value)));
    } else if (is_transaction && field.key == "ClientRequestToken") {
      STATOR_TRY_VOID(assign(request.client_request_token, read_string(field.value)));
    } else {
      return no_parameter(field.key);
    }
  }
  const std::string path = is_transaction ? "transactStatements" : "statements";
  Constraints constraints;
  constraints.require_present(has_statements, path);
  const std::size_t count = request.statements.size();
  constraints.require(!has_statements || count > 0, "[]", path,
                      "Member must have length greater than or equal to 1");
  constraints.require(count <= count_max, "[" + std::to_string(count) + " statements]", path,
                      "Member must have length less than or equal to " + std::to_string(count_max));
  for (std::size_t i = 0; i < std::min(count, count_max); ++i) {
    check_statement(constraints, request.statements[i],
                    path + "." + std::to_string(i + 1) + ".member.");
  }
  check_request(constraints, request);
  STATOR_TRY_VOID(constraints.verdict());
  for (StatementRequest& statement : request.statements) parse(statement);
  return request;
}

aws::Needs needs_of(const aws::Call& call, const StatementRequest& request) {
  if (!request.statement) return {};
  const Statement& statement = *request.statement;
  aws::Needs needs = TableRef::of(call, statement.table).needs(action_of(statement.kind));
  if (statement.index) {
    for (aws::Permission& need : needs) need.resource += "/index/" + *statement.index;
  }
  return needs;
}

aws::Needs needs_of(const aws::Call& call, const Request& request) {
  aws::Needs needs;
  for (const StatementRequest& one : request.statements) {
    for (aws::Permission& need : needs_of(call, one)) {
      const bool is_known =
          std::any_of(needs.begin(), needs.end(), [&](const aws::Permission& known) {
            return known.action == need.action && known.resource == need.resource;
          });
      if (!is_known) needs.push_back(std::move(need));
    }
  }
  return needs;
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
