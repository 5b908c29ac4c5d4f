#include "dynamodb/read_page.hpp"

#include <limits>

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
  PageReader(const Table& table, const PreparedRequest& prepared)
      : table_(table),
        prepared_(prepared),
        limit_(prepared.request.limit ? static_cast<std::uint64_t>(*prepared.request.limit)
                                      : std::numeric_limits<std::uint64_t>::max()),
        writes_items_(prepared.request.select != "COUNT") {
    if (prepared.projection) projection_.emplace(*prepared.projection);
  }

  /// False when the item no longer belongs to this page.
  bool take(const EncodedItem& item) {
    if (scanned_ > 0 && size_ + item.size_bytes() > kPageBytesMax) return false;
    size_ += item.size_bytes();
    ++scanned_;
    last_key_.clear();
    append_key_json(table_, item, last_key_);
    if (!prepared_.filter || expr::holds(*prepared_.filter, item)) {
      ++count_;
      if (writes_items_) append(item);
    }
    if (scanned_ < limit_) return true;
    has_reached_limit_ = true;
    return false;
  }

  [[nodiscard]] bool has_reached_limit() const { return has_reached_limit_; }

  [[nodiscard]] std::string answer(bool is_cut) {
    std::string out = "{";
    if (writes_items_) out.append("\"Items\":[").append(items_).append("],");
    out.append("\"Count\":").append(std::to_string(count_));
    out.append(",\"ScannedCount\":").append(std::to_string(scanned_));
    if (is_cut) out.append(",\"LastEvaluatedKey\":").append(last_key_);
    if (prepared_.wants_capacity()) {
      out.push_back(',');
      append_consumed_capacity(
          out, prepared_.request.return_consumed_capacity, *prepared_.request.table_name,
          read_units(size_, prepared_.request.consistent_read.value_or(false)));
    }
    out.push_back('}');
    return out;
  }

 private:
  void append(const EncodedItem& item) {
    if (!items_.empty()) items_.push_back(',');
    if (projection_) {
      projection_->append_json(item, items_);
    } else {
      item.append_json(items_);
    }
  }

  const Table& table_;
  const PreparedRequest& prepared_;
  std::uint64_t limit_;
  bool writes_items_;
  std::optional<expr::ProjectionTree> projection_;
  bool has_reached_limit_ = false;
  std::uint64_t count_ = 0;
  std::uint64_t scanned_ = 0;
  std::size_t size_ = 0;
  std::string items_;
  std::string last_key_;
};

}  // namespace

Result<std::string> read_page(Tables& tables, aws::Call& call, const Table& table,
                              const PreparedRequest& prepared, const PageBounds& bounds) {
  PageReader page(table, prepared);
  if (!bounds.keys.end.empty() && bounds.keys.begin >= bounds.keys.end) return page.answer(false);
  const auto snapshot = tables.store().snapshot();
  call.durable_after = snapshot->sequence();
  const auto items = tables.store().iterate(storage::Family::kItems, bounds.keys, snapshot.get());
  if (bounds.is_forward) {
    items->seek_first();
  } else {
    items->seek_last();
  }
  while (items->valid() && page.take(EncodedItem(items->value()))) {
    if (bounds.is_forward) {
      items->next();
    } else {
      items->previous();
    }
  }
  STATOR_TRY_VOID(items->status());
  // At the limit AWS gives a key to go on from, whether or not more items follow.
  return page.answer(items->valid() || page.has_reached_limit());
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
