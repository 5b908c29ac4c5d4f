#pragma once

#include "aws/operation.hpp"
#include "ecr/repositories.hpp"

namespace stator::ecr {

/// The part of the ECR API that needs no images, over `repositories`, which must outlive it.
[[nodiscard]] aws::Service make_service(Repositories& repositories);

}  // namespace stator::ecr
