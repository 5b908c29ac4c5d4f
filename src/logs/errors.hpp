#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

/// CloudWatch Logs' exceptions.
namespace stator::logs {

[[nodiscard]] inline Error invalid_parameter(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "InvalidParameterException"};
}
/// `what` is "group" or "stream".
[[nodiscard]] inline Error no_such(std::string_view what) {
  return {ErrorCode::kNotFound, "The specified log " + std::string(what) + " does not exist.",
          "ResourceNotFoundException"};
}
[[nodiscard]] inline Error already_exists(std::string_view what) {
  return {ErrorCode::kConflict, "The specified log " + std::string(what) + " already exists",
          "ResourceAlreadyExistsException"};
}
/// `what` names the member or feature that AWS has and stator does not.
[[nodiscard]] inline Error not_supported(std::string_view what) {
  return {ErrorCode::kUnsupported, "stator's CloudWatch Logs does not support " + std::string(what),
          "InvalidParameterException"};
}

}  // namespace stator::logs
