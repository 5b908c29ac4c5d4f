#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "lambda/events/event.hpp"
#include "lambda/events/retry.hpp"

/// What destinations and dead-letter targets are told.
namespace stator::lambda::events {

/// How an event ended, with what its last try answered.
struct Outcome {
  Condition condition = Condition::kSuccess;
  int status = 0;                ///< of the last try: 200, or the error's; 0 when there was none
  std::string executed_version;  ///< "" when the function was not reached
  std::string function_error;
  std::optional<std::string> response;  ///< the function's answer or its error document
  std::string error_message;            ///< where there is no response
};

/// The invocation record, version 1.0, as JSON.
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
[[nodiscard]] std::string invocation_record(const Event& event, const Outcome& outcome,
                                            WallTime now);

/// What a function gets as a dead-letter target: the event that the consumer of a dead-letter queue
/// would get, one record whose body is the payload, with the message attributes RequestID,
/// ErrorCode and ErrorMessage.
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
[[nodiscard]] std::string dead_letter(const Event& event, const Outcome& outcome);

}  // namespace stator::lambda::events
