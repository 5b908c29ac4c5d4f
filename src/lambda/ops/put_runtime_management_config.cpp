#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

std::string runtime_arn_of(const FunctionRecord& record) {
  const auto shown = render_configuration(record, Phase::kSettled);
  const auto* version = json::find(shown, "RuntimeVersionConfig");
  if (version == nullptr || !version->is_object()) return {};
  return json::find_string(version->get_object(), "RuntimeVersionArn").value_or("");
}

/// A machine has one build of a runtime, so Manual can pin no other.
Result<RuntimeManagement> read_management(const aws::Input& input, const FunctionRecord& record) {
  RuntimeManagement management;
  STATOR_TRY(management.update_on, input.required_text("UpdateRuntimeOn"));
  STATOR_TRY(const auto arn, input.text("RuntimeVersionArn"));
  const bool is_manual = management.update_on == "Manual";
  if (!is_manual && management.update_on != "Auto" && management.update_on != "FunctionUpdate") {
    return constraint_failed(management.update_on, "updateRuntimeOn",
                             "satisfy enum value set: [Auto, Manual, FunctionUpdate]");
  }
  if (is_manual != arn.has_value()) {
    return invalid_parameter(is_manual
                                 ? "RuntimeVersionArn is required when UpdateRuntimeOn is Manual."
                                 : "RuntimeVersionArn can be given only when UpdateRuntimeOn is "
                                   "Manual.");
  }
  if (arn && *arn != runtime_arn_of(record)) {
    return unsupported("The runtime version " + *arn + " is not on this machine; there is " +
                       runtime_arn_of(record) + ".");
  }
  management.runtime_version_arn = arn.value_or("");
  return management;
}

Result<json::Object> handle(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"FunctionName", "Qualifier", "UpdateRuntimeOn", "RuntimeVersionArn"}));
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto record, find_function(functions, reference));
  STATOR_TRY(const auto management, read_management(input, *record));
  const auto apply = [&](FunctionSettings& settings) -> Result<void> {
    settings.runtime_management[record->version] = management;
    return {};
  };
  STATOR_TRY_VOID(functions.catalog().change_settings(reference.key.view(), apply));
  return render_runtime_management(management, reference);
}

}  // namespace

aws::Operation put_runtime_management_config(Functions& functions) {
  return aws::Operation::json(
      "PutRuntimeManagementConfig",
      aws::ByPath{.method = "PUT",
                  .path = "/2021-07-20/functions/{FunctionName}/runtime-management-config",
                  .query = {{"Qualifier", "Qualifier"}}},
      needs_function(functions, "lambda:PutRuntimeManagementConfig"),
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
