#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/operation.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation::ops {

/// A member that names a stack or a change set to be made: a letter, then letters, digits and
/// hyphens, at most 128.
[[nodiscard]] Result<std::string> entity_name(const aws::Input& input, std::string_view member);
/// The member StackName of that kind.
[[nodiscard]] Result<std::string> stack_name(const aws::Input& input);

/// `action` on the stack that StackName names, on every stack when it is absent; and to pass the
/// role that RoleARN names.
[[nodiscard]] aws::Operation::JsonNeeds needs_stack(std::string action);

/// The members that CreateStack, UpdateStack and CreateChangeSet share.
[[nodiscard]] Result<StackRequest> read_stack_request(const aws::Input& input);
/// TemplateBody, or what TemplateURL points to as the caller may read it; one must be there.
[[nodiscard]] Result<std::string> template_body(const Stacks& stacks, const aws::Call& call,
                                                const aws::Input& input);
/// The same into the request, or UsePreviousTemplate.
[[nodiscard]] Result<void> read_template_choice(const Stacks& stacks, const aws::Call& call,
                                                const aws::Input& input, StackRequest& request);

/// A stack policy that can be evaluated, from the member NAMEBody or what NAMEURL points to;
/// nothing when neither is there.
[[nodiscard]] Result<std::optional<std::string>> policy_text(const Stacks& stacks,
                                                             const aws::Call& call,
                                                             const aws::Input& input,
                                                             const std::string& name);

/// The parameters as answers carry them, the hidden ones as "****".
[[nodiscard]] json::Array shown_parameters(const StackRecord& record);
[[nodiscard]] json::Array shown_parameters(const ChangeSet& set);

/// The stack that StackName names, by name or id.
[[nodiscard]] Result<StackRecord> load_stack(const Stacks& stacks, const aws::Call& call,
                                             const aws::Input& input);
/// The account's stacks in the region, deleted ones too, the newest first.
[[nodiscard]] Result<std::vector<StackRecord>> newest_stacks(const Stacks& stacks,
                                                             const aws::Call& call);

}  // namespace stator::cloudformation::ops
