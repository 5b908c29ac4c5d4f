#include "lambda/errors.hpp"

#include <utility>

namespace stator::lambda {

Error invalid_parameter(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "InvalidParameterValueException"};
}

Error validation_failed(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "ValidationException"};
}

Error constraint_failed(std::string_view value, std::string_view member, std::string_view rule) {
  return validation_failed("1 validation error detected: Value '" + std::string(value) + "' at '" +
                           std::string(member) + "' failed to satisfy constraint: Member must " +
                           std::string(rule));
}

Error resource_missing(std::string message) {
  return {ErrorCode::kNotFound, std::move(message), "ResourceNotFoundException"};
}

Error resource_conflict(std::string message) {
  return {ErrorCode::kConflict, std::move(message), "ResourceConflictException"};
}

Error request_too_large(std::string message) {
  return {ErrorCode::kTooLarge, std::move(message), "RequestEntityTooLargeException"};
}

Error bad_request_content(std::string reason) {
  return {ErrorCode::kInvalid,
          "Could not parse request body into json: Could not parse payload into json: " + reason,
          "InvalidRequestContentException"};
}

Error stale_revision(std::string_view read_with) {
  return {ErrorCode::kPrecondition,
          "The Revision Id provided does not match the latest Revision Id. Call the " +
              std::string(read_with) + " API to retrieve the latest Revision Id",
          "PreconditionFailedException"};
}

Error function_missing(std::string_view arn) {
  return resource_missing("Function not found: " + std::string(arn));
}

Error recursive_invocation() {
  return {ErrorCode::kInvalid,
          "Lambda has detected your function being invoked in a recursive loop with other Amazon "
          "Web Services resources and stopped your function's invocation.",
          "RecursiveInvocationException"};
}

Error too_many_requests(std::string_view reason) {
  return {ErrorCode::kThrottled, "Rate Exceeded.", "TooManyRequestsException",
          R"({"Reason":")" + std::string(reason) + "\"}"};
}

}  // namespace stator::lambda
