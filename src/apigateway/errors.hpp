#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

/// API Gateway's modelled errors.
namespace stator::apigateway {

[[nodiscard]] inline Error bad_request(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "BadRequestException"};
}
[[nodiscard]] inline Error conflict_exception(std::string message) {
  return {ErrorCode::kConflict, std::move(message), "ConflictException"};
}
/// A quota: "Maximum number of Routes for this API has been reached. …"
[[nodiscard]] inline Error too_many(std::string_view what, std::string_view where) {
  return {ErrorCode::kThrottled,
          "Maximum number of " + std::string(what) + " for " + std::string(where) +
              " has been reached. Please contact AWS if you need additional " + std::string(what) +
              ".",
          "TooManyRequestsException"};
}
/// "Invalid Route identifier specified abc"
[[nodiscard]] inline Error no_such(std::string_view kind, std::string_view id) {
  return {ErrorCode::kNotFound,
          "Invalid " + std::string(kind) + " identifier specified " + std::string(id),
          "NotFoundException"};
}

}  // namespace stator::apigateway
