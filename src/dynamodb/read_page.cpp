#include "dynamodb/read_page.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/evaluate.hpp"
#include "dynamodb/index_entry.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/key_paths.hpp"
#include "dynamodb/legacy.hpp"

namespace stator::dynamodb {

namespace {

/// One page in the making.
class PageReader {
 public:
  /// `snapshot` is there for plans that fetch.
  PageReader(const storage::Store& store, const storage::Snapshot* snapshot, const ReadPlan& plan)
      : store_(store), snapshot_(snapshot), plan_(plan) {
    if (plan.projection) projection_.emplace(*plan.projection);
  }

  /// False when the item no longer belongs to this page, or no item after it does.
  [[nodiscard]] Result<bool> take(const EncodedItem& entry) {
    if (!plan_.fetches) return take(entry, entry, entry.size_bytes());
    const std::string key = key_of_stored(*plan_.table, entry);
    STATOR_TRY(const auto bytes, store_.get(storage::Family::kItems, key, snapshot_));
    STATOR_CHECK(bytes.has_value());
    const EncodedItem item(*bytes);
    const std::uint64_t taken_before = page_.scanned;
    const bool goes_on = take(entry, item, entry.size_bytes() + item.size_bytes());
    if (page_.scanned > taken_before) page_.fetched_blocks += read_blocks(item.size_bytes());
    return goes_on;
  }

  /// `entries` stands where take() said no, or past the end of the range. At the limit AWS gives a
  /// key to go on from, whether or not more items follow.
  [[nodiscard]] Result<Page> finish(storage::Iterator& entries) {
    const bool is_at_limit = page_.scanned == plan_.limit;
    if (!is_at_limit && !entries.valid()) return std::move(page_);
    // The item that found no room is not the last one of this page.
    if (!is_at_limit) plan_.is_forward ? entries.previous() : entries.next();
    STATOR_TRY_VOID(entries.status());
    STATOR_CHECK(entries.valid());
    append_key_json(*plan_.table, plan_.index, EncodedItem(entries.value()), page_.last_key_json);
    return std::move(page_);
  }

 private:
  /// `entry` is what lies in the range that is read, `item` what is wanted of it.
  bool take(const EncodedItem& entry, const EncodedItem& item, std::size_t read_bytes) {
    if (page_.scanned > 0 && read_bytes_ + read_bytes > kPageBytesMax) return false;
    read_bytes_ += read_bytes;
    page_.size_bytes += entry.size_bytes();
    ++page_.scanned;
    if (!plan_.filter || expr::holds(*plan_.filter, item)) {
      ++page_.count;
      if (plan_.writes_items) append(item);
    }
    return page_.scanned < plan_.limit;
  }

  void append(const EncodedItem& item) {
    if (!page_.items_json.empty()) page_.items_json.push_back(',');
    if (plan_.write_item) {
      plan_.write_item(item, page_.items_json);
    } else if (projection_) {
      projection_->append_json(item, page_.items_json);
    } else {
      item.append_json(page_.items_json);
    }
  }

