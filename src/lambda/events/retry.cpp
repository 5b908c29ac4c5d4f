#include "lambda/events/retry.hpp"

#include <algorithm>

namespace stator::lambda::events {

std::string_view to_string(Condition condition) {
  switch (condition) {
    case Condition::kSuccess:
      return "Success";
    case Condition::kRetriesExhausted:
      return "RetriesExhausted";
    case Condition::kEventAgeExceeded:
      return "EventAgeExceeded";
    case Condition::kZeroReservedConcurrency:
      return "ZeroReservedConcurrency";
    case Condition::kRecursiveInvocation:
      break;
  }
  return "RecursiveInvocation";
}

Verdict after_failure(const EventInvokeConfig& config, std::int64_t failures,
                      std::chrono::milliseconds age) {
  if (failures > config.retries_max) return {Condition::kRetriesExhausted};
  const std::chrono::milliseconds delay = std::chrono::minutes(failures < 2 ? 1 : 2);
  if (age + delay > std::chrono::seconds(config.age_s_max)) return {Condition::kEventAgeExceeded};
  return {std::nullopt, delay};
}

Verdict after_refusal(const EventInvokeConfig& config, std::int64_t refusals,
                      std::chrono::milliseconds age) {
  const std::chrono::milliseconds left = std::chrono::seconds(config.age_s_max) - age;
  if (left.count() <= 0) return {Condition::kEventAgeExceeded};
  // 2^9 seconds are over five minutes.
  const auto doublings = std::clamp<std::int64_t>(refusals - 1, 0, 9);
  const std::chrono::milliseconds delay = std::chrono::seconds(std::int64_t{1} << doublings);
  return {std::nullopt, std::min({delay, kDelayMax, left})};
}

}  // namespace stator::lambda::events
