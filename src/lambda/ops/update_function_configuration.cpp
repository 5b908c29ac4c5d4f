#include <iterator>

#include "base/ids.hpp"
#include "lambda/configuration.hpp"
#include "lambda/needs.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<aws::Needs> needs(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  auto record = functions.catalog().find(reference.key.view());
  aws::Needs all{
      function_need("lambda:UpdateFunctionConfiguration", reference, std::move(record), input)};
  STATOR_TRY(const auto role, input.text("Role"));
  if (role) all.push_back(pass_role_need(*role, reference.arn()));
  STATOR_TRY(auto layers, layer_needs(functions, input));
  std::move(layers.begin(), layers.end(), std::back_inserter(all));
  return all;
}

Result<json::Object> handle(Functions& functions, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"FunctionName", "Role", "Handler", "Description", "Timeout", "MemorySize",
                        "VpcConfig", "Environment", "Runtime", "DeadLetterConfig", "KMSKeyArn",
                        "TracingConfig", "RevisionId", "Layers", "FileSystemConfigs", "ImageConfig",
                        "EphemeralStorage", "SnapStart", "LoggingConfig"}));
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  STATOR_TRY([[maybe_unused]] const auto old, find_function(functions, reference));
  STATOR_TRY(const auto role, input.text("Role"));
  if (role) STATOR_TRY_VOID(check_role(functions, *role));
  STATOR_TRY(const auto runtime, input.text("Runtime"));
  if (runtime) {
    STATOR_TRY([[maybe_unused]] const auto found, functions.interpreters().find(*runtime));
  }
  const auto apply = [&](FunctionRecord& record) -> Result<void> {
    STATOR_TRY_VOID(check_revision(input, record, "GetFunction/GetAlias"));
    STATOR_TRY_VOID(read_configuration(input, functions.catalog(), record));
    record.last_modified = call.now;
    record.revision_id = uuid4(functions.random());
    return check_unzipped_size(record);
  };
  STATOR_TRY(const auto record, functions.catalog().change(reference.key.view(), apply));
  functions.refresh(reference.key.view());
  functions.sweep_code();
  return render_configuration(*record, Phase::kUpdated);
}

}  // namespace

aws::Operation update_function_configuration(Functions& functions) {
  return aws::Operation::json(
      "UpdateFunctionConfiguration",
      aws::ByPath{.method = "PUT", .path = "/2015-03-31/functions/{FunctionName}/configuration"},
      [&functions](const aws::Call& call, const aws::Input& input) {
        return needs(functions, call, input);
      },
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
