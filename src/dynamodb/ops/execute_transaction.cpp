#include <algorithm>
#include <deque>

#include "dynamodb/batch_capacity.hpp"
#include "dynamodb/batch_request.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/partiql/execute.hpp"
#include "dynamodb/transaction.hpp"

namespace stator::dynamodb {

namespace {

using partiql::Request;
using partiql::Statement;
using partiql::StatementRequest;

Error failed_statement(std::size_t index, const Error& error) {
  return validation("Validation failed in TransactStatements[" + std::to_string(index) +
                    "]: " + error.message);
}

/// One transaction: statements planned one after another, then handed to the engine together.
class Transaction {
 public:
  Transaction(Tables& tables, aws::Call& call, const Request& request)
      : tables_(tables), call_(call), request_(request) {}

  Result<std::string> run() {
    STATOR_TRY_VOID(check_statements());
    std::vector<CancellationReason> reasons(request_.statements.size());
    bool is_cancelled = false;
    for (std::size_t i = 0; i < request_.statements.size(); ++i) {
      const StatementRequest& one = request_.statements[i];
      auto planned = plan(one);
      if (planned) continue;
      if (planned.error().aws_type != "ResourceNotFoundException") {
        return failed_statement(i, planned.error());
      }
      reasons[i] = {"ResourceNotFound", planned.error().message, {}};
      is_cancelled = true;
    }
    if (is_cancelled) return transaction_cancelled(reasons);
    return reads_.empty() ? write() : read();
  }

 private:
  /// Statements that cannot be read, then whether they fit together.
  Result<void> check_statements() const {
    const auto& statements = request_.statements;
    for (const StatementRequest& one : statements) {
      if (one.is_parameter_fault) return *one.fault;
    }
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (statements[i].fault) return failed_statement(i, *statements[i].fault);
    }
    const auto is_read = [](const StatementRequest& one) { return one.statement->is_read(); };
    const auto reads = std::count_if(statements.begin(), statements.end(), is_read);
    if (reads != 0 && static_cast<std::size_t>(reads) != statements.size()) {
      return validation(
          "ExecuteTransaction API does not support both read and write operations in the same "
          "request.");
    }
    return check_payload();
  }

  Result<void> check_payload() const {
    std::size_t payload = 0;
    for (const StatementRequest& one : request_.statements) {
      payload += one.text->size();
      for (const Value& parameter : one.parameters) payload += size_bytes(parameter);
    }
    if (payload <= kTransactionBytesMax) return {};
    return validation("Transaction payload size cannot exceed 4MB. Payload Size: " +
                      std::to_string(payload));
  }

  Result<void> plan(const StatementRequest& one) {
    const Statement& statement = *one.statement;
    if (!tables_.find(TableRef::of(call_, statement.table))) return resource_not_found();
    if (statement.is_read() && statement.index) {
      return validation("Reads on indices are not supported within transactions.");
    }
    if (statement.returning) {
      return validation("RETURNING clause is not supported in ExecuteTransaction.");
    }
    STATOR_TRY(const auto place, partiql::find_place(tables_, call_, statement));
    if (!statement.is_read()) return writes_.emplace_back().plan(*place.table, one, true);
    STATOR_TRY(auto read, partiql::single_read(place, one, false));
    if (!read) {
      return validation(
          "Select statements within ExecuteTransaction must specify the primary key in the where "
          "clause.");
    }
    reads_.push_back(std::move(*read));
    return {};
  }

  [[nodiscard]] TableRef table_of(std::size_t index) const {
    return TableRef::of(call_, request_.statements[index].statement->table);
  }

  Result<std::string> read() {
    std::vector<TransactGet> gets;
    gets.reserve(reads_.size());
    for (std::size_t i = 0; i < reads_.size(); ++i) gets.push_back({table_of(i), &reads_[i].key});
    STATOR_TRY(const auto items, transact_get(tables_, call_, gets));
    CapacityTally capacity(CapacityTally::Kind::kTransactRead);
    std::string out = "{\"Responses\":";
    {
      JsonList responses(out, '[', ']');
      for (std::size_t i = 0; i < reads_.size(); ++i) {
        responses.next();
        JsonList response(out, '{', '}');
        if (items.items[i]) {
          response.next_member("Item");
          reads_[i].columns.append_json(EncodedItem(*items.items[i]), out);
        }
        capacity.add(request_.statements[i].statement->table,
                     read_units(items.size_bytes(i), true));
      }
    }
    return finish(std::move(out), capacity);
  }

  Result<std::string> write() {
    const Error duplicate = partiql::duplicate_item();
    std::vector<TransactWrite> writes;
    writes.reserve(writes_.size());
    for (std::size_t i = 0; i < writes_.size(); ++i) {
      TransactWrite write{table_of(i), writes_[i].action(),
                          request_.statements[i].returns_old_on_failure()};
      if (writes_[i].is_insert()) {
        write.returns_old_on_failure = false;
        write.failure_code = "DuplicateItem";
        write.failure_message = duplicate.message;
      }
      writes.push_back(std::move(write));
    }
    TransactWriteOptions options;
    options.wants_old = request_.wants_capacity();
    if (const auto& token = request_.client_request_token) {
      options.token = RequestToken{*token, partiql::fingerprint(request_)};
    }
    STATOR_TRY(const auto written, transact_write(tables_, call_, writes, options));
    return finish("{\"Responses\":[]", capacity_of(written));
  }

  /// A repeated call is charged for reading what the first one wrote.
  [[nodiscard]] CapacityTally capacity_of(const WrittenItems& written) const {
    using Kind = CapacityTally::Kind;
    CapacityTally capacity(written.is_replay ? Kind::kTransactRead : Kind::kTransactWrite);
    for (std::size_t i = 0; i < written.changes.size(); ++i) {
      const ItemChange& change = written.changes[i];
      const std::size_t size = change.old_bytes ? EncodedItem(*change.old_bytes).size_bytes() : 0;
      capacity.add(
          request_.statements[i].statement->table,
          written.is_replay ? ConsumedCapacity{read_units(size, true)} : write_capacity(change));
    }
    return capacity;
  }

  [[nodiscard]] std::string finish(std::string out, const CapacityTally& capacity) const {
    out.push_back(',');
    if (!capacity.append(out, request_.return_consumed_capacity)) out.pop_back();
    return out + "}";
  }

  Tables& tables_;
  aws::Call& call_;
  const Request& request_;
  std::vector<partiql::SingleRead> reads_;
  std::deque<partiql::PlannedWrite> writes_;
};

}  // namespace

aws::Operation execute_transaction(Tables& tables) {
  return aws::Operation::raw<Request>(
      "ExecuteTransaction", aws::ByName{},
      [&tables, shape = partiql::SeveralShape("ExecuteTransaction", "TransactStatements")](
          const aws::Call& call, const aws::RawRequest& request) -> Result<Request> {
        STATOR_TRY(auto parsed, partiql::read_several(request.http.body, shape));
        partiql::find_tables(tables, call, parsed);
        return parsed;
      },
      [](const aws::Call& call, const Request& request) -> Result<aws::Needs> {
        return partiql::needs_of(call, request);
      },
      [&tables](aws::Call& call, const Request& request) -> Result<http::Response> {
        STATOR_TRY(auto body, Transaction(tables, call, request).run());
        return json_response(std::move(body));
      });
}

}  // namespace stator::dynamodb
