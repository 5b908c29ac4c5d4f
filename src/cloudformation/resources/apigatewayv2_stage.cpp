#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "apigateway";

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = renamed(properties, {{"ApiId", "apiId"},
                                            {"StageName", "stageName"},
                                            {"AutoDeploy", "autoDeploy"},
                                            {"Description", "description"},
                                            {"StageVariables", "stageVariables"},
                                            {"Tags", "tags"}});
  STATOR_TRY_VOID(context.api.call(kService, "CreateStage", std::move(input)));
  return context.exists({text_of(properties, "StageName"), {}, properties});
}

Result<void> remove(ResourceContext& context, const Existing& stage) {
  return gone(context.api.call(
      kService, "DeleteStage",
      {{"apiId", text_of(stage.properties, "ApiId")}, {"stageName", stage.physical_id}}));
}

}  // namespace

ResourceType apigatewayv2_stage() {
  return {.name = "AWS::ApiGatewayV2::Stage",
          .properties = {{"ApiId", true},
                         {"StageName", true},
                         {"AutoDeploy"},
                         {"Description"},
                         {"StageVariables"},
                         {"Tags"}},
          .attributes = {},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
