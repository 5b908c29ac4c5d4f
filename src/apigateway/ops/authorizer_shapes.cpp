#include "apigateway/ops/authorizer_shapes.hpp"

namespace stator::apigateway {

Result<void> allow_authorizer_members(const aws::Input& input) {
  return input.allow_only({"apiId", "authorizerId", "authorizerCredentialsArn",
                           "authorizerPayloadFormatVersion", "authorizerResultTtlInSeconds",
                           "authorizerType", "authorizerUri", "enableSimpleResponses",
                           "identitySource", "jwtConfiguration", "name"});
}

}  // namespace stator::apigateway
