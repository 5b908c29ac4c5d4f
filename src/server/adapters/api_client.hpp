#pragma once

#include "aws/router.hpp"
#include "cloudformation/api_client.hpp"

namespace stator::server {

/// CloudFormation calls the AWS API through the router, as whoever deploys.
[[nodiscard]] cloudformation::ApiClients api_clients(aws::Router& router);

}  // namespace stator::server
