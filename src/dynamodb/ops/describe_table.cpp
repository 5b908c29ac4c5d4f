#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"
#include "dynamodb/table_settings.hpp"

namespace stator::dynamodb {

aws::Operation describe_table(Tables& tables) {
  return table_operation(
      tables, "DescribeTable", {"TableName"},
      [&tables](const TableRef& ref, const aws::Input&) -> Result<json::Object> {
        const auto table = tables.find_any(ref);
        if (!table) return table_not_found(ref.name);
        STATOR_TRY(const auto statistics, tables.statistics(*table));
        Table shown = *table;
        forget_old_decreases(shown, tables.clock().wall());
        return json::Object{{"Table", describe(shown, table_status(shown), statistics)}};
      });
}

}  // namespace stator::dynamodb
