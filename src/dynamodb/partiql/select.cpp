#include <algorithm>
#include <tuple>

#include "base/strings.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/index_entry.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/partiql/columns.hpp"
#include "dynamodb/partiql/execute.hpp"
#include "dynamodb/partiql/key_plan.hpp"
#include "dynamodb/partiql/next_token.hpp"
#include "dynamodb/read_page.hpp"

namespace stator::dynamodb::partiql {

namespace {

/// A range of keys to read, and whether its items have to be filtered.
struct RangeRead {
  std::string partition;  ///< its bytes in keys, which order as it does; "" when scanning
  storage::Range keys;
  bool has_filter = false;
  bool has_negated_sort = false;
  storage::Range partition_keys;  ///< of the whole partition
};

/// ORDER BY, understood.
struct Order {
  bool is_hash_ascending = true;
  bool is_sort_ascending = true;
  bool names_hash = false;
};

Result<Order> read_order(const Statement& statement, const KeyAttributes& keys, bool is_keyed) {
  Order order;
  if (statement.order_by.empty()) return order;
  if (!statement.where) {
    return validation("Must have WHERE clause in the statement when using ORDER BY clause.");
  }
  if (!is_keyed) {
    return validation(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
        "BY clause.");
  }
  for (const OrderKey& entry : statement.order_by) {
    const Expression& key = entry.key;
    if (key.kind != Expression::Kind::kPath || key.path.size() > 1) {
      return validation("Argument to ORDER BY must be of type VariableReference. Type: " +
                        (key.kind == Expression::Kind::kPath ? "PATH" : key.text));
    }
    if (key.path[0].name == keys.partition.name) {
      order.names_hash = true;
      order.is_hash_ascending = entry.is_ascending;
    } else if (keys.sort && key.path[0].name == keys.sort->name) {
      order.is_sort_ascending = entry.is_ascending;
    } else {
      return validation("Variable reference " + key.path[0].name +
                        " in ORDER BY clause must be part of the primary key");
    }
  }
  return order;
}

bool is_empty(const storage::Range& keys) {
  return !keys.end.empty() && keys.begin >= keys.end;
}

storage::Range intersection(const storage::Range& a, const storage::Range& b) {
  storage::Range both{std::max(a.begin, b.begin), a.end};
  if (both.end.empty() || (!b.end.empty() && b.end < both.end)) both.end = b.end;
  return both;
}

Result<storage::Range> range_of(const KeyedRead& read, const Place& place) {
  const KeySchema schema = key_schema(*place.table, place.index);
  STATOR_TRY(const auto partition, expr::bind({read.partition}, schema));
  storage::Range keys = expr::key_range(*place.table, place.index, partition);
  for (const expr::KeyTerm& term : read.sort) {
    STATOR_TRY(const auto condition, expr::bind({read.partition, term}, schema));
    keys = intersection(keys, expr::key_range(*place.table, place.index, condition));
  }
  return keys;
}

/// Names of attributes that entries of the index lack, each once.
std::vector<std::string> unprojected(const Place& place, std::vector<std::string> names) {
  std::vector<std::string> missing;
  for (std::string& name : names) {
    if (projects(*place.table, *place.index, name)) continue;
    if (std::find(missing.begin(), missing.end(), name) == missing.end()) {
      missing.push_back(std::move(name));
    }
  }
  return missing;
}

void add_heads(const expr::Node& node, std::vector<std::string>& names) {
  if (!node.path.empty()) names.push_back(node.path.front().name);
  for (const expr::Node& argument : node.args) add_heads(argument, names);
}

/// A keyed read of an index may not filter by what the index lacks; a scan just finds nothing
/// there. Of several reads AWS lets pass those of which one is in order.
Result<void> check_filters(const Place& place, const std::vector<KeyedRead>& reads) {
  std::vector<std::string> missing;
  for (const KeyedRead& read : reads) {
    std::vector<std::string> names;
    for (auto part = read.rest.rbegin(); part != read.rest.rend(); ++part) {
      add_heads(**part, names);
    }
    missing = unprojected(place, std::move(names));
    if (missing.empty()) return {};
  }
  return invalid_parameter("Secondary index " + place.index->name +
                           " does not project one or more filter attributes: [" +
                           join(missing, ", ") + "]");
}

/// Two reads of one partition may not meet, for an item would come twice. Where a sort key is
/// negated AWS lets that pass: one read of the whole partition serves all of it.
Result<std::vector<RangeRead>> without_overlaps(std::vector<RangeRead> reads) {
  std::sort(reads.begin(), reads.end(), [](const RangeRead& a, const RangeRead& b) {
    return std::tie(a.partition, a.keys.begin) < std::tie(b.partition, b.keys.begin);
  });
  std::vector<RangeRead> apart;
  for (const RangeRead& read : reads) {
    RangeRead* last = apart.empty() ? nullptr : &apart.back();
    if (last == nullptr || last->partition != read.partition ||
        (!last->keys.end.empty() && last->keys.end <= read.keys.begin)) {
      apart.push_back(read);
      continue;
    }
    const bool is_negated = std::any_of(reads.begin(), reads.end(), [&](const RangeRead& other) {
      return other.has_negated_sort && other.partition == read.partition;
    });
    if (!is_negated) {
      return validation("Overlapping conditions with range keys are not supported in where clause");
    }
    last->keys = read.partition_keys;
    last->has_filter = true;
  }
  return apart;
}

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
    STATOR_TRY_VOID(plan());
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
  [[nodiscard]] TableId place_id() const {
    return place_.index ? place_.index->id : place_.table->id;
  }

