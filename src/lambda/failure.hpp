#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "lambda/invocation.hpp"

namespace stator::lambda {

/// Why an instance could not start or died: what the caller of its invocation gets.
struct Failure {
  std::string error_type;      ///< "Runtime.InvalidEntrypoint"
  std::string message;         ///< without "RequestId: ..."
  std::optional<Error> fault;  ///< when it is no fault of the function: answered as it is
};

/// {"errorType": ..., "errorMessage": "RequestId: ... Error: ..."}, in that order, as on AWS.
[[nodiscard]] std::string failure_payload(const Failure& failure, const std::string& request_id);
[[nodiscard]] Result<InvokeResult> failure_result(const Failure& failure,
                                                  const std::string& request_id);

/// "Task timed out after 3.00 seconds"
[[nodiscard]] Failure timed_out(std::chrono::milliseconds after);
/// A streamed answer broke off and the program went on.
[[nodiscard]] Failure truncated();
/// `reason` is "" for a clean exit, else as in "exit status 1" or "signal: killed".
[[nodiscard]] Failure exit_failure(std::string_view reason, bool is_out_of_memory);

}  // namespace stator::lambda
