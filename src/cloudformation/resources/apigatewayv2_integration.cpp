#include "cloudformation/resources/apigatewayv2.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-integration.html
namespace stator::cloudformation::resources {
namespace {

using namespace apigatewayv2;

constexpr std::int64_t kTimeoutMs = 30'000;

const std::vector<Mapped>& members() {
  static const std::vector<Mapped> kMembers = {
      {"ApiId", "apiId"},
      {"IntegrationType", "integrationType"},
      {"IntegrationSubtype", "integrationSubtype"},
      {"IntegrationMethod", "integrationMethod"},
      {"IntegrationUri", "integrationUri"},
      {"PayloadFormatVersion", "payloadFormatVersion"},
      {"TimeoutInMillis", "timeoutInMillis", Shape::kSame, kTimeoutMs},
      {"ConnectionType", "connectionType"},
      {"ConnectionId", "connectionId"},
      {"CredentialsArn", "credentialsArn", Shape::kSame, ""},
      {"Description", "description", Shape::kSame, ""},
      {"RequestParameters", "requestParameters", Shape::kTexts},
      {"TlsConfig", "tlsConfig", Shape::kStructure, json::Object()}};
  return kMembers;
}

/// {"200": {"ResponseParameters": [{Destination, Source}]}} as the API's {"200": {…: …}}.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigatewayv2-integration-responseparametermap.html
Result<json::Object> response_parameters(const json::Object& properties) {
  json::Object out;
  const json::Value* given = json::find(properties, "ResponseParameters");
  if (given == nullptr) return out;
  if (!given->is_object()) return invalid("ResponseParameters must be an object");
  for (const auto& status : given->get_object()) {
    const json::Value* list = status.value().is_object()
                                  ? json::find(status.value().get_object(), "ResponseParameters")
                                  : nullptr;
    if (list == nullptr || !list->is_array()) {
      return invalid("ResponseParameters of a status must hold a list of ResponseParameters");
    }
    json::Object parameters;
    for (const json::Value& one : list->get_array()) {
      if (!one.is_object()) return invalid("ResponseParameters must be objects");
      parameters[text_of(one.get_object(), "Destination")] = text_of(one.get_object(), "Source");
    }
    out[status.key()] = std::move(parameters);
  }
  return out;
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  json::Object input = input_of(properties, members());
  STATOR_TRY(json::Object of_responses, response_parameters(properties));
  if (!of_responses.empty()) input["responseParameters"] = std::move(of_responses);
  STATOR_TRY(const json::Object made,
             context.api.call(kService, "CreateIntegration", std::move(input)));
  const std::string id = text_of(made, "integrationId");
  return context.exists({id, {{"IntegrationId", id}}, properties});
}

Result<void> update(ResourceContext& context, const Existing& integration,
                    const json::Object& properties) {
  json::Object input = update_of(integration.properties, properties, members());
  input["integrationId"] = integration.physical_id;
  STATOR_TRY(json::Object wanted, response_parameters(properties));
  STATOR_TRY(const json::Object old, response_parameters(integration.properties));
  for (const auto& status : old) {
    if (!wanted.contains(status.key())) wanted[status.key()] = json::Object();
  }
  if (!wanted.empty()) input["responseParameters"] = std::move(wanted);
  STATOR_TRY_VOID(context.api.call(kService, "UpdateIntegration", std::move(input)));
  return context.exists({integration.physical_id, integration.attributes, properties});
}

Result<void> remove(ResourceContext& context, const Existing& integration) {
  return gone(context.api.call(kService, "DeleteIntegration",
                               {{"apiId", text_of(integration.properties, "ApiId")},
                                {"integrationId", integration.physical_id}}));
}

/// The other way round, in the order of the template where it names the same.
json::Object shown_parameters(const json::Object& answer) {
  json::Object shown;
  for (const auto& status : object_at(answer, "responseParameters")) {
    json::Array list;
    if (status.value().is_object()) {
      for (const auto& one : status.value().get_object()) {
        list.push_back(json::Object{{"Destination", one.key()}, {"Source", one.value()}});
      }
    }
    shown[status.key()] = json::Object{{"ResponseParameters", std::move(list)}};
  }
  return shown;
}

Result<json::Object> read(ResourceContext& context, const Existing& integration) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetIntegration",
                              {{"apiId", text_of(integration.properties, "ApiId")},
                               {"integrationId", integration.physical_id}}));
  return compared_with(context, integration, answer, members(),
                       {{"ResponseParameters", shown_parameters(answer)}});
}

}  // namespace

ResourceType apigatewayv2_integration() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::ApiGatewayV2::Integration",
          .properties = {{"ApiId", true, OnChange::kReplace},
                         {"IntegrationType", true, kInPlace},
                         {"IntegrationSubtype", false, kInPlace},
                         {"IntegrationMethod", false, kInPlace},
                         {"IntegrationUri", false, kInPlace},
                         {"PayloadFormatVersion", false, kInPlace},
                         {"TimeoutInMillis", false, kInPlace},
                         {"ConnectionType", false, kInPlace},
                         {"ConnectionId", false, kInPlace},
                         {"CredentialsArn", false, kInPlace},
                         {"RequestParameters", false, kInPlace},
                         {"ResponseParameters", false, kInPlace},
                         {"TlsConfig", false, kInPlace},
                         {"Description", false, kInPlace}},
          .attributes = {"IntegrationId"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
