#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "iam/records.hpp"

namespace stator::iam {

/// The policies that AWS provides in every account (arn:aws:iam::aws:policy/...), from
/// aws_policies.
[[nodiscard]] const std::vector<ManagedPolicy>& aws_managed_policies();

/// The account in the ARNs of those policies.
inline constexpr std::string_view kAwsAccount = "aws";

/// One of AWS's or of the account's managed policies by ARN.
[[nodiscard]] Result<std::optional<ManagedPolicy>> find_managed_policy(const Records& records,
                                                                       std::string_view account,
                                                                       std::string_view arn);

}  // namespace stator::iam
