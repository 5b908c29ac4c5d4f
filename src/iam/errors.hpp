#pragma once

#include <string>
#include <utility>

#include "base/error.hpp"

/// The errors of IAM and STS by the names that their query API gives them.
namespace stator::iam {

[[nodiscard]] inline Error no_such_entity(std::string message) {
  return {ErrorCode::kNotFound, std::move(message), "NoSuchEntity"};
}
[[nodiscard]] inline Error entity_already_exists(std::string message) {
  return {ErrorCode::kConflict, std::move(message), "EntityAlreadyExists"};
}
[[nodiscard]] inline Error delete_conflict(std::string message) {
  return {ErrorCode::kConflict, std::move(message), "DeleteConflict"};
}
[[nodiscard]] inline Error limit_exceeded(std::string message) {
  return {ErrorCode::kConflict, std::move(message), "LimitExceeded"};
}
[[nodiscard]] inline Error malformed_policy(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "MalformedPolicyDocument"};
}
[[nodiscard]] inline Error validation_error(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "ValidationError"};
}
[[nodiscard]] inline Error invalid_input(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "InvalidInput"};
}
/// Each protocol has its own name for this one, so the router chooses it.
[[nodiscard]] inline Error access_denied(std::string message) {
  return {ErrorCode::kAccessDenied, std::move(message)};
}

}  // namespace stator::iam
