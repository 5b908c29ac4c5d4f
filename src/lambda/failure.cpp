#include "lambda/failure.hpp"

#include "json/json.hpp"

namespace stator::lambda {

std::string failure_payload(const Failure& failure, const std::string& request_id) {
  return "{\"errorType\":" + json::quote(failure.error_type) + ",\"errorMessage\":" +
         json::quote("RequestId: " + request_id + " Error: " + failure.message) + "}";
}

Result<InvokeResult> failure_result(const Failure& failure, const std::string& request_id) {
  if (failure.fault) return *failure.fault;
  return InvokeResult{failure_payload(failure, request_id), "Unhandled"};
}

Failure timed_out(std::chrono::milliseconds after) {
  const auto hundredths = std::to_string(after.count() / 10 % 100);
  return {"Sandbox.Timedout",
          "Task timed out after " + std::to_string(after.count() / 1000) + "." +
              (hundredths.size() < 2 ? "0" : "") + hundredths + " seconds",
          std::nullopt};
}

Failure truncated() {
  return {"Runtime.TruncatedResponse", "The response stream ended before it was complete",
          std::nullopt};
}

Failure exit_failure(std::string_view reason, bool is_out_of_memory) {
  if (reason.empty()) {
    return {"Runtime.ExitError", "Runtime exited without providing a reason", std::nullopt};
  }
  return {is_out_of_memory ? "Runtime.OutOfMemory" : "Runtime.ExitError",
          "Runtime exited with error: " + std::string(reason), std::nullopt};
}

}  // namespace stator::lambda
