#pragma once

#include "aws/input.hpp"
#include "base/result.hpp"

/// What CreateAuthorizer and UpdateAuthorizer share.
namespace stator::apigateway {

[[nodiscard]] Result<void> allow_authorizer_members(const aws::Input& input);

}  // namespace stator::apigateway
