#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/integrations/{integrationId}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string id, input.required_text("integrationId"));
  return apis.update(
      call, Kind::kIntegration, {api_id, id},
      [&](json::Object& record, const auto&) { return apply_integration(input, record); });
}

}  // namespace

aws::Operation update_integration(Apis& apis) {
  return aws::Operation::json(
      "UpdateIntegration", aws::ByPath{.method = "PATCH", .path = kPath},
      with_role(needs_of(apis, "PATCH", kPath), "credentialsArn"),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
