#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "dynamodb/partiql/ast.hpp"
#include "dynamodb/rules.hpp"
#include "dynamodb/value.hpp"

namespace stator::dynamodb {
class Tables;
struct Table;
}  // namespace stator::dynamodb

/// The requests of ExecuteStatement, BatchExecuteStatement and ExecuteTransaction.
namespace stator::dynamodb::partiql {

/// One statement as a request carries it. What is wrong with it is kept until AWS would say it: a
/// batch answers it in the statement's place.
struct StatementRequest {
  std::optional<std::string> text = {};
  std::vector<Value> parameters = {};
  std::optional<bool> consistent_read = {};
  std::optional<std::string> return_values_on_failure = {};

  std::optional<Statement> statement = {};
  /// A value of the parameters that breaks a rule, or else the statement's own error.
  std::optional<Error> fault = {};
  bool is_parameter_fault = false;
  bool has_parameters = false;
  /// As it was when the request was read, for what that needs to be allowed; null: there is none.
  std::shared_ptr<const Table> table = {};

  [[nodiscard]] bool returns_old_on_failure() const {
    return return_values_on_failure == "ALL_OLD";
  }
};

struct Request {
  std::vector<StatementRequest> statements;
  std::optional<std::string> next_token = {};
  std::optional<std::string> return_consumed_capacity = {};
  std::optional<std::string> client_request_token = {};
  std::optional<std::int64_t> limit = {};
  /// "ExecuteTransaction" or "BatchExecuteStatement"; "" for a statement by itself. Static text.
  std::string_view enclosing_operation = {};

  [[nodiscard]] bool wants_capacity() const {
    return return_consumed_capacity && *return_consumed_capacity != "NONE";
  }
};

/// The members of the body itself are one statement's.
[[nodiscard]] Result<Request> read_single(std::string_view body);
/// Its members are those of `operation`, and those of statements are in the list `member`.
struct SeveralShape {
  /// `name` is static text.
  SeveralShape(std::string_view name, std::string_view member)
      : operation(name), rules(model_of(name)), statement(rules_inside(rules, member)) {}
  std::string_view operation;
  std::span<const Rule> rules;
  std::span<const Rule> statement;
};
[[nodiscard]] Result<Request> read_several(std::string_view body, const SeveralShape& shape);

/// Fills in the tables of the statements.
void find_tables(const Tables& tables, const aws::Call& call, Request& request);
/// What the statements must be allowed to do, each thing once; nothing for those that could not be
/// read. The request outlives the needs.
[[nodiscard]] aws::Needs needs_of(const aws::Call& call, const Request& request);

/// Equal for transactions that do the same.
[[nodiscard]] std::string fingerprint(const Request& request);

}  // namespace stator::dynamodb::partiql
