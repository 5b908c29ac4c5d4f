#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/stages/{stageName}/routesettings/{routeKey}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string name, input.required_text("stageName"));
  STATOR_TRY(const std::string key, input.required_text("routeKey"));
  return apis.edit(call, api_id, [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY(json::Object * stage, draft.edit(Kind::kStage, name));
    json::Value* settings = stage->if_contains("routeSettings");
    const bool is_gone = settings != nullptr && settings->as_object().erase(key) > 0;
    if (!is_gone) return no_such("RouteSettings", key);
    (*stage)["lastUpdatedDate"] = iso8601(call.now);
    return json::Object();
  });
}

}  // namespace

aws::Operation delete_route_settings(Apis& apis) {
  return aws::Operation::json(
      "DeleteRouteSettings", aws::ByPath{.method = "DELETE", .path = kPath, .status = 204},
      needs_of(apis, "DELETE", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
