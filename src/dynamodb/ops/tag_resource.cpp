#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation tag_resource(Tables& tables) {
  return table_operation(
      tables, "TagResource", {"ResourceArn", "Tags"},
      [&tables](const TableRef& ref, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto added, read_tags(input, "Tags"));
        if (added.empty()) return validation("At least one tag must be given");
        if (!tables.find(ref)) return resource_arn_not_found(ref.arn());
        const auto add = [&](Table& table) -> Result<void> {
          for (const auto& [key, value] : added) table.tags[key] = value;
          if (table.tags.size() > kTagsMax) return validation("A table has at most 50 tags");
          return {};
        };
        STATOR_TRY_VOID(tables.update(ref, add));
        return json::Object();
      });
}

}  // namespace stator::dynamodb
