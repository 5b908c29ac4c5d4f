#pragma once

#include <string>

#include "aws/operation.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation::ops {

/// The member StackName as CloudFormation demands it: a letter, then letters, digits and hyphens,
/// at most 128.
[[nodiscard]] Result<std::string> stack_name(const aws::Input& input);

/// `action` on the stack that StackName names, on every stack when it is absent; and to pass the
/// role that RoleARN names.
[[nodiscard]] aws::Operation::JsonNeeds needs_stack(std::string action);

/// The members that CreateStack and UpdateStack share.
[[nodiscard]] Result<StackRequest> read_stack_request(const aws::Input& input);
/// TemplateBody, which must be there; TemplateURL is refused by name.
[[nodiscard]] Result<std::string> template_body(const aws::Input& input);

/// The stack that StackName names, by name or id.
[[nodiscard]] Result<StackRecord> load_stack(const Stacks& stacks, const aws::Call& call,
                                             const aws::Input& input);

}  // namespace stator::cloudformation::ops
