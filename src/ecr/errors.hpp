#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

/// ECR's exceptions.
namespace stator::ecr {

[[nodiscard]] inline Error ecr_error(ErrorCode code, std::string type, std::string message) {
  return {code, std::move(message), std::move(type)};
}
[[nodiscard]] inline Error invalid_parameter(std::string message) {
  return ecr_error(ErrorCode::kInvalid, "InvalidParameterException", std::move(message));
}
[[nodiscard]] inline Error no_such_repository(std::string_view name, std::string_view account) {
  return ecr_error(ErrorCode::kNotFound, "RepositoryNotFoundException",
                   "The repository with name '" + std::string(name) +
                       "' does not exist in the registry with id '" + std::string(account) + "'");
}
/// `what` names the member or feature that AWS has and stator does not.
[[nodiscard]] inline Error not_supported(std::string_view what) {
  return unsupported("stator's ECR does not support " + std::string(what) +
                     ": it keeps repositories' settings and no images");
}

}  // namespace stator::ecr
