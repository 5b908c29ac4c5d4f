#pragma once

#include "aws/call.hpp"
#include "cloudformation/drift.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation::ops {

/// ValidationError unless the stack is at rest in a state in which AWS looks for drift.
[[nodiscard]] Result<void> check_may_detect(const StackRecord& record);

/// Reads the resources as the caller may (all of them when `logical_ids` is empty) and puts what is
/// found into `drift`. ValidationError for a resource that the stack does not have.
[[nodiscard]] Result<void> detect(const Stacks& stacks, const aws::Call& call,
                                  const StackRecord& record,
                                  const std::vector<std::string>& logical_ids, StackDrift& drift);

}  // namespace stator::cloudformation::ops
