#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

/// The exceptions of the Lambda API, by name. Texts are AWS's where AWS has one.
namespace stator::lambda {

[[nodiscard]] Error invalid_parameter(std::string message);  ///< InvalidParameterValueException
[[nodiscard]] Error validation_failed(std::string message);  ///< ValidationException
/// ValidationException in the words of AWS's models: "... Member must RULE".
[[nodiscard]] Error constraint_failed(std::string_view value, std::string_view member,
                                      std::string_view rule);
[[nodiscard]] Error resource_missing(std::string message);    ///< ResourceNotFoundException
[[nodiscard]] Error resource_conflict(std::string message);   ///< ResourceConflictException
[[nodiscard]] Error request_too_large(std::string message);   ///< RequestEntityTooLargeException
[[nodiscard]] Error bad_request_content(std::string reason);  ///< InvalidRequestContentException
/// `read_with` names the call that gives the current revision: "GetFunction/GetAlias".
[[nodiscard]] Error stale_revision(std::string_view read_with);
[[nodiscard]] Error function_missing(std::string_view arn);
/// RecursiveInvocationException: the function has been called too often in one chain of calls.
[[nodiscard]] Error recursive_invocation();
/// TooManyRequestsException; `reason` is one of AWS's ThrottleReason.
[[nodiscard]] Error too_many_requests(
    std::string_view reason = "ConcurrentInvocationLimitExceeded");

}  // namespace stator::lambda
