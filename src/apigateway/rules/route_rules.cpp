#include "apigateway/authorizers/authorizer_record.hpp"
#include "apigateway/errors.hpp"
#include "apigateway/route_table.hpp"
#include "apigateway/rules/members.hpp"
#include "apigateway/rules/rules.hpp"

/// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html
namespace stator::apigateway {
namespace {

constexpr std::string_view kTargetPrefix = "integrations/";

Result<void> check_key(const Draft& draft, const json::Object& record) {
  const std::string key = json::find_string(record, "routeKey").value_or("");
  STATOR_TRY_VOID(RouteKey::parse(key));
  const std::string own_id = id_of(Kind::kRoute, record);
  for (const auto& [id, route] : draft.all(Kind::kRoute)) {
    if (id != own_id && json::find_string(route, "routeKey") == key) {
      return conflict_exception("Route with key " + key + " already exists for this API");
    }
  }
  return {};
}

Result<void> check_target(const Draft& draft, const json::Object& record) {
  const auto target = json::find_string(record, "target");
  if (!target) return {};
  if (!target->starts_with(kTargetPrefix)) return bad_request("Invalid target: " + *target);
  STATOR_TRY_VOID(draft.find(Kind::kIntegration, target->substr(kTargetPrefix.size())));
  return {};
}

Result<void> take_authorization(const aws::Input& input, const Draft& draft, json::Object& record) {
  STATOR_TRY_VOID(take_text(input, "authorizationType", {0, 64}, record));
  STATOR_TRY_VOID(take_text(input, "authorizerId", {0, 64}, record));
  STATOR_TRY(const json::Array* scopes, input.array("authorizationScopes"));
  if (scopes != nullptr && scopes->empty()) record.erase("authorizationScopes");
  if (scopes != nullptr && !scopes->empty()) record["authorizationScopes"] = *scopes;
  set_default(record, "authorizationType", "NONE");
  std::vector<json::Object> authorizers;
  for (const auto& [id, authorizer] : draft.all(Kind::kAuthorizer)) {
    authorizers.push_back(authorizer);
  }
  return check_route_authorization(record, input, authorizers);
}

}  // namespace

Result<void> apply_route(const aws::Input& input, const Draft& draft, json::Object& record) {
  STATOR_TRY_VOID(input.allow_only({"apiId", "routeId", "routeKey", "target", "authorizationType",
                                    "authorizerId", "authorizationScopes", "apiKeyRequired",
                                    "operationName", "modelSelectionExpression", "requestModels",
                                    "requestParameters", "routeResponseSelectionExpression"}));
  STATOR_TRY_VOID(
      refuse_websocket_members(input, {"modelSelectionExpression", "requestModels",
                                       "requestParameters", "routeResponseSelectionExpression"}));
  STATOR_TRY(const auto api_key_required, input.boolean("apiKeyRequired"));
  if (api_key_required.value_or(false)) {
    return bad_request("ApiKeyRequired is not currently supported for HTTP APIs");
  }
  STATOR_TRY_VOID(take_text(input, "routeKey", {1, 2048}, record));
  STATOR_TRY_VOID(take_text(input, "target", {0, 128}, record));
  STATOR_TRY_VOID(take_text(input, "operationName", {0, 64}, record));
  set_default(record, "apiKeyRequired", false);
  STATOR_TRY_VOID(check_key(draft, record));
  STATOR_TRY_VOID(check_target(draft, record));
  return take_authorization(input, draft, record);
}

}  // namespace stator::apigateway
