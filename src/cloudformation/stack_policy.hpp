#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cloudformation/stack_record.hpp"
#include "cloudformation/update_plan.hpp"

namespace stator::cloudformation {

/// AWS's bound.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SetStackPolicy.html
inline constexpr std::size_t kStackPolicyBytesMax = 16'384;

/// Success for a stack policy that can be evaluated, ValidationError for any other text.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
[[nodiscard]] Result<void> check_stack_policy(std::string_view policy);

/// Whether the policy ("" for none, which allows everything) lets the plan change what it changes.
/// Else ValidationError in AWS's words about the first resource that is protected: what no
/// statement allows is denied, and a Deny prevails.
[[nodiscard]] Result<void> check_allowed(std::string_view policy, const UpdatePlan& plan,
                                         const StackRecord& record);

}  // namespace stator::cloudformation
