#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation delete_table(recovery::Recovery& recovery) {
  return table_operation(
      recovery.tables(), "DeleteTable", {"TableName"},
      [&recovery](const TableRef& ref, const aws::Input&) -> Result<json::Object> {
        STATOR_TRY(const auto table, recovery.remove_table(ref));
        json::Object description = describe(*table, "DELETING", {});
        // A table that is going shows no keys, no date and no global indexes any more.
        for (const auto* member :
             {"KeySchema", "AttributeDefinitions", "CreationDateTime", "GlobalSecondaryIndexes"}) {
          description.erase(member);
        }
        return json::Object{{"TableDescription", std::move(description)}};
      });
}

}  // namespace stator::dynamodb
