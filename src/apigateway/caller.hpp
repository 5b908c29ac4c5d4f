#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/call.hpp"
#include "json/json.hpp"

namespace stator::apigateway {

/// What a route's authorization found out about who sent the request; at most one of the first
/// three is there. Goes into the event, the access log and the mapping of parameters.
struct Caller {
  std::optional<aws::Principal> signer;  ///< of a route with AWS_IAM
  std::optional<json::Object> claims;    ///< of a JWT, all as texts
  std::optional<json::Object> context;   ///< that a Lambda authorizer gave
  std::vector<std::string> scopes;       ///< of the route, as far as the JWT has them
  std::string principal_id;              ///< of a Lambda authorizer's IAM answer
};

}  // namespace stator::apigateway
