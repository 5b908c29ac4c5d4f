#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/integrations";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY_VOID(input.required_text("integrationType"));
  json::Object record;
  STATOR_TRY_VOID(apply_integration(input, record));
  return apis.create(call, Kind::kIntegration, api_id, std::move(record));
}

}  // namespace

aws::Operation create_integration(Apis& apis) {
  return aws::Operation::json(
      "CreateIntegration", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      with_role(needs_of(apis, "POST", kPath), "credentialsArn"),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
