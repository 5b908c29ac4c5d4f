#include "dynamodb/read_page.hpp"

#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/evaluate.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

/// One page in the making.
class PageReader {
 public:
  explicit PageReader(const ReadPlan& plan) : plan_(plan) {
    if (plan.projection) projection_.emplace(*plan.projection);
  }

  /// False when the item no longer belongs to this page, or no item after it does.
  bool take(const EncodedItem& item) {
    if (page_.scanned > 0 && page_.size_bytes + item.size_bytes() > kPageBytesMax) return false;
    page_.size_bytes += item.size_bytes();
    ++page_.scanned;
    page_.last_key_json.clear();
    append_key_json(*plan_.table, item, page_.last_key_json);
    if (!plan_.filter || expr::holds(*plan_.filter, item)) {
      ++page_.count;
      if (plan_.writes_items) append(item);
    }
    return page_.scanned < plan_.limit;
  }

  /// At the limit AWS gives a key to go on from, whether or not more items follow.
  [[nodiscard]] Page finish(bool is_cut) {
    if (!is_cut && page_.scanned < plan_.limit) page_.last_key_json.clear();
    return std::move(page_);
  }

 private:
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

  const ReadPlan& plan_;
  std::optional<expr::ProjectionTree> projection_;
  Page page_;
};

}  // namespace

Result<Page> read_page(Tables& tables, aws::Call& call, const ReadPlan& plan) {
  if (!plan.keys.end.empty() && plan.keys.begin >= plan.keys.end) return Page{};
  PageReader page(plan);
  const auto snapshot = tables.store().snapshot();
  call.durable_after = snapshot->sequence();
  const auto family = plan.index ? storage::Family::kIndex : storage::Family::kItems;
  const auto items = tables.store().iterate(family, plan.keys, snapshot.get());
  if (plan.is_forward) {
    items->seek_first();
  } else {
    items->seek_last();
  }
  while (items->valid() && page.take(EncodedItem(items->value()))) {
    if (plan.is_forward) {
      items->next();
    } else {
      items->previous();
    }
  }
  STATOR_TRY_VOID(items->status());
  return page.finish(items->valid());
}

ReadPlan read_plan(const Table& table, const PreparedRequest& prepared) {
  const ItemRequest& request = prepared.request;
  ReadPlan plan;
  plan.table = &table;
  plan.is_forward = request.scan_index_forward.value_or(true);
  if (prepared.filter) plan.filter = &*prepared.filter;
  if (prepared.projection) plan.projection = &*prepared.projection;
  if (request.limit) plan.limit = static_cast<std::uint64_t>(*request.limit);
  plan.writes_items = request.select != "COUNT";
  return plan;
}

std::string page_answer(const PreparedRequest& prepared, const Page& page) {
  const ItemRequest& request = prepared.request;
  std::string out = "{";
  if (request.select != "COUNT") out.append("\"Items\":[").append(page.items_json).append("],");
  out.append("\"Count\":").append(std::to_string(page.count));
  out.append(",\"ScannedCount\":").append(std::to_string(page.scanned));
  if (!page.last_key_json.empty()) {
    out.append(",\"LastEvaluatedKey\":").append(page.last_key_json);
  }
  if (prepared.wants_capacity()) {
    out.push_back(',');
    append_consumed_capacity(out, request.return_consumed_capacity, *request.table_name,
                             read_units(page.size_bytes, request.consistent_read.value_or(false)));
  }
  out.push_back('}');
  return out;
}

Result<void> check_read(const ItemRequest& request) {
  const std::string_view select = request.select ? std::string_view(*request.select) : "";
  if (select == "SPECIFIC_ATTRIBUTES" && !request.projection_expression) {
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
