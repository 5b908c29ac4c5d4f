#pragma once

#include <string>

#include "base/error.hpp"

/// CloudFormation's exceptions by name.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
namespace stator::cloudformation {

[[nodiscard]] inline Error validation_error(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "ValidationError"};
}
[[nodiscard]] inline Error already_exists(const std::string& stack_name) {
  return {ErrorCode::kInvalid, "Stack [" + stack_name + "] already exists",
          "AlreadyExistsException"};
}
[[nodiscard]] inline Error insufficient_capabilities(const std::string& needed) {
  return {ErrorCode::kInvalid, "Requires capabilities : [" + needed + "]",
          "InsufficientCapabilitiesException"};
}
/// DescribeStacks's words; `name` is a name or an id.
[[nodiscard]] inline Error no_such_stack(const std::string& name) {
  return validation_error("Stack with id " + name + " does not exist");
}

[[nodiscard]] inline Error no_such_change_set(const std::string& name) {
  return {ErrorCode::kNotFound, "ChangeSet [" + name + "] does not exist", "ChangeSetNotFound"};
}
[[nodiscard]] inline Error invalid_change_set_status(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "InvalidChangeSetStatus"};
}

}  // namespace stator::cloudformation
