#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"

namespace stator::dynamodb {

aws::Operation describe_export(recovery::Recovery& recovery) {
  return recovery::resource_operation(
      {"DescribeExport", "ExportArn", "export"},
      [&recovery](const recovery::Resource& resource) -> Result<json::Object> {
        STATOR_TRY(const auto job, recovery.find_export(resource));
        return json::Object{{"ExportDescription", recovery::describe(job)}};
      });
}

}  // namespace stator::dynamodb
