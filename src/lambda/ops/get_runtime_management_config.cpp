#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto record, find_function(functions, reference));
  const auto settings = functions.catalog().settings(reference.key.view());
  RuntimeManagement management;
  if (settings != nullptr) {
    const auto found = settings->runtime_management.find(record->version);
    if (found != settings->runtime_management.end()) management = found->second;
  }
  return render_runtime_management(management, reference);
}

}  // namespace

aws::Operation get_runtime_management_config(Functions& functions) {
  return aws::Operation::json(
      "GetRuntimeManagementConfig",
      aws::ByPath{.method = "GET",
                  .path = "/2021-07-20/functions/{FunctionName}/runtime-management-config",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:GetRuntimeManagementConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
