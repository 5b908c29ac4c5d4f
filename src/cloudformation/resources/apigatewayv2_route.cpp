#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "apigateway";

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = renamed(properties, {{"ApiId", "apiId"},
                                            {"RouteKey", "routeKey"},
                                            {"Target", "target"},
                                            {"AuthorizationType", "authorizationType"},
                                            {"ApiKeyRequired", "apiKeyRequired"},
                                            {"OperationName", "operationName"}});
  STATOR_TRY(const json::Object made, context.api.call(kService, "CreateRoute", std::move(input)));
  const std::string id = text_of(made, "routeId");
  return context.exists({id, {{"RouteId", id}}, properties});
}

Result<void> remove(ResourceContext& context, const Existing& route) {
  return gone(context.api.call(
      kService, "DeleteRoute",
      {{"apiId", text_of(route.properties, "ApiId")}, {"routeId", route.physical_id}}));
}

}  // namespace

ResourceType apigatewayv2_route() {
  // A new key can stand beside the old one until the old route goes; anything else would need two
  // routes of one key.
  return {.name = "AWS::ApiGatewayV2::Route",
          .properties = {{"ApiId", true},
                         {"RouteKey", true, OnChange::kReplace},
                         {"Target"},
                         {"AuthorizationType"},
                         {"ApiKeyRequired"},
                         {"OperationName"}},
          .attributes = {"RouteId"},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
