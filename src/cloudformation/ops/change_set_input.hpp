#pragma once

#include <string>

#include "aws/operation.hpp"
#include "cloudformation/change_set.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation::ops {

/// The change set that ChangeSetName (a name with StackName, or an id) means, and its stack.
struct ChangeSetAndStack {
  ChangeSet set;
  StackRecord stack;
};
/// ChangeSetNotFound, or ValidationError for a stack that does not exist.
[[nodiscard]] Result<ChangeSetAndStack> load_change_set(Stacks& stacks, const aws::Call& call,
                                                        const aws::Input& input);

/// `action` on the stack of the change set that the input names; where only the change set's id is
/// given and there is none, on every stack.
[[nodiscard]] aws::Operation::JsonNeeds needs_change_set(Stacks& stacks, std::string action);

/// The members with which every answer about a change set names it.
[[nodiscard]] json::Object summary_of(const ChangeSet& set, const StackRecord& stack);

}  // namespace stator::cloudformation::ops
