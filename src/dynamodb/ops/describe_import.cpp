#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"

namespace stator::dynamodb {

aws::Operation describe_import(recovery::Recovery& recovery) {
  return recovery::resource_operation(
      {"DescribeImport", "ImportArn", "import"},
      [&recovery](const recovery::Resource& resource) -> Result<json::Object> {
        STATOR_TRY(const auto job, recovery.find_import(resource));
        return json::Object{{"ImportTableDescription", recovery::describe(job)}};
      });
}

}  // namespace stator::dynamodb