  const storage::Store& store_;
  const storage::Snapshot* snapshot_;
  const ReadPlan& plan_;
  std::optional<expr::ProjectionTree> projection_;
  Page page_;
  std::size_t read_bytes_ = 0;
};

/// The attributes of `names` that entries of the index lack, each once.
std::vector<std::string> unprojected(const Table& table, const Index& index,
                                     const std::vector<std::string_view>& names) {
  std::vector<std::string> missing;
  for (const std::string_view name : names) {
    if (projects(table, index, name)) continue;
    if (std::find(missing.begin(), missing.end(), name) == missing.end()) {
      missing.emplace_back(name);
    }
  }
  return missing;
}

std::vector<std::string_view> heads(const expr::Projection& projection) {
  std::vector<std::string_view> names;
  for (const expr::Path& path : projection) names.push_back(path.front().name);
  return names;
}

void add_heads(const expr::Node& node, std::vector<std::string_view>& names) {
  if (!node.path.empty()) names.push_back(node.path.front().name);
  for (const expr::Node& argument : node.args) add_heads(argument, names);
}

/// Whether the answer needs more than the entries of the index have; refused when it cannot have
/// it. A local index fetches what is wanted from the table, a global one never.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.Querying
Result<bool> needs_fetch(const Table& table, const Index& index, const PreparedRequest& prepared) {
  if (prepared.filter) {
    std::vector<std::string_view> names;
    add_heads(*prepared.filter, names);
    const auto missing = unprojected(table, index, names);
    if (!missing.empty()) {
      return invalid_parameter("Secondary index " + index.name +
                               " does not project one or more filter attributes: [" +
                               join(missing, ", ") + "]");
    }
  }
  if (prepared.request.select == "ALL_ATTRIBUTES" &&
      index.projection.type != IndexProjection::Type::kAll) {
    if (!index.is_global) return true;
    return invalid_parameter(
        "Select type ALL_ATTRIBUTES is not supported for global secondary index " + index.name +
        " because its projection type is not ALL");
  }
  if (!prepared.projection) return false;
  const auto missing = unprojected(table, index, heads(*prepared.projection));
  if (missing.empty() || !index.is_global) return !missing.empty();
  return invalid_parameter("Global secondary index " + index.name + " does not project [" +
                           join(missing, ", ") + "]");
}

}  // namespace

Result<Page> read_page(Tables& tables, aws::Call& call, const ReadPlan& plan) {
  if (!plan.keys.end.empty() && plan.keys.begin >= plan.keys.end) return Page{};
  Throttle& throttle = tables.throttle();
  STATOR_TRY_VOID(throttle.admit_read(*plan.table, plan.index));
  // An iterator stands still by itself; two that must agree need a snapshot, which costs a lock.
  const auto snapshot = plan.fetches ? tables.store().snapshot() : nullptr;
  PageReader page(tables.store(), snapshot.get(), plan);
  const auto family = plan.index ? storage::Family::kIndex : storage::Family::kItems;
  const auto entries = tables.store().iterate(family, plan.keys, snapshot.get());
  call.durable_after = tables.store().last();  // at least what the iterator sees
  if (plan.is_forward) {
    entries->seek_first();
  } else {
    entries->seek_last();
  }
  while (entries->valid()) {
    STATOR_TRY(const bool goes_on, page.take(EncodedItem(entries->value())));
    if (!goes_on) break;
    if (plan.is_forward) {
      entries->next();
    } else {
      entries->previous();
    }
  }
  STATOR_TRY_VOID(entries->status());
  STATOR_TRY(Page read, page.finish(*entries));
  if (throttle.applies(*plan.table)) throttle.charge_read(*plan.table, read_capacity(plan, read));
  return read;
}

ConsumedCapacity read_capacity(const ReadPlan& plan, const Page& page) {
  const double units = read_units(page.size_bytes, plan.is_consistent);
  if (!plan.index) return {units};
  ConsumedCapacity consumed{static_cast<double>(page.fetched_blocks) *
                            (plan.is_consistent ? 1 : 0.5)};
  consumed.add_index(*plan.index, units);
  return consumed;
}

Result<const Index*> index_to_read(const Table& table, const ItemRequest& request) {
  if (!request.index_name) return static_cast<const Index*>(nullptr);
  const Index* index = table.find_index(*request.index_name);
  if (!index || index->status == Index::Status::kDeleting) {
    return validation("The table does not have the specified index: " + *request.index_name);
  }
  if (index->is_global && request.consistent_read.value_or(false)) {
    return validation("Consistent reads are not supported on global secondary indexes");
  }
  if (index->status == Index::Status::kActive) return index;
  return validation("Cannot read from backfilling global secondary index: " + index->name);
}

Result<ReadPlan> read_plan(const Table& table, const Index* index,
                           const PreparedRequest& prepared) {
  const ItemRequest& request = prepared.request;
  ReadPlan plan;
  plan.table = &table;
  plan.index = index;
  plan.is_forward = request.scan_index_forward.value_or(true);
  plan.is_consistent = request.consistent_read.value_or(false);
  if (prepared.filter) plan.filter = &*prepared.filter;
  if (prepared.projection) plan.projection = &*prepared.projection;
  if (request.limit) plan.limit = static_cast<std::uint64_t>(*request.limit);
  plan.writes_items = request.select != "COUNT";
  if (prepared.projection) STATOR_TRY_VOID(check_key_paths(table, *prepared.projection));
  if (prepared.filter) STATOR_TRY_VOID(check_key_paths(table, *prepared.filter));
  if (index) {
    STATOR_TRY(plan.fetches, needs_fetch(table, *index, prepared));
  }
  return plan;
}

std::string page_answer(const PreparedRequest& prepared, const ReadPlan& plan, const Page& page) {
  const ItemRequest& request = prepared.request;
  std::string out;
  out.reserve(page.items_json.size() + page.last_key_json.size() + 512);
  out.push_back('{');
  if (request.select != "COUNT") out.append("\"Items\":[").append(page.items_json).append("],");
  out.append("\"Count\":").append(std::to_string(page.count));
  out.append(",\"ScannedCount\":").append(std::to_string(page.scanned));
  if (!page.last_key_json.empty()) {
    out.append(",\"LastEvaluatedKey\":").append(page.last_key_json);
  }
  if (prepared.wants_capacity()) {
    out.push_back(',');
    append_consumed_capacity(out, request.return_consumed_capacity, *request.table_name,
                             read_capacity(plan, page));
  }
  out.push_back('}');
  return out;
}

Result<void> check_read(const ItemRequest& request) {
  const std::string_view select = request.select ? std::string_view(*request.select) : "";
  const bool has_names = has_attributes_to_get(request);
  if (has_names && !select.empty() && select != "SPECIFIC_ATTRIBUTES") {
    return validation("Cannot specify the AttributesToGet when choosing to get " +
                      (select == "COUNT" ? "only the Count" : std::string(select)));
  }
  if (select == "SPECIFIC_ATTRIBUTES" && !request.projection_expression && !has_names) {
    return invalid_parameter(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (request.projection_expression && !select.empty() && select != "SPECIFIC_ATTRIBUTES") {
    return invalid_parameter("Cannot specify the ProjectionExpression when choosing to get " +
                             std::string(select));
  }
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !request.index_name) {
    return invalid_parameter(
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  return {};
}

}  // namespace stator::dynamodb
