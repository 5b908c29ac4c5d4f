#pragma once

#include "apigateway/apis.hpp"
#include "apigateway/domains/domains.hpp"
#include "aws/operation.hpp"

namespace stator::apigateway {

/// API Gateway v2's control plane; `apis`, and `domains` for their tags, outlive it.
[[nodiscard]] aws::Service make_service(Apis& apis, Domains* domains = nullptr);

/// The operations of domain names and API mappings; `domains` outlives the service.
void add_domain_operations(aws::Service& service, Domains& domains);

}  // namespace stator::apigateway
