#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

/// Parameter Store's exceptions.
namespace stator::ssm {

[[nodiscard]] inline Error ssm_error(ErrorCode code, std::string type, std::string message) {
  return {code, std::move(message), std::move(type)};
}
[[nodiscard]] inline Error no_such_parameter(std::string_view name) {
  return ssm_error(ErrorCode::kNotFound, "ParameterNotFound",
                   "Parameter " + std::string(name) + " not found.");
}
/// `what` is "version 3" or "label x".
[[nodiscard]] inline Error no_such_version(std::string_view what, std::string_view name) {
  return ssm_error(ErrorCode::kNotFound, "ParameterVersionNotFound",
                   "Systems Manager could not find " + std::string(what) + " of " +
                       std::string(name) + ". Verify the version and try again.");
}
/// `what` names the member or feature that AWS has and stator does not.
[[nodiscard]] inline Error not_supported(std::string_view what) {
  return unsupported("stator's Parameter Store does not support " + std::string(what));
}

}  // namespace stator::ssm
