#include <algorithm>

#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/partiql/execute.hpp"

namespace stator::dynamodb {

namespace {

using partiql::Request;
using partiql::Statement;
using partiql::StatementRequest;

Result<std::string> write(Tables& tables, aws::Call& call, const Request& request) {
  const StatementRequest& one = request.statements.front();
  STATOR_TRY(const auto place, partiql::find_place(tables, call, *one.statement));
  partiql::PlannedWrite planned;
  STATOR_TRY_VOID(planned.plan(*place.table, one, false));
  STATOR_TRY(const auto outcome,
             partiql::run_write(tables, call, one, planned, request.wants_capacity()));
  std::string out = "{\"Items\":[" + outcome.returned_json + "]";
  if (request.wants_capacity()) {
    out.push_back(',');
    append_consumed_capacity(out, request.return_consumed_capacity, one.statement->table,
                             write_capacity(outcome.written.change));
  }
  return out + "}";
}

Result<std::string> handle(Tables& tables, aws::Call& call, const Request& request) {
  switch (request.statements.front().statement->kind) {
    case Statement::Kind::kSelect:
      return partiql::execute_select(tables, call, request);
    case Statement::Kind::kExists:
      return validation("EXISTS can only be used in ExecuteTransaction write requests.");
    default:
      return write(tables, call, request);
  }
}

}  // namespace

aws::Operation execute_statement(Tables& tables) {
  const auto parse = [&tables](const aws::Call& call,
                               const aws::RawRequest& request) -> Result<Request> {
    STATOR_TRY(auto parsed, partiql::read_single(request.http.body));
    if (parsed.statements.front().fault) return *parsed.statements.front().fault;
    partiql::find_tables(tables, call, parsed);
    return parsed;
  };
  const auto needs = [](const aws::Call& call, const Request& request) -> Result<aws::Needs> {
    return partiql::needs_of(call, request);
  };
  const auto respond = [&tables](aws::Call& call,
                                 const Request& request) -> Result<http::Response> {
    STATOR_TRY(auto body, handle(tables, call, request));
    http::Response response;
    response.body = std::move(body);
    return response;
  };
  return aws::Operation::raw<Request>("ExecuteStatement", aws::ByName{}, parse, needs, respond);
}

}  // namespace stator::dynamodb
