#include "base/ids.hpp"
#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/needs.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<aws::Needs> needs(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(auto all, package_needs(input));
  auto record = functions.catalog().find(reference.key.view());
  all.push_back(function_need("lambda:UpdateFunctionCode", reference, std::move(record), input));
  return all;
}

Result<json::Object> handle(Functions& functions, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"FunctionName", "ZipFile", "S3Bucket", "S3Key",
                                    "S3ObjectVersion", "ImageUri", "SourceKMSKeyArn", "Publish",
                                    "DryRun", "RevisionId", "Architectures"}));
  STATOR_TRY(const auto publishes, input.boolean("Publish"));
  STATOR_TRY_VOID(check_architectures(input, "Architectures"));
  STATOR_TRY(const auto dry_run, input.boolean("DryRun"));
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  STATOR_TRY(const auto old, find_function(functions, reference));
  STATOR_TRY_VOID(check_revision(input, *old, "GetFunction/GetAlias"));
  STATOR_TRY(const auto added, read_package(functions, call, input));
  const auto apply = [&](FunctionRecord& record) -> Result<void> {
    STATOR_TRY_VOID(check_revision(input, record, "GetFunction/GetAlias"));
    record.code = added.package;
    record.last_modified = call.now;
    record.revision_id = uuid4(functions.random());
    return check_unzipped_size(record);
  };
  if (dry_run.value_or(false)) {
    FunctionRecord copy = *old;
    STATOR_TRY_VOID(apply(copy));
    return render_configuration(copy, Phase::kSettled);
  }
  STATOR_TRY(const auto record, functions.catalog().change(reference.key.view(), apply));
  functions.refresh(reference.key.view());
  functions.sweep_code();
  if (publishes.value_or(false)) {
    return publish(functions, reference.key.view(), aws::Input(json::Object{}));
  }
  return render_configuration(*record, Phase::kUpdated);
}

}  // namespace

aws::Operation update_function_code(Functions& functions) {
  return aws::Operation::json(
      "UpdateFunctionCode",
      aws::ByPath{.method = "PUT", .path = "/2015-03-31/functions/{FunctionName}/code"},
      [&functions](const aws::Call& call, const aws::Input& input) {
        return needs(functions, call, input);
      },
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
