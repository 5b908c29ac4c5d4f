#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation untag_resource(Tables& tables) {
  return table_operation(
      tables, "UntagResource", {"ResourceArn", "TagKeys"},
      [&tables](const TableRef& ref, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto keys, input.text_list("TagKeys"));
        if (keys.empty()) return validation("At least one tag key must be given");
        if (!tables.find(ref)) return resource_arn_not_found(ref.arn());
        const auto erase = [&](Table& table) -> Result<void> {
          for (const std::string& key : keys) table.tags.erase(key);
          return {};
        };
        STATOR_TRY_VOID(tables.update(ref, erase));
        return json::Object();
      });
}

}  // namespace stator::dynamodb
