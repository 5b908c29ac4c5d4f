#pragma once

#include "aws/operation.hpp"
#include "s3/objects.hpp"

namespace stator::s3 {

/// The S3 API over `objects`, which must outlive it.
[[nodiscard]] aws::Service make_service(Objects& objects);

}  // namespace stator::s3
