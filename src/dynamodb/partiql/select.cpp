#include "base/strings.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/partiql/columns.hpp"
#include "dynamodb/partiql/execute.hpp"
#include "dynamodb/partiql/key_plan.hpp"
#include "dynamodb/partiql/next_token.hpp"
#include "dynamodb/partiql/read_ranges.hpp"
#include "dynamodb/read_page.hpp"

namespace stator::dynamodb::partiql {

namespace {

/// One SELECT on its way from the statement to a page.
class Select {
 public:
  Select(Tables& tables, aws::Call& call, const Request& request)
      : tables_(tables),
        call_(call),
        request_(request),
        one_(request.statements.front()),
        statement_(*one_.statement) {}

  Result<std::string> run() {
    STATOR_TRY(place_, find_place(tables_, call_, statement_));
    STATOR_TRY(columns_, Columns::from(statement_.columns));
    STATOR_TRY_VOID(check_index());
    if (statement_.where) {
      STATOR_TRY(where_, to_condition(*statement_.where, {one_.parameters, values_}));
    }
    STATOR_TRY(ranges_, plan_ranges(statement_, where_, place_));
    STATOR_TRY_VOID(resume());
    STATOR_TRY_VOID(read());
    return answer();
  }

 private:
  /// What may be read of an index, and whether a local one has to fetch it from the table.
  Result<void> check_index() {
    if (!place_.index) return {};
    const Index& index = *place_.index;
    if (index.is_global && is_consistent()) {
      return validation("Consistent reads are not supported on global secondary indexes");
    }
    if (index.status != Index::Status::kActive) {
      return validation("Cannot read from backfilling global secondary index: " + index.name);
    }
    std::vector<std::string> names;
    for (const expr::Path& path : columns_.paths()) names.push_back(path.front().name);
    const auto missing = unprojected(place_, std::move(names));
    if (missing.empty()) return {};
    fetches_ = !index.is_global;
    if (fetches_) return {};
    return invalid_parameter("Global secondary index " + index.name + " does not project [" +
                             join(missing, ", ") + "]");
  }

  [[nodiscard]] bool is_consistent() const { return one_.consistent_read.value_or(false); }
  [[nodiscard]] StatementIdentity identity() const {
    return {*one_.text, one_.parameters, place_.id()};
  }

  /// Leaves what comes after the key in the token.
  Result<void> resume() {
    if (!request_.next_token) return {};
    STATOR_TRY(const auto continuation, read_next_token(identity(), *request_.next_token));
    if (continuation.read >= ranges_.reads.size()) return validation("Invalid NextToken");
    at_ = continuation.read;
    if (continuation.key.empty()) return {};
    const auto key = start_key(*place_.table, place_.index, continuation.key, Reading::kQuery);
    storage::Range& keys = ranges_.reads[at_].keys;
    if (!key || *key < keys.begin || (!keys.end.empty() && *key >= keys.end)) {
      return validation("Invalid NextToken");
    }
    if (ranges_.is_forward) {
      keys.begin = after(*key);
    } else {
      keys.end = *key;
    }
    return {};
  }

  Result<void> read() {
    ReadPlan plan;
    plan.table = place_.table.get();
    plan.index = place_.index;
    plan.is_forward = ranges_.is_forward;
    plan.is_consistent = is_consistent();
    plan.fetches = fetches_;
    if (!columns_.takes_all()) {
      plan.write_item = [this](const EncodedItem& item, std::string& out) {
        columns_.append_json(item, out);
      };
    }
    plan.limit = static_cast<std::uint64_t>(
        request_.limit.value_or(std::numeric_limits<std::int64_t>::max()));
    std::size_t size_bytes = 0;
    for (; at_ < ranges_.reads.size(); ++at_) {
      if (size_bytes >= kPageBytesMax) {
        next_token_ = write_next_token(identity(), at_, {});
        return {};
      }
      plan.keys = ranges_.reads[at_].keys;
      plan.filter = ranges_.reads[at_].has_filter ? &*where_ : nullptr;
      STATOR_TRY(const auto page, read_page(tables_, call_, plan));
      consumed_.add(read_capacity(plan, page));
      take(page);
      if (!next_token_.empty()) return {};
      plan.limit -= page.scanned;
      size_bytes += page.size_bytes;
    }
    return {};
  }

  void take(const Page& page) {
    if (!page.items_json.empty()) {
      if (!items_json_.empty()) items_json_.push_back(',');
      items_json_.append(page.items_json);
    }
    if (page.last_key_json.empty()) return;
    last_key_json_ = page.last_key_json;
    next_token_ = write_next_token(identity(), at_, page.last_key_json);
  }

  [[nodiscard]] std::string answer() const {
    std::string out = "{\"Items\":[" + items_json_ + "]";
    if (!next_token_.empty()) out.append(",\"NextToken\":\"").append(next_token_).append("\"");
    if (!last_key_json_.empty()) out.append(",\"LastEvaluatedKey\":").append(last_key_json_);
    if (request_.wants_capacity()) {
      out.push_back(',');
      append_consumed_capacity(out, request_.return_consumed_capacity, statement_.table, consumed_);
    }
    return out + "}";
  }

  Tables& tables_;
  aws::Call& call_;
  const Request& request_;
  const StatementRequest& one_;
  const Statement& statement_;

  std::deque<Value> values_;
  Place place_;
  Columns columns_;
  std::optional<expr::Node> where_;
  ReadRanges ranges_;
  std::size_t at_ = 0;
  bool fetches_ = false;

  std::string items_json_;
  std::string last_key_json_;
  std::string next_token_;
  ConsumedCapacity consumed_;
};

}  // namespace

Result<Place> find_place(const Tables& tables, const aws::Call& call, const Statement& statement) {
  Place place{tables.find(TableRef::of(call, statement.table))};
  if (!place.table) return resource_not_found();
  if (statement.refusal) return *statement.refusal;
  if (!statement.index) return place;
  if (!statement.is_read()) return validation("This operation is not supported on an index");
  place.index = place.table->find_index(*statement.index);
  if (place.index == nullptr || place.index->status == Index::Status::kDeleting) {
    return validation("The table does not have the specified index: " + *statement.index);
  }
  if (place.index->partition.size() > 1 || place.index->sort.size() > 1) {
    return validation(
        "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
        "multi-attribute RANGE keys.");
  }
  return place;
}

Result<std::string> execute_select(Tables& tables, aws::Call& call, const Request& request) {
  return Select(tables, call, request).run();
}

Result<std::optional<SingleRead>> single_read(const Place& place, const StatementRequest& request,
                                              bool checks_types) {
  const Statement& statement = *request.statement;
  SingleRead read{place.table};
  STATOR_TRY(read.columns, Columns::from(statement.columns));
  if (!statement.where || place.index || !statement.order_by.empty()) {
    return std::optional<SingleRead>();
  }
  std::deque<Value> values;
  STATOR_TRY(const auto where, to_condition(*statement.where, {request.parameters, values}));
  const KeyAttributes keys = KeyAttributes::of(*place.table, nullptr);
  if (!fixes_partition(where, keys)) return std::optional<SingleRead>();
  STATOR_TRY(const auto reads, keyed_reads(where, keys, checks_types));
  auto key = single_key(reads, keys);
  if (!key) return std::optional<SingleRead>();
  read.key = std::move(*key);
  return std::optional(std::move(read));
}

}  // namespace stator::dynamodb::partiql
