#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/stages/{stageName}/cache/authorizers";

/// What authorizers decided is kept by the compiled stage, so compiling it again forgets all of it.
Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string stage, input.required_text("stageName"));
  STATOR_TRY_VOID(apis.update(call, Kind::kStage, {api_id, stage}, {}));
  return json::Object{};
}

}  // namespace

aws::Operation reset_authorizers_cache(Apis& apis) {
  return aws::Operation::json(
      "ResetAuthorizersCache", aws::ByPath{.method = "DELETE", .path = kPath, .status = 204},
      needs_of(apis, "DELETE", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
