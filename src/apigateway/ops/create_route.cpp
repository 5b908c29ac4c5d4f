#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/routes";
/// AWS's quota of routes per API.
constexpr std::size_t kRoutesMax = 300;

Result<void> check_room(const std::vector<json::Object>& routes, const std::string& route_key) {
  if (routes.size() >= kRoutesMax) {
    return Error{ErrorCode::kThrottled, "Maximum number of routes for this API has been reached.",
                 "TooManyRequestsException"};
  }
  for (const json::Object& route : routes) {
    if (json::find_string(route, "routeKey") == route_key) {
      return conflict_exception("Route with key " + route_key + " already exists for this API");
    }
  }
  return {};
}

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"apiId", "routeKey", "target", "authorizationType", "apiKeyRequired", "operationName"}));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string route_key, input.required_text("routeKey"));
  STATOR_TRY_VOID(RouteKey::parse(route_key));
  STATOR_TRY(const auto authorization, input.text("authorizationType"));
  if (authorization && *authorization != "NONE" && *authorization != "AWS_IAM") {
    return unsupported("authorizationType " + *authorization + " is not supported by stator");
  }
  STATOR_TRY(const auto api_key_required, input.boolean("apiKeyRequired"));
  if (api_key_required.value_or(false)) {
    return bad_request("ApiKeyRequired is not currently supported for HTTP APIs");
  }
  STATOR_TRY(const auto target, input.text("target"));
  if (target) {
    constexpr std::string_view kPrefix = "integrations/";
    if (!target->starts_with(kPrefix)) return bad_request("Invalid target: " + *target);
    STATOR_TRY_VOID(apis.get(call, Kind::kIntegration, {api_id, target->substr(kPrefix.size())}));
  }

  json::Object record = pick(input, {"routeKey", "target", "operationName"});
  record["authorizationType"] = authorization.value_or("NONE");
  record["apiKeyRequired"] = false;
  return apis.create(call, Kind::kRoute, api_id, std::move(record),
                     [&](const auto& routes) { return check_room(routes, route_key); });
}

}  // namespace

aws::Operation create_route(Apis& apis) {
  return aws::Operation::json(
      "CreateRoute", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      needs_of("POST", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
