#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/key_paths.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/prepared_request.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

Result<std::string> handle(Tables& tables, aws::Call& call, const PreparedRequest& prepared) {
  const auto table = tables.find(TableRef::of(call, *prepared.request.table_name));
  if (!table) return resource_not_found();
  STATOR_TRY(const auto key, key_of_request(*table, prepared.key()));
  if (prepared.projection) STATOR_TRY_VOID(check_key_paths(*table, *prepared.projection));
  STATOR_TRY_VOID(tables.throttle().admit_read(*table));
  STATOR_TRY(const auto bytes, tables.store().get(Family::kItems, key));
  call.durable_after = tables.store().last_write_of(Family::kItems, key);

  std::string out = "{";
  std::size_t size = 0;
  if (bytes) {
    const EncodedItem item(*bytes);
    size = item.size_bytes();
    out.reserve(bytes->size() * 2 + 32);
    out.append("\"Item\":");
    if (prepared.projection) {
      expr::ProjectionTree(*prepared.projection).append_json(item, out);
    } else {
      item.append_json(out);
    }
  }
  const double units = read_units(size, prepared.request.consistent_read.value_or(false));
  tables.throttle().charge_read(*table, ConsumedCapacity{units});
  if (prepared.wants_capacity()) {
    if (out.size() > 1) out.push_back(',');
    append_consumed_capacity(out, prepared.request.return_consumed_capacity,
                             *prepared.request.table_name, units);
  }
  out.push_back('}');
  return out;
}

}  // namespace

aws::Operation get_item(Tables& tables) {
  return item_operation(tables, "GetItem", nullptr,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
