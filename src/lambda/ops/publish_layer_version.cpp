#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::size_t kRuntimesMax = 15;
constexpr std::size_t kDescriptionMax = 256;
constexpr std::size_t kLicenseMax = 512;

Result<aws::Input> read_content(const aws::Input& input) {
  STATOR_TRY(const auto* content, input.object("Content"));
  if (content == nullptr) return invalid_parameter("Please provide a source for layer content.");
  const aws::Input structure = input.nested(*content);
  STATOR_TRY_VOID(structure.allow_only({"ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion"}));
  return structure;
}

Result<aws::Needs> needs(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto text, input.required_text("LayerName"));
  STATOR_TRY(const auto name, parse_layer_name(call.account, call.region, text));
  STATOR_TRY(const auto content, read_content(input));
  STATOR_TRY(auto all, package_needs(content));
  const LayerReference layer{call.account, call.region, name, 0};
  all.push_back({"lambda:PublishLayerVersion", layer.layer_arn()});
  return all;
}

Result<json::Object> handle(Functions& functions, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"LayerName", "Description", "Content", "CompatibleRuntimes",
                                    "CompatibleArchitectures", "LicenseInfo"}));
  STATOR_TRY(const auto text, input.required_text("LayerName"));
  LayerVersionRecord record;
  STATOR_TRY(const auto name, parse_layer_name(call.account, call.region, text));
  record.reference = {call.account, call.region, name, 0};
  STATOR_TRY(const auto description, input.text("Description"));
  STATOR_TRY(const auto license, input.text("LicenseInfo"));
  record.description = description.value_or("");
  record.license_info = license.value_or("");
  // Only notes for whoever uses the layer: a layer may serve what stator itself cannot run.
  STATOR_TRY(record.compatible_runtimes, input.text_list("CompatibleRuntimes"));
  STATOR_TRY(record.compatible_architectures, input.text_list("CompatibleArchitectures"));
  if (record.description.size() > kDescriptionMax || record.license_info.size() > kLicenseMax ||
      record.compatible_runtimes.size() > kRuntimesMax ||
      record.compatible_architectures.size() > 2) {
    return invalid_parameter(
        "A layer version has a Description of at most 256 characters, a LicenseInfo of at most "
        "512, at most 15 CompatibleRuntimes and 2 CompatibleArchitectures.");
  }
  STATOR_TRY(const auto content, read_content(input));
  STATOR_TRY(const auto added, read_package(functions, call, content));
  record.package = added.package;
  record.created = call.now;
  STATOR_TRY(const auto made, functions.catalog().publish(std::move(record)));
  return render_layer_version(made);
}

}  // namespace

aws::Operation publish_layer_version(Functions& functions) {
  return aws::Operation::json(
      "PublishLayerVersion",
      aws::ByPath{
          .method = "POST", .path = "/2018-10-31/layers/{LayerName}/versions", .status = 201},
      needs, [&functions](aws::Call& call, const aws::Input& input) {
        return handle(functions, call, input);
      });
}

}  // namespace stator::lambda::ops
