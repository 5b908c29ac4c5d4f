#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace stator {

/// What kind of thing went wrong, independent of any service or protocol. `aws/` turns a code into
/// an HTTP status and, where the error names no AWS exception of its own, into a default one.
enum class ErrorCode {
  kInvalid,          ///< the request is malformed or breaks a rule (400)
  kUnauthenticated,  ///< who is calling could not be established (403, or 400 on json protocols)
  kAccessDenied,     ///< the caller may not do this (403)
  kNotFound,         ///< (404)
  kConflict,         ///< exists already, is in use, or is in the wrong state (409)
  kPrecondition,     ///< a revision or condition did not hold (412)
  kTooLarge,         ///< (413)
  kThrottled,        ///< a limit of rate or concurrency was reached (429)
  kUnsupported,      ///< AWS has it and stator does not; the message names it (400)
  kUnavailable,      ///< the server cannot serve this now; nothing was done (503)
  kTimeout,          ///< (504)
  kInternal,         ///< a fault of stator or of the machine (500)
};

/// An expected failure, as a value. `aws_type` is the exception name that the service's API gives
/// it
/// ("ResourceNotFoundException"); empty means the default for the code.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string aws_type = {};
  /// Further members of the error body, as the text of a JSON object (`{"Item":{…}}`); may be
  /// empty.
  std::string detail_json = {};
};

/// "kNotFound" without the k, for logs.
[[nodiscard]] std::string_view to_string(ErrorCode code);

[[nodiscard]] inline Error invalid(std::string message) {
  return {ErrorCode::kInvalid, std::move(message)};
}
[[nodiscard]] inline Error not_found(std::string message) {
  return {ErrorCode::kNotFound, std::move(message)};
}
[[nodiscard]] inline Error conflict(std::string message) {
  return {ErrorCode::kConflict, std::move(message)};
}
[[nodiscard]] inline Error unsupported(std::string message) {
  return {ErrorCode::kUnsupported, std::move(message)};
}
[[nodiscard]] inline Error unavailable(std::string message) {
  return {ErrorCode::kUnavailable, std::move(message)};
}
[[nodiscard]] inline Error internal(std::string message) {
  return {ErrorCode::kInternal, std::move(message)};
}

}  // namespace stator
