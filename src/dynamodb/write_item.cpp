#include "dynamodb/write_item.hpp"

#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/evaluate.hpp"
#include "dynamodb/item_collection.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

Error failed_condition(bool returns_old, const EncodedItem& old, bool exists) {
  if (!exists || !returns_old) return condition_failed();
  std::string item;
  old.append_json(item);
  return condition_failed(item);
}

}  // namespace

Result<WrittenItem> write_item(Tables& tables, aws::Call& call, const TableRef& ref,
                               const WriteAction& action, const WriteOptions& options) {
  const WriteAccess access = tables.write_access(ref);
  if (access.is_empty()) return resource_not_found();
  const Table& table = access.table();
  WrittenItem written{access.handle(), {&table, &access.state(), {}, {}, {}}};
  ItemChange& change = written.change;
  STATOR_TRY(change.key, check_action(table, action));

  STATOR_TRY_VOID(tables.throttle().admit_write(table));
  const auto latch = tables.latches().lock(change.key);
  if (options.needs_old || action.condition || table.needs_old_items() ||
      action.kind != WriteAction::Kind::kPut) {
    STATOR_TRY(change.old_bytes, tables.store().get(Family::kItems, change.key));
    call.durable_after = tables.store().last_write_of(Family::kItems, change.key);
  }
  const bool exists = change.old_bytes.has_value();
  const EncodedItem old = exists ? EncodedItem(*change.old_bytes) : EncodedItem();
  if (action.condition && !expr::holds(*action.condition, old)) {
    return failed_condition(options.returns_old_on_failure, old, exists);
  }
  STATOR_TRY(change.now, decide(table, action, old, exists));
  STATOR_TRY(const auto sequence, commit(tables.store(), {&change, 1}, call.now, options.cause));
  if (sequence) call.durable_after = *sequence;
  if (tables.throttle().applies(table)) {
    tables.throttle().charge_write(table, write_capacity(change));
  }
  return written;
}

Result<WrittenItem> write_item(Tables& tables, aws::Call& call, const PreparedRequest& prepared,
                               WriteAction action, bool needs_old) {
  if (prepared.condition) action.condition = &*prepared.condition;
  const WriteOptions options{needs_old || prepared.wants_capacity(),
                             prepared.request.return_values_on_failure == "ALL_OLD",
                             Cause::kRequest};
  STATOR_TRY(
      auto written,
      write_item(tables, call, TableRef::of(call, *prepared.request.table_name), action, options));
  if (prepared.request.return_item_collection_metrics == "SIZE" &&
      has_item_collections(*written.table)) {
    STATOR_TRY(written.collection_json,
               item_collection_metrics(tables, call, *written.table,
                                       action.item ? *action.item : *action.key));
  }
  return written;
}

std::string write_answer(const PreparedRequest& prepared, const WrittenItem& written,
                         std::string_view attributes_json) {
  std::string out = "{";
  if (!attributes_json.empty()) out.append("\"Attributes\":").append(attributes_json);
  if (prepared.wants_capacity()) {
    if (out.size() > 1) out.push_back(',');
    append_consumed_capacity(out, prepared.request.return_consumed_capacity,
                             *prepared.request.table_name, write_capacity(written.change));
  }
  if (!written.collection_json.empty()) {
    if (out.size() > 1) out.push_back(',');
    out.append("\"ItemCollectionMetrics\":").append(written.collection_json);
  }
  out.push_back('}');
  return out;
}

}  // namespace stator::dynamodb
