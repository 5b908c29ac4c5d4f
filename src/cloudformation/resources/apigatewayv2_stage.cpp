#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-stage.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {
      {"ApiId", "apiId"},
      {"StageName", "stageName"},
      {"AutoDeploy", "autoDeploy", Shape::kSame, false},
      {"DeploymentId", "deploymentId"},
      {"Description", "description", Shape::kSame, ""},
      {"StageVariables", "stageVariables", Shape::kTexts},
      {"DefaultRouteSettings", "defaultRouteSettings", Shape::kStructure, json::Object()},
      {"RouteSettings", "routeSettings", Shape::kStructures},
      {"AccessLogSettings", "accessLogSettings", Shape::kStructure,
       json::Object{{"destinationArn", ""}, {"format", ""}}}};
  return kMembers;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = input_of(properties, members());
  if (json::Object tags = tags_of(context, properties); !tags.empty()) {
    input["tags"] = std::move(tags);
  }
  STATOR_TRY_VOID(context.api.call(kService, "CreateStage", std::move(input)));
  return context.exists({text_of(properties, "StageName"), {}, properties});
}

/// Settings of routes that the template no longer names.
Result<void> drop_route_settings(ResourceContext& context, const Existing& stage,
                                 const json::Object& properties) {
  const json::Value* old = json::find(stage.properties, "RouteSettings");
  if (old == nullptr || !old->is_object()) return {};
  const json::Value* wanted = json::find(properties, "RouteSettings");
  for (const auto& route : old->get_object()) {
    if (wanted != nullptr && wanted->is_object() && wanted->get_object().contains(route.key())) {
      continue;
    }
    STATOR_TRY_VOID(gone(context.api.call(kService, "DeleteRouteSettings",
                                          {{"apiId", text_of(properties, "ApiId")},
                                           {"stageName", stage.physical_id},
                                           {"routeKey", route.key()}})));
  }
  return {};
}

Result<void> update(ResourceContext& context, const Existing& stage,
                    const json::Object& properties) {
  STATOR_TRY_VOID(drop_route_settings(context, stage, properties));
  STATOR_TRY_VOID(context.api.call(kService, "UpdateStage",
                                   update_of(stage.properties, properties, members())));
  const std::string path = "/apis/" + text_of(properties, "ApiId") + "/stages/" + stage.physical_id;
  STATOR_TRY_VOID(update_tags(context, path, stage, properties));
  return context.exists({stage.physical_id, stage.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& stage) {
  return gone(context.api.call(
      kService, "DeleteStage",
      {{"apiId", text_of(stage.properties, "ApiId")}, {"stageName", stage.physical_id}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& stage) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetStage",
                              {{"apiId", text_of(stage.properties, "ApiId")},
                               {"stageName", stage.physical_id}}));
  return compared_with(context, stage, answer, members());
}

}  // namespace

ResourceType apigatewayv2_stage() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::Stage",
          .properties = {{"ApiId", true, OnChange::kReplace},
                         {"StageName", true, OnChange::kReplace},
                         {"AutoDeploy", false, kInPlace},
                         {"DeploymentId", false, kInPlace},
                         {"Description", false, kInPlace},
                         {"StageVariables", false, kInPlace},
                         {"DefaultRouteSettings", false, kInPlace},
                         {"RouteSettings", false, kInPlace},
                         {"AccessLogSettings", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
