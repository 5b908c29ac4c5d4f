#include "apigateway/rules/quick_create.hpp"

#include "apigateway/compiled.hpp"
#include "apigateway/errors.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

/// What CreateIntegration would have been sent: a function in payload format 2.0, anything else as
/// a URL that is asked with the request's own method.
aws::Input integration_input(const std::string& target, const std::optional<std::string>& role) {
  json::Object members{{"integrationUri", target}};
  if (function_of(target)) {
    members["integrationType"] = "AWS_PROXY";
    members["integrationMethod"] = "POST";
    members["payloadFormatVersion"] = "2.0";
  } else {
    members["integrationType"] = "HTTP_PROXY";
    members["integrationMethod"] = "ANY";
    members["payloadFormatVersion"] = "1.0";
  }
  if (role) members["credentialsArn"] = *role;
  return aws::Input(std::move(members));
}

Result<json::Object*> managed(Draft& draft, Kind kind) {
  for (const auto& [id, record] : draft.all(kind)) {
    if (json::find_bool(record, "apiGatewayManaged").value_or(false)) return draft.edit(kind, id);
  }
  return bad_request("target, routeKey and credentialsArn are for APIs made by quick create");
}

}  // namespace

Result<void> quick_create(const aws::Input& input, Draft& draft, const std::string& date) {
  STATOR_TRY(const auto target, input.text("target"));
  STATOR_TRY(const auto route_key, input.text("routeKey"));
  STATOR_TRY(const auto role, input.text("credentialsArn"));
  if (!target) {
    if (!route_key && !role) return {};
    return bad_request("routeKey and credentialsArn need a target");
  }
  json::Object integration{{"apiGatewayManaged", true}};
  STATOR_TRY_VOID(apply_integration(integration_input(*target, role), integration));
  STATOR_TRY(const json::Object* made, draft.add(Kind::kIntegration, std::move(integration)));

  json::Object route{{"apiGatewayManaged", true}};
  const json::Object route_members{{"routeKey", route_key.value_or("$default")},
                                   {"target", "integrations/" + id_of(Kind::kIntegration, *made)}};
  STATOR_TRY_VOID(apply_route(aws::Input(route_members), draft, route));
  STATOR_TRY_VOID(draft.add(Kind::kRoute, std::move(route)));

  json::Object stage{{"apiGatewayManaged", true}, {"createdDate", date}, {"lastUpdatedDate", date}};
  const json::Object stage_members{{"stageName", "$default"}, {"autoDeploy", true}};
  STATOR_TRY_VOID(apply_stage(aws::Input(stage_members), draft, stage));
  STATOR_TRY_VOID(draft.add(Kind::kStage, std::move(stage)));
  return {};
}

Result<void> quick_update(const aws::Input& input, Draft& draft) {
  STATOR_TRY(const auto target, input.text("target"));
  STATOR_TRY(const auto route_key, input.text("routeKey"));
  STATOR_TRY(const auto role, input.text("credentialsArn"));
  if (target || role) {
    STATOR_TRY(json::Object * integration, managed(draft, Kind::kIntegration));
    const std::string uri = json::find_string(*integration, "integrationUri").value_or("");
    STATOR_TRY_VOID(apply_integration(integration_input(target.value_or(uri), role), *integration));
  }
  if (route_key) {
    STATOR_TRY(json::Object * route, managed(draft, Kind::kRoute));
    STATOR_TRY_VOID(apply_route(aws::Input(json::Object{{"routeKey", *route_key}}), draft, *route));
  }
  return {};
}

}  // namespace stator::apigateway
