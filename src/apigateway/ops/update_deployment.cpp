#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/members.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/deployments/{deploymentId}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"apiId", "deploymentId", "description"}));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string id, input.required_text("deploymentId"));
  return apis.update(call, Kind::kDeployment, {api_id, id}, [&](json::Object& record, const auto&) {
    return take_text(input, "description", {0, 1024}, record);
  });
}

}  // namespace

aws::Operation update_deployment(Apis& apis) {
  return aws::Operation::json(
      "UpdateDeployment", aws::ByPath{.method = "PATCH", .path = kPath},
      needs_of(apis, "PATCH", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
