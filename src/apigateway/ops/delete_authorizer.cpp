#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/authorizers/{authorizerId}";

/// A route that names it meanwhile lets nobody in, see compile_authorization().
Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string id, input.required_text("authorizerId"));
  STATOR_TRY(const json::Object authorizer, apis.get(call, Kind::kAuthorizer, {api_id, id}));
  STATOR_TRY(const auto routes, apis.list(call, Kind::kRoute, api_id));
  for (const json::Object& route : routes) {
    if (json::find_string(route, "authorizerId") != id) continue;
    return conflict_exception(
        "Cannot delete authorizer '" + json::find_string(authorizer, "name").value_or("") +
        "', is referenced by route: " + json::find_string(route, "routeKey").value_or(""));
  }
  STATOR_TRY_VOID(apis.remove(call, Kind::kAuthorizer, {api_id, id}));
  return json::Object{};
}

}  // namespace

aws::Operation delete_authorizer(Apis& apis) {
  return aws::Operation::json(
      "DeleteAuthorizer", aws::ByPath{.method = "DELETE", .path = kPath, .status = 204},
      needs_of(apis, "DELETE", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
