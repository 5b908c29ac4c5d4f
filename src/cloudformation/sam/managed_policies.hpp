#pragma once

#include <string>
#include <string_view>

namespace stator::cloudformation::sam {

/// The ARN of AWS's managed policy of that name, with its path; an ARN comes back as it is.
[[nodiscard]] std::string managed_policy_arn(std::string_view name);

}  // namespace stator::cloudformation::sam
