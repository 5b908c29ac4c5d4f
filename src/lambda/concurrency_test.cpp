#include "lambda/concurrency.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace stator::lambda {
namespace {

constexpr FunctionKeyView kF{"000000000000", "us-east-1", "f"};
constexpr FunctionKeyView kG{"000000000000", "us-east-1", "g"};
constexpr FunctionKeyView kElsewhere{"000000000000", "eu-west-1", "f"};

/// "" or the reason.
std::string reason(const Result<Concurrency::Ticket>& ticket) {
  return ticket ? "" : ticket.error().detail_json;
}

constexpr const char* kAccountIsFull = R"({"Reason":"ConcurrentInvocationLimitExceeded"})";
constexpr const char* kFunctionIsFull =
    R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"})";

TEST(Concurrency, TheAccountsLimitIsSharedByItsFunctions) {
  Concurrency concurrency(2);
  const auto first = concurrency.enter(kF, "$LATEST");
  ASSERT_TRUE(first);
  EXPECT_TRUE(concurrency.enter(kG, "$LATEST"));
  EXPECT_EQ(reason(concurrency.enter(kF, "1")), kAccountIsFull);
  EXPECT_TRUE(concurrency.enter(kElsewhere, "$LATEST")) << "each region has its own";
  concurrency.leave(*first);
  EXPECT_TRUE(concurrency.enter(kG, "1"));
  EXPECT_FALSE(concurrency.enter(kG, "1"));
}

TEST(Concurrency, WhatIsReservedIsNeitherExceededNorTaken) {
  Concurrency concurrency(3);
  concurrency.set(kF, {.reserved = 2, .provisioned = {}});
  EXPECT_TRUE(concurrency.enter(kG, "$LATEST"));
  EXPECT_EQ(reason(concurrency.enter(kG, "$LATEST")), kAccountIsFull);
  EXPECT_TRUE(concurrency.enter(kF, "$LATEST"));
  EXPECT_TRUE(concurrency.enter(kF, "1")) << "versions share it";
  EXPECT_EQ(reason(concurrency.enter(kF, "2")), kFunctionIsFull);
  EXPECT_EQ(concurrency.running(kF), 2);
}

TEST(Concurrency, NoneReservedMeansNone) {
  Concurrency concurrency(3);
  concurrency.set(kF, {.reserved = 0, .provisioned = {}});
  EXPECT_EQ(reason(concurrency.enter(kF, "$LATEST")), kFunctionIsFull);
  concurrency.set(kF, {});
  EXPECT_TRUE(concurrency.enter(kF, "$LATEST"));
}

TEST(Concurrency, WhatRunsAlreadyCountsWhenItIsReserved) {
  Concurrency concurrency(10);
  const auto running = concurrency.enter(kF, "$LATEST");
  ASSERT_TRUE(running);
  concurrency.set(kF, {.reserved = 1, .provisioned = {}});
  EXPECT_FALSE(concurrency.enter(kF, "$LATEST"));
  concurrency.leave(*running);
  EXPECT_TRUE(concurrency.enter(kF, "$LATEST"));
  EXPECT_FALSE(concurrency.enter(kF, "$LATEST"));
}

TEST(Concurrency, AVersionRunsBeyondWhatIsProvisionedAmongTheOthers) {
  Concurrency concurrency(3);
  concurrency.set(kF, {.reserved = {}, .provisioned = {{"1", 2}}});
  std::vector<Result<Concurrency::Ticket>> inside;
  for (int i = 0; i < 3; ++i) inside.push_back(concurrency.enter(kF, "1"));
  for (const auto& ticket : inside) EXPECT_TRUE(ticket);
  EXPECT_EQ(reason(concurrency.enter(kG, "$LATEST")), kAccountIsFull);
  EXPECT_EQ(reason(concurrency.enter(kF, "2")), kAccountIsFull);
  concurrency.leave(*inside[0]);
  EXPECT_FALSE(concurrency.enter(kG, "$LATEST")) << "that one was the version's own";
  EXPECT_TRUE(concurrency.enter(kF, "1"));
  concurrency.leave(*inside[2]);
  EXPECT_TRUE(concurrency.enter(kG, "$LATEST"));
}

TEST(Concurrency, AFunctionThatIsGoneLeavesNothing) {
  Concurrency concurrency(2);
  concurrency.set(kF, {.reserved = 2, .provisioned = {}});
  const auto last = concurrency.enter(kF, "$LATEST");
  ASSERT_TRUE(last);
  concurrency.forget(kF);
  EXPECT_TRUE(concurrency.enter(kG, "$LATEST"));
  EXPECT_TRUE(concurrency.enter(kG, "$LATEST"));
  concurrency.leave(*last);
  EXPECT_EQ(concurrency.running(kF), 0);
  EXPECT_FALSE(concurrency.enter(kF, "$LATEST"));
}

TEST(Concurrency, IsExactUnderRaces) {
  Concurrency concurrency(100);
  concurrency.set(kF, {.reserved = 3, .provisioned = {}});
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::atomic<int> entered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 2'000; ++n) {
        const auto ticket = concurrency.enter(kF, "$LATEST");
        if (!ticket) continue;
        const int now = ++running;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        ++entered;
        --running;
        concurrency.leave(*ticket);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  EXPECT_GT(entered, 0);
  EXPECT_EQ(concurrency.running(kF), 0);
}

}  // namespace
}  // namespace stator::lambda
