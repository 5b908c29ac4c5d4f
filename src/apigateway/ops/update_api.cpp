#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/quick_create.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"apiId", "name", "description", "version", "routeSelectionExpression",
       "apiKeySelectionExpression", "disableExecuteApiEndpoint", "disableSchemaValidation",
       "ipAddressType", "corsConfiguration", "target", "routeKey", "credentialsArn"}));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  const auto work = [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY_VOID(apply_api(input, draft.edit_api()));
    STATOR_TRY_VOID(quick_update(input, draft));
    return json::Object();
  };
  STATOR_TRY_VOID(apis.edit(call, api_id, work));
  return apis.get(call, Kind::kApi, {api_id});
}

}  // namespace

aws::Operation update_api(Apis& apis) {
  return aws::Operation::json(
      "UpdateApi", aws::ByPath{.method = "PATCH", .path = kPath},
      with_role(needs_of(apis, "PATCH", kPath), "credentialsArn"),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
