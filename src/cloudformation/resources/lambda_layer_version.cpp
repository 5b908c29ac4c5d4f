#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "lambda";
constexpr std::size_t kNameMax = 64;

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = picked(properties, {"Content", "Description", "LicenseInfo",
                                           "CompatibleRuntimes", "CompatibleArchitectures"});
  std::string name = text_of(properties, "LayerName");
  if (name.empty()) name = context.generate_name(kNameMax);
  input["LayerName"] = name;
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "PublishLayerVersion", std::move(input)));
  const std::string arn = text_of(made, "LayerVersionArn");
  return context.exists({arn, {{"LayerVersionArn", arn}}, properties});
}

/// arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION
Result<void> remove(ResourceContext& context, const Existing& layer) {
  const std::string& arn = layer.physical_id;
  const auto version = arn.rfind(':');
  const auto name = version == std::string::npos ? version : arn.rfind(':', version - 1);
  if (name == std::string::npos) return internal("'" + arn + "' is not a layer version's ARN");
  return gone(context.api.call(kService, "DeleteLayerVersion",
                               {{"LayerName", arn.substr(name + 1, version - name - 1)},
                                {"VersionNumber", arn.substr(version + 1)}}));
}

}  // namespace

ResourceType lambda_layer_version() {
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::LayerVersion",
          .properties = {{"Content", true, kReplace},
                         {"LayerName", false, kReplace},
                         {"Description", false, kReplace},
                         {"LicenseInfo", false, kReplace},
                         {"CompatibleRuntimes", false, kReplace},
                         {"CompatibleArchitectures", false, kReplace}},
          .attributes = {"LayerVersionArn"},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
