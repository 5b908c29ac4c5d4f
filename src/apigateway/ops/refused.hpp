#pragma once

#include <vector>

#include "aws/operation.hpp"

namespace stator::apigateway {

/// The operations of API Gateway that AWS has and stator does not, or that AWS has for WebSocket
/// APIs alone: each is refused by a BadRequestException that names what is missing. Those of REST
/// APIs (v1) are told by their paths. They ask for no permission, since they do nothing.
[[nodiscard]] std::vector<aws::Operation> refused_operations();

}  // namespace stator::apigateway
