#include "base/error.hpp"

namespace stator {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "Invalid";
    case ErrorCode::kUnauthenticated:
      return "Unauthenticated";
    case ErrorCode::kAccessDenied:
      return "AccessDenied";
    case ErrorCode::kNotFound:
      return "NotFound";
    case ErrorCode::kConflict:
      return "Conflict";
    case ErrorCode::kPrecondition:
      return "Precondition";
    case ErrorCode::kTooLarge:
      return "TooLarge";
    case ErrorCode::kThrottled:
      return "Throttled";
    case ErrorCode::kUnsupported:
      return "Unsupported";
    case ErrorCode::kUnavailable:
      return "Unavailable";
    case ErrorCode::kTimeout:
      return "Timeout";
    case ErrorCode::kInternal:
      return "Internal";
  }
  return "Internal";
}

}  // namespace stator
