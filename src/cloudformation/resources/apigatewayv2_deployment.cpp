#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-deployment.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {{"ApiId", "apiId"},
                                               {"Description", "description", Shape::kSame, ""},
                                               {"StageName", "stageName"}};
  return kMembers;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateDeployment", input_of(properties, members())));
  const std::string id = text_of(made, "deploymentId");
  return context.exists({id, {{"DeploymentId", id}}, properties});
}

Result<void> update(ResourceContext& context, const Existing& deployment,
                    const json::Object& properties) {
  json::Object input = update_of(deployment.properties, properties, members());
  input.erase("stageName");
  input["deploymentId"] = deployment.physical_id;
  STATOR_TRY_VOID(context.api.call(kService, "UpdateDeployment", std::move(input)));
  return context.exists({deployment.physical_id, deployment.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& deployment) {
  return gone(context.api.call(kService, "DeleteDeployment",
                               {{"apiId", text_of(deployment.properties, "ApiId")},
                                {"deploymentId", deployment.physical_id}}));
}

/// The stage of a deployment is told by the stage alone.
Result<json::Object> read(ResourceContext& context, const Existing& deployment) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetDeployment",
                              {{"apiId", text_of(deployment.properties, "ApiId")},
                               {"deploymentId", deployment.physical_id}}));
  return compared(deployment.properties, output_of(answer, members()), {"Description"});
}

}  // namespace

ResourceType apigatewayv2_deployment() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::Deployment",
          .properties = {{"ApiId", true, OnChange::kReplace},
                         {"Description", false, kInPlace},
                         {"StageName", false, OnChange::kReplace}},
          .attributes = {"DeploymentId"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
