#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/routes/{routeId}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string id, input.required_text("routeId"));
  return apis.edit(call, api_id, [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY(json::Object * record, draft.edit(Kind::kRoute, id));
    const auto key = json::find_string(*record, "routeKey");
    STATOR_TRY_VOID(apply_route(input, draft, *record));
    if (json::find_bool(*record, "apiGatewayManaged").value_or(false) &&
        json::find_string(*record, "routeKey") != key) {
      return bad_request(
          "The route key of a route that is managed by API Gateway is changed by "
          "UpdateApi");
    }
    return *record;
  });
}

}  // namespace

aws::Operation update_route(Apis& apis) {
  return aws::Operation::json(
      "UpdateRoute", aws::ByPath{.method = "PATCH", .path = kPath}, needs_of(apis, "PATCH", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
