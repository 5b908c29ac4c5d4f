#include "dynamodb/write_item.hpp"

#include <algorithm>

#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/evaluate.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

Error failed_condition(const PreparedRequest& prepared, const EncodedItem& old, bool exists) {
  if (!exists || prepared.request.return_values_on_failure != "ALL_OLD") return condition_failed();
  std::string item;
  old.append_json(item);
  return condition_failed(item);
}

/// Puts what was decided into the store. Nothing, when nothing changes.
Result<std::optional<storage::Sequence>> store(Tables& tables, const std::string& key,
                                               const WrittenItem& written) {
  if (written.now.kind == NewItem::Kind::kKeep) return std::optional<storage::Sequence>();
  storage::Batch batch;
  if (written.now.kind == NewItem::Kind::kErase) {
    batch.erase(Family::kItems, key);
  } else {
    if (written.old_bytes == written.now.bytes) return std::optional<storage::Sequence>();
    batch.put(Family::kItems, key, written.now.bytes);
  }
  STATOR_TRY(const auto sequence, tables.store().write(std::move(batch)));
  return std::optional(sequence);
}

}  // namespace

Result<WrittenItem> write_item(Tables& tables, aws::Call& call, const PreparedRequest& prepared,
                               const ItemWrite& write) {
  const auto latch = tables.latches().lock(write.key);
  WrittenItem written;
  if (write.needs_old || prepared.condition) {
    STATOR_TRY(written.old_bytes, tables.store().get(Family::kItems, write.key));
    call.durable_after = tables.store().last_write_of(Family::kItems, write.key);
  }
  const bool exists = written.old_bytes.has_value();
  const EncodedItem old = exists ? EncodedItem(*written.old_bytes) : EncodedItem();
  if (prepared.condition && !expr::holds(*prepared.condition, old)) {
    return failed_condition(prepared, old, exists);
  }
  STATOR_TRY(written.now, write.decide(old, exists));
  STATOR_TRY(const auto sequence, store(tables, write.key, written));
  if (sequence) call.durable_after = *sequence;
  return written;
}

std::string write_answer(const PreparedRequest& prepared, const WrittenItem& written,
                         std::string_view attributes_json) {
  std::string out = "{";
  if (!attributes_json.empty()) out.append("\"Attributes\":").append(attributes_json);
  if (prepared.wants_capacity()) {
    if (out.size() > 1) out.push_back(',');
    append_consumed_capacity(out, prepared.request.return_consumed_capacity,
                             *prepared.request.table_name,
                             write_units(std::max(written.old_size(), written.new_size())));
  }
  out.push_back('}');
  return out;
}

}  // namespace stator::dynamodb