  Result<void> plan() {
    const KeyAttributes keys = KeyAttributes::of(*place_.table, place_.index);
    const bool is_keyed = where_ && fixes_partition(*where_, keys);
    STATOR_TRY(const auto order, read_order(statement_, keys, is_keyed));
    is_forward_ = order.is_sort_ascending;
    if (!is_keyed) {
      reads_.push_back({"", table_range(place_id()), where_.has_value()});
      return {};
    }
    STATOR_TRY(const auto keyed, keyed_reads(*where_, keys, true));
    if (place_.index) STATOR_TRY_VOID(check_filters(place_, keyed));
    std::vector<RangeRead> reads;
    for (const KeyedRead& one : keyed) {
      if (one.is_void) continue;
      STATOR_TRY(auto range, range_of(one, place_));
      STATOR_TRY(auto whole, range_of({one.partition}, place_));
      if (is_empty(range)) continue;
      reads.push_back({key_bytes(*one.partition.low), std::move(range), !one.rest.empty(),
                       one.has_negated_sort, std::move(whole)});
    }
    STATOR_TRY(reads_, without_overlaps(std::move(reads)));
    return arrange(order);
  }

  Result<void> arrange(const Order& order) {
    if (reads_.empty()) return {};
    const bool has_many = reads_.front().partition != reads_.back().partition;
    if (has_many && !statement_.order_by.empty() && !order.names_hash) {
      return validation(
          "Must have hash key in ORDER BY clause when more than one hash key condition specified "
          "in WHERE clause.");
    }
    std::stable_sort(reads_.begin(), reads_.end(), [&](const RangeRead& a, const RangeRead& b) {
      if (a.partition != b.partition) {
        return order.is_hash_ascending ? a.partition < b.partition : a.partition > b.partition;
      }
      return order.is_sort_ascending ? a.keys.begin < b.keys.begin : a.keys.begin > b.keys.begin;
    });
    return {};
  }

  [[nodiscard]] StatementIdentity identity() const {
    return {*one_.text, one_.parameters, place_id()};
  }

  /// Leaves what comes after the key in the token.
  Result<void> resume() {
    if (!request_.next_token) return {};
    STATOR_TRY(const auto continuation, read_next_token(identity(), *request_.next_token));
    if (continuation.read >= reads_.size()) return validation("Invalid NextToken");
    at_ = continuation.read;
    if (continuation.key.empty()) return {};
    const auto key = start_key(*place_.table, place_.index, continuation.key, Reading::kQuery);
    storage::Range& keys = reads_[at_].keys;
    if (!key || *key < keys.begin || (!keys.end.empty() && *key >= keys.end)) {
      return validation("Invalid NextToken");
    }
    if (is_forward_) {
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
    plan.is_forward = is_forward_;
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
    for (; at_ < reads_.size(); ++at_) {
      if (size_bytes >= kPageBytesMax) {
        next_token_ = write_next_token(identity(), at_, {});
        return {};
      }
      plan.keys = reads_[at_].keys;
      plan.filter = reads_[at_].has_filter ? &*where_ : nullptr;
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
  std::vector<RangeRead> reads_;
  std::size_t at_ = 0;
  bool is_forward_ = true;
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
