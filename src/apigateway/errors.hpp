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
/// "Invalid Route identifier specified abc"
[[nodiscard]] inline Error no_such(std::string_view kind, std::string_view id) {
  return {ErrorCode::kNotFound,
          "Invalid " + std::string(kind) + " identifier specified " + std::string(id),
          "NotFoundException"};
}

}  // namespace stator::apigateway
