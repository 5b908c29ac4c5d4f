#include "dynamodb/errors.hpp"
#include "dynamodb/key_codec.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"
#include "dynamodb/ttl_sweeper.hpp"

namespace stator::dynamodb {

namespace {

struct Specification {
  std::string attribute;
  bool is_enabled = false;
};

Result<Specification> read_specification(const aws::Input& input) {
  STATOR_TRY(const auto object, input.object("TimeToLiveSpecification"));
  const aws::Input members = input.nested(*object);
  STATOR_TRY(const auto attribute, members.text("AttributeName"));
  STATOR_TRY(const auto enabled, members.boolean("Enabled"));
  return Specification{*attribute, *enabled};
}

Result<void> check_change(const std::optional<TimeToLive>& ttl, const Specification& wanted) {
  if (ttl && ttl->attribute != wanted.attribute) {
    return validation(
        "TimeToLive is active on a different AttributeName: current AttributeName is " +
        ttl->attribute);
  }
  if (ttl && wanted.is_enabled) return validation("TimeToLive is already enabled");
  if (!ttl && !wanted.is_enabled) return validation("TimeToLive is already disabled");
  return {};
}

Result<bool> is_empty(const storage::Store& store, const Table& table) {
  const auto items = store.iterate(storage::Family::kItems, table_range(table.id));
  items->seek_first();
  STATOR_TRY_VOID(items->status());
  return !items->valid();
}

Result<json::Object> handle(Tables& tables, const TableRef& ref, const aws::Input& input) {
  STATOR_TRY(const auto wanted, read_specification(input));
  if (!tables.find(ref)) return table_not_found(ref.name);
  std::optional<TimeToLive> before;
  STATOR_TRY(const auto table, tables.update(ref, [&](Table& changed) -> Result<void> {
    STATOR_TRY_VOID(check_change(changed.ttl, wanted));
    before = std::exchange(changed.ttl, std::nullopt);
    if (!wanted.is_enabled) return {};
    STATOR_TRY(const TableId id, tables.next_id());
    STATOR_TRY(const bool is_filled, is_empty(tables.store(), changed));
    changed.ttl = TimeToLive{wanted.attribute, id, is_filled};
    return {};
  }));
  if (table->ttl && !table->ttl->is_filled) fill_expiries_later(tables, ref, table->ttl->id);
  if (before) {
    // Entries that a crash leaves here belong to no table and are swept at the next start.
    const storage::Range entries = table_range(before->id);
    storage::Batch batch;
    batch.erase_range(storage::Family::kTtl, entries.begin, entries.end);
    STATOR_TRY_VOID(tables.store().write(std::move(batch)));
  }
  return json::Object{{"TimeToLiveSpecification", json::Object{{"AttributeName", wanted.attribute},
                                                               {"Enabled", wanted.is_enabled}}}};
}

}  // namespace

aws::Operation update_time_to_live(Tables& tables) {
  return table_operation(tables, "UpdateTimeToLive", {"TableName", "TimeToLiveSpecification"},
                         [&tables](const TableRef& ref, const aws::Input& input) {
                           return handle(tables, ref, input);
                         });
}

}  // namespace stator::dynamodb
