#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "stator/abi.h"
#include "stator/result.hpp"

namespace ddb {

/// Why an operation came to nothing. What was merely absent is no error: get() answers an empty
/// optional.
enum class ErrorCode {
  kConditionFailed = STATOR1_CONDITION_FAILED,
  kThrottled = STATOR1_THROTTLED,  ///< still, after all attempts
  kInvalid = STATOR1_INVALID,
  kTableNotFound = STATOR1_TABLE_NOT_FOUND,
  kAccessDenied = STATOR1_ACCESS_DENIED,
  kConflict = STATOR1_CONFLICT,
  kTooLarge = STATOR1_TOO_LARGE,
  kUnavailable = STATOR1_UNAVAILABLE,      ///< no usable answer after all attempts
  kConfiguration = STATOR1_CONFIGURATION,  ///< endpoint, region, credentials or TLS of this process
  kBadReply = STATOR1_BAD_REPLY,
  kDecode = STATOR1_DECODE,         ///< an item that does not fit the model; the message says where
  kBadCursor = STATOR1_BAD_CURSOR,  ///< a cursor that this table did not hand out
  kOther = STATOR1_OTHER,           ///< see `type`
  kCancelled = STATOR1_CANCELLED    ///< a transaction; see `reasons`
};

/// What one operation of a cancelled transaction had to do with it.
struct CancellationReason {
  enum class Code {
    kNone,  ///< this operation was not the cause
    kConditionFailed,
    kConflict,  ///< another transaction or write was at the item
    kThrottled,
    kTooLarge,
    kInvalid,
    kDuplicate,
    kOther
  };
  Code code = Code::kNone;
  std::string type;  ///< as the service calls it, e.g. ConditionalCheckFailed
  std::string message;
  std::string old_item_json;  ///< where ddb::with_old_item asked for it: see old_item()
};

struct Error {
  ErrorCode code = ErrorCode::kOther;
  std::string message;
  std::string type;            ///< the service's exception, e.g. ValidationException; may be empty
  std::string request_id;      ///< empty when no answer came
  std::string old_item_json;   ///< of a failed condition, when ddb::with_old_item asked for it
  std::uint32_t attempts = 0;  ///< how often the request was sent
  std::vector<CancellationReason> reasons;  ///< reasons[i] is of the transaction's operation i
};

/// What value() throws.
class Exception : public std::runtime_error {
 public:
  explicit Exception(Error error)
      : std::runtime_error(error.type.empty() ? error.message : error.type + ": " + error.message),
        error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

[[noreturn]] inline void raise(const Error& error) {
  throw Exception(error);
}

/// A value or an Error. Test it, or call value() and let it throw.
template <class T>
using Result = stator::sdk::BasicResult<T, Error>;

/// Whether a result is the failure of a condition, which is the one failure programs plan for.
template <class T>
[[nodiscard]] bool condition_failed(const Result<T>& result) {
  return !result && result.error().code == ErrorCode::kConditionFailed;
}

namespace detail {

inline Error error_of(ErrorCode code, std::string message) {
  Error error;
  error.code = code;
  error.message = std::move(message);
  return error;
}
inline Error invalid(std::string message) {
  return error_of(ErrorCode::kInvalid, std::move(message));
}

}  // namespace detail

}  // namespace ddb
