#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

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

json::Object target_of(const Existing& layer) {
  const Qualified name = split_arn(layer.physical_id);
  return {{"LayerName", name.function.substr(name.function.rfind(':') + 1)},
          {"VersionNumber", name.qualifier}};
}

Result<void> remove(ResourceContext& context, const Existing& layer) {
  return gone(context.api.call(kService, "DeleteLayerVersion", target_of(layer)));
}

/// Where the content came from is not told.
Result<json::Object> read(ResourceContext& context, const Existing& layer) {
  STATOR_TRY(const json::Object real,
             context.api.call(kService, "GetLayerVersion", target_of(layer)));
  return compared(layer.properties, real,
                  {"Description", "LicenseInfo", "CompatibleRuntimes", "CompatibleArchitectures"});
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
          .remove = remove,
          .read = read};
}

}  // namespace stator::cloudformation::resources
