#include "lambda/ops/support.hpp"

#include <charconv>

#include "base/bytes.hpp"
#include "base/time_format.hpp"
#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/needs.hpp"

namespace stator::lambda::ops {
namespace {

/// The bucket whose keys are directories of this machine, where the server allows them; the name is
/// known from LocalStack.
constexpr std::string_view kDirectories = "hot-reload";

/// What a package's source says, before anything is read.
struct PackageSource {
  std::optional<std::string> zip_base64;
  std::string bucket;
  std::string key;
};

Result<PackageSource> read_source(const aws::Input& code) {
  for (const auto* name : {"ImageUri", "S3ObjectVersion", "SourceKMSKeyArn"}) {
    STATOR_TRY(const auto value, code.text(name));
    if (value && !value->empty()) {
      return unsupported("Lambda's " + std::string(name) + " is not supported.");
    }
  }
  PackageSource source;
  STATOR_TRY(source.zip_base64, code.text("ZipFile"));
  STATOR_TRY(const auto bucket, code.text("S3Bucket"));
  STATOR_TRY(const auto key, code.text("S3Key"));
  if (source.zip_base64.has_value() == (bucket || key)) {
    return invalid_parameter("Please provide a source for function code.");
  }
  if (!source.zip_base64 && (!bucket || !key)) {
    return invalid_parameter("S3Bucket and S3Key must be given together.");
  }
  source.bucket = bucket.value_or("");
  source.key = key.value_or("");
  return source;
}

}  // namespace

Result<FunctionReference> read_reference(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.required_text("FunctionName"));
  STATOR_TRY(const auto qualifier, input.text("Qualifier"));
  return parse_function_name(call.account, call.region, name, qualifier.value_or(""));
}

aws::Operation::JsonNeeds needs_function(Functions& functions, std::string action) {
  return [&functions, action = std::move(action)](const aws::Call& call,
                                                  const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, read_reference(call, input));
    auto record = functions.catalog().find(reference.key.view());
    return aws::Needs{function_need(action, reference, std::move(record), input)};
  };
}

aws::Operation::JsonNeeds needs_layer_version(Functions& functions, std::string action) {
  return [&functions, action = std::move(action)](const aws::Call& call,
                                                  const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, read_layer_reference(call, input));
    STATOR_TRY(auto need, layer_need(functions, action, reference));
    return aws::Needs{std::move(need)};
  };
}

aws::Operation::JsonNeeds needs_tagged_function(Functions& functions, std::string action) {
  return [&functions, action = std::move(action)](const aws::Call& call,
                                                  const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto arn, input.required_text("Resource"));
    STATOR_TRY(const auto reference, parse_function_name(call.account, call.region, arn));
    auto record = functions.catalog().find(reference.key.view());
    return aws::Needs{function_need(action, reference, std::move(record), input)};
  };
}

/// A layer version that is not there has no policy; anything else that keeps it from being read is
/// an error, since its policy may deny.
Result<aws::Permission> layer_need(Functions& functions, std::string action,
                                   const LayerReference& reference) {
  aws::Permission need{std::move(action), reference.arn()};
  const auto record = functions.catalog().find_layer(reference);
  if (!record && record.error().code != ErrorCode::kNotFound) return record.error();
  if (record) {
    STATOR_TRY(need.resource_policy, compile_policy(record->policy));
  }
  return need;
}

Result<aws::Needs> layer_needs(Functions& functions, const aws::Input& input) {
  aws::Needs needs;
  STATOR_TRY(const auto layers, input.text_list("Layers"));
  for (const auto& layer : layers) {
    const auto reference = parse_layer_version_arn(layer);
    if (!reference) {
      needs.push_back({"lambda:GetLayerVersion", layer});
      continue;
    }
    STATOR_TRY(auto need, layer_need(functions, "lambda:GetLayerVersion", *reference));
    needs.push_back(std::move(need));
  }
  return needs;
}

Result<void> check_revision(const aws::Input& input, const FunctionRecord& record,
                            std::string_view read_with) {
  STATOR_TRY(const auto revision, input.text("RevisionId"));
  if (revision && *revision != record.revision_id) return stale_revision(read_with);
  return {};
}

