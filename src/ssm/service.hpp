#pragma once

#include "aws/operation.hpp"
#include "ssm/parameters.hpp"

namespace stator::ssm {

/// The Parameter Store part of the Systems Manager API over `parameters`, which must outlive it.
[[nodiscard]] aws::Service make_service(Parameters& parameters);

}  // namespace stator::ssm
