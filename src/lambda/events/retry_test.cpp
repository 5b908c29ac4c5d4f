#include "lambda/events/retry.hpp"

#include <gtest/gtest.h>

namespace stator::lambda::events {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(EventRetry, AFunctionErrorIsTriedAgainAfterOneMinuteAndAfterTwo) {
  const EventInvokeConfig defaults;
  EXPECT_EQ(after_failure(defaults, 1, seconds(1)).delay, minutes(1));
  EXPECT_EQ(after_failure(defaults, 2, minutes(1)).delay, minutes(2));
  EXPECT_EQ(after_failure(defaults, 3, minutes(3)).over, Condition::kRetriesExhausted);
}

TEST(EventRetry, FollowsTheFunctionsConfiguration) {
  const struct {
    std::int64_t retries_max, age_s_max, failures;
    seconds age;
    std::optional<Condition> over;
  } cases[] = {
      {0, 21'600, 1, seconds(0), Condition::kRetriesExhausted},
      {1, 21'600, 1, seconds(0), std::nullopt},
      {1, 21'600, 2, seconds(60), Condition::kRetriesExhausted},
      {2, 60, 1, seconds(0), std::nullopt},
      // A minute from now it would be too old.
      {2, 60, 1, seconds(1), Condition::kEventAgeExceeded},
      {2, 179, 2, seconds(60), Condition::kEventAgeExceeded},
      {2, 180, 2, seconds(60), std::nullopt},
      // Both hold: no try was left anyway.
      {0, 60, 1, seconds(100), Condition::kRetriesExhausted},
  };
  for (const auto& one : cases) {
    EventInvokeConfig config;
    config.retries_max = one.retries_max;
    config.age_s_max = one.age_s_max;
    EXPECT_EQ(after_failure(config, one.failures, one.age).over, one.over)
        << one.retries_max << " " << one.age_s_max << " " << one.failures;
  }
}

TEST(EventRetry, ARefusalBacksOffToFiveMinutes) {
  const EventInvokeConfig defaults;
  const std::int64_t expected_s[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
  std::int64_t refusals = 0;
  for (const auto delay : expected_s) {
    const auto verdict = after_refusal(defaults, ++refusals, seconds(10));
    EXPECT_FALSE(verdict.over);
    EXPECT_EQ(verdict.delay, seconds(delay)) << refusals;
  }
  EXPECT_EQ(after_refusal(defaults, 1'000'000, seconds(10)).delay, kDelayMax);
}

TEST(EventRetry, ARefusedEventIsKeptToTheEndOfItsAge) {
  EventInvokeConfig config;
  config.age_s_max = 60;
  EXPECT_EQ(after_refusal(config, 9, milliseconds(59'500)).delay, milliseconds(500));
  EXPECT_EQ(after_refusal(config, 9, seconds(60)).over, Condition::kEventAgeExceeded);
  EXPECT_EQ(after_refusal(EventInvokeConfig{}, 100, hours(6)).over, Condition::kEventAgeExceeded);
}

}  // namespace
}  // namespace stator::lambda::events