Result<void> check_layer_revision(const aws::Input& input, const LayerVersionRecord& record) {
  STATOR_TRY(const auto revision, input.text("RevisionId"));
  if (revision && *revision != record.revision_id) return stale_revision("GetLayerVersionPolicy");
  return {};
}

Result<void> check_role(Functions& functions, const std::string& role_arn) {
  const auto outcome = functions.credentials().check_assumable(role_arn);
  if (outcome || (outcome.error().code != ErrorCode::kAccessDenied &&
                  outcome.error().code != ErrorCode::kNotFound)) {
    return outcome;
  }
  return invalid_parameter("The role defined for the function cannot be assumed by Lambda.");
}

Result<aws::Needs> package_needs(const aws::Input& code) {
  STATOR_TRY(const auto source, read_source(code));
  if (source.zip_base64) return aws::Needs{};
  return aws::Needs{{"s3:GetObject", "arn:aws:s3:::" + source.bucket + "/" + source.key}};
}

Result<CodeStore::Added> read_package(Functions& functions, const aws::Call& call,
                                      const aws::Input& code) {
  STATOR_TRY(const auto source, read_source(code));
  if (source.zip_base64) {
    const auto zip = base64_decode(*source.zip_base64);
    if (!zip) {
      return Error{ErrorCode::kInvalid, "ZipFile is not valid base64.", "SerializationException"};
    }
    return functions.code().add(*zip);
  }
  if (source.bucket == kDirectories && functions.code().allows_directories()) {
    return functions.code().add_directory(source.key);
  }
  const auto zip = functions.artifacts().read(call.account, source.bucket, source.key);
  if (!zip) {
    if (zip.error().code == ErrorCode::kInternal) return zip.error();
    return invalid_parameter("Error occurred while GetObject. S3 Error Code: " +
                             zip.error().aws_type + ". S3 Error Message: " + zip.error().message);
  }
  return functions.code().add(*zip);
}

Result<std::optional<std::int64_t>> read_count(const aws::Input& input, std::string_view member) {
  const auto* value = json::find(input.members(), member);
  if (value == nullptr || !value->is_string()) return input.integer(member);
  const std::string_view text = json::view(value->get_string());
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) {
    return invalid_parameter(std::string(member) + " is not a number: " + std::string(text));
  }
  return std::optional<std::int64_t>(number);
}

Result<LayerReference> read_layer_reference(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto text, input.required_text("LayerName"));
  STATOR_TRY(const auto version, read_count(input, "VersionNumber"));
  STATOR_TRY(const auto name, parse_layer_name(call.account, call.region, text));
  if (!version || *version < 1) {
    return invalid_parameter("Layer Version Cannot be less than 1.");
  }
  return LayerReference{call.account, call.region, name, *version};
}

json::Object render_layer_summary(const LayerVersionRecord& record) {
  json::Array runtimes;
  for (const auto& runtime : record.compatible_runtimes) runtimes.emplace_back(runtime);
  json::Array architectures;
  for (const auto& one : record.compatible_architectures) architectures.emplace_back(one);
  json::Object out{{"LayerVersionArn", record.reference.arn()},
                   {"Version", record.reference.version},
                   {"Description", record.description},
                   {"CreatedDate", iso8601_lambda(record.created)}};
  if (!runtimes.empty()) out["CompatibleRuntimes"] = std::move(runtimes);
  if (!architectures.empty()) out["CompatibleArchitectures"] = std::move(architectures);
  if (!record.license_info.empty()) out["LicenseInfo"] = record.license_info;
  return out;
}

json::Object render_layer_version(const LayerVersionRecord& record) {
  json::Object out = render_layer_summary(record);
  out["LayerArn"] = record.reference.layer_arn();
  out["Content"] =
      json::Object{{"CodeSha256", code_sha256(record.package)},
                   {"CodeSize", static_cast<std::int64_t>(record.package.zipped_bytes)}};
  return out;
}

json::Object render_runtime_management(const RuntimeManagement& management,
                                       const FunctionReference& reference) {
  json::Object out{{"UpdateRuntimeOn", management.update_on},
                   {"FunctionArn", reference.qualified_arn()}};
  if (!management.runtime_version_arn.empty()) {
    out["RuntimeVersionArn"] = management.runtime_version_arn;
  }
  return out;
}

}  // namespace stator::lambda::ops
