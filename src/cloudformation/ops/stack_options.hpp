#pragma once

#include "aws/operation.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation::ops {

/// The members that say how a stack is changed rather than to what: RoleARN, ClientRequestToken,
/// RetainExceptOnCreate, NotificationARNs (an empty list: stator has no SNS).
[[nodiscard]] Result<void> read_stack_options(const aws::Input& input, StackRequest& request);

/// StackName, RoleARN and ClientRequestToken of what brings a stack back or away.
[[nodiscard]] Result<ReturnRequest> read_return_request(const aws::Input& input);

/// AWS's rules for a stack's tags.
[[nodiscard]] Result<void> check_tags(const json::Array& tags);

/// iam:PassRole to CloudFormation.
[[nodiscard]] aws::Permission pass_role_need(const std::string& role_arn);

}  // namespace stator::cloudformation::ops
