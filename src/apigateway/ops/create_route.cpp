#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/rules.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/routes";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY_VOID(input.required_text("routeKey"));
  return apis.edit(call, api_id, [&](Draft& draft) -> Result<json::Object> {
    json::Object record;
    STATOR_TRY_VOID(apply_route(input, draft, record));
    STATOR_TRY(const json::Object* added, draft.add(Kind::kRoute, std::move(record)));
    return *added;
  });
}

}  // namespace

aws::Operation create_route(Apis& apis) {
  return aws::Operation::json(
      "CreateRoute", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      needs_of(apis, "POST", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
