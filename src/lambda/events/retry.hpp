#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lambda/settings.hpp"

/// When an event is tried again, and when it is given up.
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
namespace stator::lambda::events {

/// How an event's time in the queue ended; to_string() is what an invocation record calls it.
enum class Condition : std::uint8_t {
  kSuccess,
  kRetriesExhausted,
  kEventAgeExceeded,
  kZeroReservedConcurrency,
  kRecursiveInvocation,
};
[[nodiscard]] std::string_view to_string(Condition condition);

/// What becomes of an event whose try has failed: it is over, or tried again after the delay.
struct Verdict {
  std::optional<Condition> over;
  std::chrono::milliseconds delay{0};
};

/// No event is due later than this after its last try.
inline constexpr std::chrono::milliseconds kDelayMax = std::chrono::minutes(5);

/// After a function error, the `failures`-th: again after a minute, then after two. An event that
/// would be too old by then is given up at once.
[[nodiscard]] Verdict after_failure(const EventInvokeConfig& config, std::int64_t failures,
                                    std::chrono::milliseconds age);

/// After a throttle or a fault that was not the function's, the `refusals`-th: again after a
/// second, two, four, and so on to five minutes, until the event is too old.
[[nodiscard]] Verdict after_refusal(const EventInvokeConfig& config, std::int64_t refusals,
                                    std::chrono::milliseconds age);

}  // namespace stator::lambda::events
