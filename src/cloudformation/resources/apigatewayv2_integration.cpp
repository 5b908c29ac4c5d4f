#include "cloudformation/resources/resources.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "apigateway";

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = renamed(properties, {{"ApiId", "apiId"},
                                            {"IntegrationType", "integrationType"},
                                            {"IntegrationMethod", "integrationMethod"},
                                            {"IntegrationUri", "integrationUri"},
                                            {"PayloadFormatVersion", "payloadFormatVersion"},
                                            {"TimeoutInMillis", "timeoutInMillis"},
                                            {"ConnectionType", "connectionType"},
                                            {"CredentialsArn", "credentialsArn"},
                                            {"Description", "description"}});
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateIntegration", std::move(input)));
  const std::string id = text_of(made, "integrationId");
  return context.exists({id, {{"IntegrationId", id}}, properties});
}

Result<void> remove(ResourceContext& context, const Existing& integration) {
  return gone(context.api.call(kService, "DeleteIntegration",
                               {{"apiId", text_of(integration.properties, "ApiId")},
                                {"integrationId", integration.physical_id}}));
}

}  // namespace

ResourceType apigatewayv2_integration() {
  return {.name = "AWS::ApiGatewayV2::Integration",
          .properties = {{"ApiId", true},
                         {"IntegrationType", true},
                         {"IntegrationMethod"},
                         {"IntegrationUri"},
                         {"PayloadFormatVersion"},
                         {"TimeoutInMillis"},
                         {"ConnectionType"},
                         {"CredentialsArn"},
                         {"Description"}},
          .attributes = {"IntegrationId"},
          .create = create,
          .remove = remove};
}

}  // namespace stator::cloudformation::resources
