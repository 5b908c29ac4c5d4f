#include "cloudformation/resources/lambda.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversionpermission.html
namespace stator::cloudformation::resources {
namespace {

using namespace lambda;

constexpr std::size_t kStatementIdMax = 100;

/// LayerName and VersionNumber of a layer version's ARN.
json::Object target_of(const json::Object& properties) {
  const Qualified layer = split_arn(text_of(properties, "LayerVersionArn"));
  return {{"LayerName", layer.function}, {"VersionNumber", layer.qualifier}};
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = target_of(properties);
  merge(input, picked(properties, {"Action", "Principal", "OrganizationId"}));
  const std::string id = context.generate_name(kStatementIdMax);
  input["StatementId"] = id;
  STATOR_TRY_VOID(context.api.call(kService, "AddLayerVersionPermission", std::move(input)));
  const std::string name = text_of(properties, "LayerVersionArn") + "#" + id;
  return context.exists({name, {{"Id", name}}, properties});
}

std::string statement_id(const Existing& permission) {
  return permission.physical_id.substr(permission.physical_id.rfind('#') + 1);
}

Result<void> remove(ResourceContext& context, const Existing& permission) {
  json::Object input = target_of(permission.properties);
  input["StatementId"] = statement_id(permission);
  return gone(context.api.call(kService, "RemoveLayerVersionPermission", std::move(input)));
}

Result<json::Object> read(ResourceContext& context, const Existing& permission) {
  STATOR_TRY(const json::Object statement,
             statement_of(context.api.call(kService, "GetLayerVersionPolicy",
                                           target_of(permission.properties)),
                          statement_id(permission)));
  return compared(permission.properties, statement, {"Action"});
}

}  // namespace

ResourceType lambda_layer_version_permission() {
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::Lambda::LayerVersionPermission",
          .properties = {{"LayerVersionArn", true, kReplace},
                         {"Action", true, kReplace},
                         {"Principal", true, kReplace},
                         {"OrganizationId", false, kReplace}},
          .attributes = {"Id"},
          .create = create,
          .remove = remove,
          .read = read};
}

}  // namespace stator::cloudformation::resources
