#include <algorithm>
#include <memory>
#include <set>

#include "dynamodb/batch_capacity.hpp"
#include "dynamodb/batch_request.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/partiql/execute.hpp"

namespace stator::dynamodb {

namespace {

using partiql::Request;
using partiql::Statement;
using partiql::StatementRequest;
using storage::Family;

/// One statement of the batch on its way to its answer.
struct Slot {
  std::optional<Error> error = {};
  std::optional<partiql::SingleRead> read = {};
  std::unique_ptr<partiql::PlannedWrite> write = {};
  std::string key = {};  ///< of its item, in the store
  bool has_run = false;  ///< it came as far as its table's items
  std::string item_json = {};
};

/// "ValidationError" of ValidationException, "DuplicateItem" of DuplicateItemException.
std::string error_code(const Error& error) {
  std::string code = error.aws_type;
  constexpr std::string_view kSuffix = "Exception";
  if (code.ends_with(kSuffix)) code.resize(code.size() - kSuffix.size());
  if (code == "Validation" || code == "Throttling") code += "Error";
  return code;
}

/// Errors of the machine are not a statement's: they end the whole request.
bool is_fatal(const Error& error) {
  return error.code == ErrorCode::kInternal || error.code == ErrorCode::kUnavailable;
}

class Batch {
 public:
  Batch(Tables& tables, aws::Call& call, const Request& request)
      : tables_(tables),
        call_(call),
        request_(request),
        slots_(request.statements.size()),
        capacity_(CapacityTally::Kind::kPlain) {}

  Result<std::string> run() {
    STATOR_TRY_VOID(check_kinds());
    std::set<std::string_view> keys;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      Slot& slot = slots_[i];
      auto planned = plan(request_.statements[i], slot);
      if (!planned) slot.error = std::move(planned).error();
      if (slot.error && is_fatal(*slot.error)) return *slot.error;
      if (!slot.key.empty() && !keys.insert(slot.key).second) {
        return validation("Provided list of item keys contains duplicates");
      }
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].error) continue;
      auto outcome = execute(request_.statements[i], slots_[i]);
      if (!outcome && is_fatal(outcome.error())) return std::move(outcome).error();
      if (!outcome) slots_[i].error = std::move(outcome).error();
    }
    call_.durable_after = durable_after_;
    return answer();
  }

 private:
  Result<void> check_kinds() const {
    const auto has = [this](bool is_read) {
      return std::any_of(request_.statements.begin(), request_.statements.end(),
                         [&](const StatementRequest& one) {
                           return one.statement && one.statement->is_read() == is_read;
                         });
    };
    if (!has(true) || !has(false)) return {};
    return validation("Read and write requests together in the same batch is not supported.");
  }

  Result<void> plan(const StatementRequest& one, Slot& slot) {
    if (one.fault) return *one.fault;
    if (one.statement->kind == Statement::Kind::kExists) {
      return validation("EXISTS can only be used in ExecuteTransaction write requests.");
    }
    STATOR_TRY(const auto place, partiql::find_place(tables_, call_, *one.statement));
    if (one.statement->is_read()) {
      STATOR_TRY(slot.read, partiql::single_read(place, one, true));
      if (!slot.read) {
        return validation(
            "Select statements within BatchExecuteStatement must specify the primary key in the "
            "where clause.");
      }
      STATOR_TRY(slot.key, key_of_request(*place.table, slot.read->key));
      return {};
    }
    slot.write = std::make_unique<partiql::PlannedWrite>();
    STATOR_TRY_VOID(slot.write->plan(*place.table, one, false));
    STATOR_TRY(slot.key, check_action(*place.table, slot.write->action()));
    return {};
  }

  Result<void> execute(const StatementRequest& one, Slot& slot) {
    slot.has_run = true;
    return slot.read ? read(one, slot) : write(one, slot);
  }

  Result<void> read(const StatementRequest& one, Slot& slot) {
    STATOR_TRY_VOID(tables_.throttle().admit_read(*slot.read->table));
    STATOR_TRY(const auto bytes, tables_.store().get(Family::kItems, slot.key));
    reveal(tables_.store().last_write_of(Family::kItems, slot.key));
    const EncodedItem item = bytes ? EncodedItem(*bytes) : EncodedItem();
    if (bytes) slot.read->columns.append_json(item, slot.item_json);
    const ConsumedCapacity consumed{
        read_units(item.size_bytes(), one.consistent_read.value_or(false))};
    tables_.throttle().charge_read(*slot.read->table, consumed);
    capacity_.add(one.statement->table, consumed);
    return {};
  }

  Result<void> write(const StatementRequest& one, Slot& slot) {
    auto outcome = partiql::run_write(tables_, call_, one, *slot.write, request_.wants_capacity());
    if (call_.durable_after) reveal(*call_.durable_after);
    if (!outcome) return std::move(outcome).error();
    slot.item_json = std::move(outcome->returned_json);
    capacity_.add(one.statement->table, write_capacity(outcome->written.change));
    return {};
  }

  void reveal(storage::Sequence sequence) {
    durable_after_ = std::max(durable_after_.value_or(0), sequence);
  }

  [[nodiscard]] std::string answer() const {
    std::string out = "{\"Responses\":";
    {
      JsonList responses(out, '[', ']');
      for (std::size_t i = 0; i < slots_.size(); ++i) {
        responses.next();
        append_response(request_.statements[i], slots_[i], out);
      }
    }
    out.push_back(',');
    if (!capacity_.append(out, request_.return_consumed_capacity)) out.pop_back();
    return out + "}";
  }

  static void append_response(const StatementRequest& one, const Slot& slot, std::string& out) {
    JsonList response(out, '{', '}');
    if (slot.error) {
      response.next_member("Error");
      append_error(*slot.error, out);
    }
    if (!slot.item_json.empty()) {
      response.next_member("Item");
      out.append(slot.item_json);
    }
    if (!slot.has_run) return;
    response.next_member("TableName");
    append_json_string(out, one.statement->table);
  }

  static void append_error(const Error& error, std::string& out) {
    JsonList object(out, '{', '}');
    object.next_member("Code");
    append_json_string(out, error_code(error));
    object.next_member("Message");
    append_json_string(out, error.message);
    if (error.detail_json.empty()) return;
    object.next();
    out.append(error.detail_json, 1, error.detail_json.size() - 2);
  }

  Tables& tables_;
  aws::Call& call_;
  const Request& request_;
  std::vector<Slot> slots_;
  CapacityTally capacity_;
  std::optional<storage::Sequence> durable_after_;
};

}  // namespace

aws::Operation batch_execute_statement(Tables& tables) {
  return aws::Operation::raw<Request>(
      "BatchExecuteStatement", aws::ByName{},
      [&tables, shape = partiql::SeveralShape("BatchExecuteStatement", "Statements")](
          const aws::Call& call, const aws::RawRequest& request) -> Result<Request> {
        STATOR_TRY(auto parsed, partiql::read_several(request.http.body, shape));
        partiql::find_tables(tables, call, parsed);
        return parsed;
      },
      [](const aws::Call& call, const Request& request) -> Result<aws::Needs> {
        return partiql::needs_of(call, request);
      },
      [&tables](aws::Call& call, const Request& request) -> Result<http::Response> {
        STATOR_TRY(auto body, Batch(tables, call, request).run());
        return json_response(std::move(body));
      });
}

}  // namespace stator::dynamodb
