#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "apigateway";

/// The template writes AllowOrigins, the API allowOrigins.
json::Object cors(const json::Object& given) {
  return renamed(given, {{"AllowCredentials", "allowCredentials"},
                         {"AllowHeaders", "allowHeaders"},
                         {"AllowMethods", "allowMethods"},
                         {"AllowOrigins", "allowOrigins"},
                         {"ExposeHeaders", "exposeHeaders"},
                         {"MaxAge", "maxAge"}});
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input =
      renamed(properties, {{"Name", "name"},
                           {"ProtocolType", "protocolType"},
                           {"Description", "description"},
                           {"Version", "version"},
                           {"DisableExecuteApiEndpoint", "disableExecuteApiEndpoint"},
                           {"Tags", "tags"}});
  if (const json::Value* given = json::find(properties, "CorsConfiguration")) {
    if (!given->is_object()) return invalid("CorsConfiguration must be an object");
    input["corsConfiguration"] = cors(given->get_object());
  }
  STATOR_TRY(const json::Object api, context.api.call(kService, "CreateApi", std::move(input)));
  const std::string id = text_of(api, "apiId");
  return context.exists(
      {id, {{"ApiEndpoint", text_of(api, "apiEndpoint")}, {"ApiId", id}}, properties});
}

Result<void> remove(ResourceContext& context, const Existing& api) {
  return gone(context.api.call(kService, "DeleteApi", {{"apiId", api.physical_id}}));
}

}  // namespace

ResourceType apigatewayv2_api() {
  return {.name = "AWS::ApiGatewayV2::Api",
          .properties = {{"Name", true},
                         {"ProtocolType", true},
                         {"Description"},
                         {"Version"},
                         {"DisableExecuteApiEndpoint"},
                         {"CorsConfiguration"},
                         {"Tags"}},
          .attributes = {"ApiEndpoint", "ApiId"},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
