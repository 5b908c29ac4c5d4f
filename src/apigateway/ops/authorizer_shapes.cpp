#include "apigateway/ops/authorizer_shapes.hpp"

#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

Result<void> allow_authorizer_members(const aws::Input& input) {
  return input.allow_only({"apiId", "authorizerId", "authorizerCredentialsArn",
                           "authorizerPayloadFormatVersion", "authorizerResultTtlInSeconds",
                           "authorizerType", "authorizerUri", "enableSimpleResponses",
                           "identitySource", "jwtConfiguration", "name"});
}

aws::Operation::JsonNeeds needs_of_authorizer(std::string method, std::string path) {
  return [base = needs_of(std::move(method), std::move(path))](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(aws::Needs needs, base(call, input));
    STATOR_TRY(const auto role, input.text("authorizerCredentialsArn"));
    if (role && !role->empty()) {
      needs.push_back(
          {"iam:PassRole", *role, [] {
             return aws::ConditionKeys{{"iam:PassedToService", {"apigateway.amazonaws.com"}}};
           }});
    }
    return needs;
  };
}

}  // namespace stator::apigateway
