#pragma once

#include "aws/operation.hpp"
#include "logs/log_store.hpp"

namespace stator::logs {

/// The CloudWatch Logs API over `store`, which must outlive it.
[[nodiscard]] aws::Service make_service(LogStore& store);

}  // namespace stator::logs
