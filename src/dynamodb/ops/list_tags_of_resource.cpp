#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

aws::Operation list_tags_of_resource(Tables& tables) {
  // All tags fit one page, so no token is ever given and none can come back.
  return table_operation(tables, "ListTagsOfResource", {"ResourceArn"},
                         [&tables](const TableRef& ref, const aws::Input&) -> Result<json::Object> {
                           const auto table = tables.find(ref);
                           if (!table) return resource_arn_not_found(ref.arn());
                           json::Array tags;
                           for (const auto& [key, value] : table->tags) {
                             tags.push_back(json::Object{{"Key", key}, {"Value", value}});
                           }
                           return json::Object{{"Tags", std::move(tags)}};
                         });
}

}  // namespace stator::dynamodb
