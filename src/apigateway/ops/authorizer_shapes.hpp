#pragma once

#include <string>

#include "aws/operation.hpp"

/// What CreateAuthorizer and UpdateAuthorizer share.
namespace stator::apigateway {

[[nodiscard]] Result<void> allow_authorizer_members(const aws::Input& input);

/// As needs_of(); who hands API Gateway a role must also be allowed to pass it.
[[nodiscard]] aws::Operation::JsonNeeds needs_of_authorizer(std::string method, std::string path);

}  // namespace stator::apigateway
