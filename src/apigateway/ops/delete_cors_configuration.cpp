#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/cors";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  return apis.edit(call, api_id, [](Draft& draft) -> Result<json::Object> {
    draft.edit_api().erase("corsConfiguration");
    return json::Object();
  });
}

}  // namespace

aws::Operation delete_cors_configuration(Apis& apis) {
  return aws::Operation::json(
      "DeleteCorsConfiguration", aws::ByPath{.method = "DELETE", .path = kPath, .status = 204},
      needs_of(apis, "DELETE", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
