#include <iterator>

#include "base/ids.hpp"
#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/needs.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

Result<aws::Input> read_code(const aws::Input& input) {
  STATOR_TRY(const auto* code, input.object("Code"));
  if (code == nullptr) return invalid_parameter("Please provide a source for function code.");
  const aws::Input structure = input.nested(*code);
  STATOR_TRY_VOID(structure.allow_only(
      {"ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri", "SourceKMSKeyArn"}));
  return structure;
}

Result<aws::Needs> needs(Functions& functions, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY(const auto role, input.required_text("Role"));
  STATOR_TRY(const auto code, read_code(input));
  STATOR_TRY(auto all, package_needs(code));
  const auto record = functions.catalog().find(reference.key.view());
  all.push_back(function_need("lambda:CreateFunction", reference, record, input));
  if (input.has("Tags")) {
    all.push_back(function_need("lambda:TagResource", reference, record, input));
  }
  all.push_back(pass_role_need(role, reference.arn()));
  STATOR_TRY(auto layers, layer_needs(functions, input));
  std::move(layers.begin(), layers.end(), std::back_inserter(all));
  return all;
}

Result<void> check_members(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"FunctionName",  "Runtime",           "Role",          "Handler",
       "Code",          "Description",       "Timeout",       "MemorySize",
       "Publish",       "VpcConfig",         "PackageType",   "DeadLetterConfig",
       "Environment",   "KMSKeyArn",         "TracingConfig", "Tags",
       "Layers",        "FileSystemConfigs", "ImageConfig",   "CodeSigningConfigArn",
       "Architectures", "EphemeralStorage",  "SnapStart",     "LoggingConfig"}));
  STATOR_TRY(const auto package_type, input.text("PackageType"));
  if (package_type.value_or("Zip") != "Zip") {
    return unsupported("Lambda's PackageType " + *package_type + " is not supported; only Zip is.");
  }
  return check_architectures(input, "Architectures");
}

/// Everything but the code.
Result<FunctionRecord> read_record(Functions& functions, const aws::Call& call,
                                   const aws::Input& input) {
  STATOR_TRY(const auto reference, read_reference(call, input));
  STATOR_TRY_VOID(refuse_qualifier(reference));
  STATOR_TRY_VOID(check_members(input));
  FunctionRecord record;
  record.key = reference.key;
  STATOR_TRY_VOID(read_configuration(input, functions.catalog(), record));
  if (record.runtime.empty() || record.handler.empty()) {
    return invalid_parameter(
        "Runtime and Handler are mandatory parameters for functions created with deployment "
        "packages.");
  }
  // Says what to install where the machine has no interpreter for it.
  STATOR_TRY([[maybe_unused]] const auto found, functions.interpreters().find(record.runtime));
  STATOR_TRY_VOID(read_tags(input, "Tags", record.tags));
  return record;
}

Result<json::Object> handle(Functions& functions, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(auto record, read_record(functions, call, input));
  if (functions.catalog().find(record.key.view()) != nullptr) {
    return resource_conflict("Function already exist: " + record.key.name);
  }
  STATOR_TRY_VOID(check_role(functions, record.role));
  STATOR_TRY(const auto code, read_code(input));
  STATOR_TRY(const auto added, read_package(functions, call, code));
  record.code = added.package;
  STATOR_TRY_VOID(check_unzipped_size(record));
  record.last_modified = call.now;
  record.revision_id = uuid4(functions.random());
  STATOR_TRY(const auto publishes, input.boolean("Publish"));
  STATOR_TRY(const auto made, functions.catalog().create(std::move(record)));
  if (publishes.value_or(false)) {
    return publish(functions, made->key.view(), aws::Input(json::Object{}));
  }
  return render_configuration(*made, Phase::kCreated);
}

}  // namespace

aws::Operation create_function(Functions& functions) {
  return aws::Operation::json(
      "CreateFunction",
      aws::ByPath{.method = "POST", .path = "/2015-03-31/functions", .status = 201},
      [&functions](const aws::Call& call, const aws::Input& input) {
        return needs(functions, call, input);
      },
      [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
