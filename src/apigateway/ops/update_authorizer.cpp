#include "apigateway/authorizers/authorizer_record.hpp"
#include "apigateway/ops/authorizer_shapes.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/authorizers/{authorizerId}";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(allow_authorizer_members(input));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string id, input.required_text("authorizerId"));
  const Apis::Change change = [&input](json::Object& record, const auto& others) -> Result<void> {
    STATOR_TRY_VOID(change_authorizer(record, input));
    return check_new_authorizer(record, others);
  };
  return apis.update(call, Kind::kAuthorizer, {api_id, id}, change);
}

}  // namespace

aws::Operation update_authorizer(Apis& apis) {
  return aws::Operation::json(
      "UpdateAuthorizer", aws::ByPath{.method = "PATCH", .path = kPath},
      with_role(needs_of(apis, "PATCH", kPath), "authorizerCredentialsArn"),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
