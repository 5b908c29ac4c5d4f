#include "apigateway/traffic/token_bucket.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace stator::apigateway {
namespace {

using std::chrono::milliseconds;

std::size_t take_all(TokenBucket& bucket, const RateLimit& limit, SteadyTime now) {
  std::size_t taken = 0;
  while (bucket.take(limit, now)) ++taken;
  return taken;
}

TEST(TokenBucket, LetsABurstPassAndThenTheRate) {
  TokenBucket bucket;
  const RateLimit limit{10, 5};
  const SteadyTime start{};
  EXPECT_EQ(take_all(bucket, limit, start), 5u);
  EXPECT_FALSE(bucket.take(limit, start + milliseconds(99)));
  EXPECT_TRUE(bucket.take(limit, start + milliseconds(100)));
  EXPECT_FALSE(bucket.take(limit, start + milliseconds(100)));
  EXPECT_EQ(take_all(bucket, limit, start + std::chrono::hours(1)), 5u);
}

TEST(TokenBucket, RefusesEverythingAtZero) {
  TokenBucket bucket;
  EXPECT_FALSE(bucket.take({0, 0}, SteadyTime{} + std::chrono::hours(1)));
  EXPECT_FALSE(bucket.take({100, 0}, SteadyTime{} + std::chrono::hours(2)));
}

TEST(TokenBucket, RemembersWhatWasTakenWhenTheLimitChanges) {
  TokenBucket bucket;
  const SteadyTime start{};
  EXPECT_EQ(take_all(bucket, {1, 10}, start), 10u);
  EXPECT_EQ(take_all(bucket, {1, 15}, start), 5u);
  EXPECT_FALSE(bucket.take({1, 10}, start + milliseconds(5000)));
  EXPECT_EQ(take_all(bucket, {1, 15}, start + milliseconds(5000)), 5u);
}

TEST(TokenBucket, DoesNotGiveBackTheSameTimeTwice) {
  TokenBucket bucket;
  const RateLimit limit{1, 1};
  const SteadyTime start{};
  EXPECT_TRUE(bucket.take(limit, start + milliseconds(1000)));
  EXPECT_FALSE(bucket.take(limit, start));
  EXPECT_FALSE(bucket.take(limit, start + milliseconds(1000)));
  EXPECT_FALSE(bucket.take(limit, start + milliseconds(1999)));
  EXPECT_TRUE(bucket.take(limit, start + milliseconds(2000)));
}

/// Against whole numbers: time in milliseconds and a thousandth of a token as the unit.
RC_GTEST_PROP(TokenBucket, AgreesWithWholeNumbers, ()) {
  const auto rate = *rc::gen::inRange(0, 50);
  const auto burst = *rc::gen::inRange(0, 20);
  const auto pauses = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 300));
  TokenBucket bucket;
  std::int64_t tokens = std::int64_t{burst} * 1000;
  SteadyTime now{};
  for (const int pause : pauses) {
    now += milliseconds(pause);
    tokens = std::min(std::int64_t{burst} * 1000, tokens + std::int64_t{rate} * pause);
    const bool has_token = tokens >= 1000;
    if (has_token) tokens -= 1000;
    RC_ASSERT(bucket.take({double(rate), double(burst)}, now) == has_token);
  }
}

TEST(TokenBucket, CountsExactlyForManyThreads) {
  constexpr int kThreads = 4, kSteps = 200;
  const RateLimit limit{1000, 50};
  TokenBucket bucket;
  std::atomic<std::int64_t> time_ms = 0, taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      // Whoever drains the bucket moves time on, so that every millisecond is used up by all.
      while (time_ms.load() <= kSteps) {
        const std::int64_t now = time_ms.load();
        if (bucket.take(limit, SteadyTime{} + milliseconds(now))) {
          ++taken;
        } else {
          std::int64_t seen = now;
          time_ms.compare_exchange_strong(seen, now + 1);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // One failed take at the last moment means that nothing was left; a thread that looked at the
  // clock just then may have had the next moment's token.
  EXPECT_GE(taken.load(), 50 + kSteps);
  EXPECT_LE(taken.load(), 50 + kSteps + 1);
}

}  // namespace
}  // namespace stator::apigateway
