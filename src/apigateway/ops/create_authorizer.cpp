#include "apigateway/authorizers/authorizer_record.hpp"
#include "apigateway/ops/authorizer_shapes.hpp"
#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/authorizers";

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(allow_authorizer_members(input));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY_VOID(input.required_text("name"));
  STATOR_TRY_VOID(input.required_text("authorizerType"));
  json::Object record;
  STATOR_TRY_VOID(change_authorizer(record, input));
  const Apis::Check check = [&record](const auto& others) {
    return check_new_authorizer(record, others);
  };
  return apis.create(call, Kind::kAuthorizer, api_id, record, check);
}

}  // namespace

aws::Operation create_authorizer(Apis& apis) {
  return aws::Operation::json(
      "CreateAuthorizer", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      with_role(needs_of(apis, "POST", kPath), "authorizerCredentialsArn"),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
