#pragma once

#include "apigateway/apis.hpp"
#include "apigateway/domains/domains.hpp"
#include "aws/operation.hpp"

namespace stator::apigateway {

/// API Gateway v2's control plane; `apis` outlives it.
[[nodiscard]] aws::Service make_service(Apis& apis);

/// The operations of domain names and API mappings; `domains` outlives the service.
void add_domain_operations(aws::Service& service, Domains& domains);

}  // namespace stator::apigateway
