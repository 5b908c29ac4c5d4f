#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-route.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {
      {"ApiId", "apiId"},
      {"RouteKey", "routeKey"},
      {"Target", "target", Shape::kSame, ""},
      {"AuthorizationType", "authorizationType", Shape::kSame, "NONE"},
      {"AuthorizerId", "authorizerId", Shape::kSame, ""},
      {"AuthorizationScopes", "authorizationScopes", Shape::kSame, json::Array()},
      {"ApiKeyRequired", "apiKeyRequired", Shape::kSame, false},
      {"OperationName", "operationName", Shape::kSame, ""}};
  return kMembers;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateRoute", input_of(properties, members())));
  const std::string id = text_of(made, "routeId");
  return context.exists({id, {{"RouteId", id}}, properties});
}

Result<void> update(ResourceContext& context, const Existing& route,
                    const json::Object& properties) {
  json::Object input = update_of(route.properties, properties, members());
  input["routeId"] = route.physical_id;
  STATOR_TRY_VOID(context.api.call(kService, "UpdateRoute", std::move(input)));
  return context.exists({route.physical_id, route.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& route) {
  return gone(context.api.call(
      kService, "DeleteRoute",
      {{"apiId", text_of(route.properties, "ApiId")}, {"routeId", route.physical_id}}));
}

Result<json::Object> read(ResourceContext& context, const Existing& route) {
  STATOR_TRY(const json::Object answer,
             context.api.call(
                 kService, "GetRoute",
                 {{"apiId", text_of(route.properties, "ApiId")}, {"routeId", route.physical_id}}));
  return compared_with(context, route, answer, members());
}

}  // namespace

ResourceType apigatewayv2_route() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::Route",
          .properties = {{"ApiId", true, OnChange::kReplace},
                         {"RouteKey", true, kInPlace},
                         {"Target", false, kInPlace},
                         {"AuthorizationType", false, kInPlace},
                         {"AuthorizerId", false, kInPlace},
                         {"AuthorizationScopes", false, kInPlace},
                         {"ApiKeyRequired", false, kInPlace},
                         {"OperationName", false, kInPlace}},
          .attributes = {"RouteId"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
