#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "lambda/sources/event_sources.hpp"

/// What the operations on event source mappings share.
namespace stator::lambda::ops {

/// The mapping that the member UUID names, ResourceNotFoundException when there is none.
[[nodiscard]] Result<sources::Mappings::Ptr> find_mapping(const sources::EventSources& sources,
                                                          const aws::Call& call,
                                                          const aws::Input& input);
/// The ARN of the function that the member FunctionName names; "" when there is no such member.
[[nodiscard]] Result<std::string> read_function_arn(const aws::Call& call, const aws::Input& input);
/// `action` with the condition key lambda:FunctionArn, unless that is "".
[[nodiscard]] aws::Permission mapping_need(std::string action, std::string resource,
                                           const std::string& function_arn);
/// `action` on the mapping that UUID names, for its function and for the one that the request would
/// give it.
[[nodiscard]] aws::Operation::JsonNeeds needs_mapping(const sources::EventSources& sources,
                                                      std::string action);
/// kUnsupported for members of other kinds of event sources. `further` are allowed too.
[[nodiscard]] Result<void> allow_mapping_members(const aws::Input& input,
                                                 std::initializer_list<std::string_view> further);

}  // namespace stator::lambda::ops
