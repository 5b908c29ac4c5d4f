#pragma once

#include "apigateway/apis.hpp"
#include "aws/operation.hpp"

namespace stator::apigateway {

/// API Gateway v2's control plane; `apis` outlives it.
[[nodiscard]] aws::Service make_service(Apis& apis);

}  // namespace stator::apigateway
