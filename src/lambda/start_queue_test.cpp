#include "lambda/start_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace stator::lambda {
namespace {

TEST(StartQueue, AFunctionThatHangsHoldsUpItselfAlone) {
  StartQueue queue({.threads_max = 3, .at_once_max = 2, .queued_max = 100});
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::atomic<int> hung{0};
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(queue.post("hangs", [&] {
      released.wait();
      ++hung;
    }));
  }
  for (int i = 0; i < 20; ++i) {
    std::promise<void> done;
    ASSERT_TRUE(queue.post("works", [&] { done.set_value(); }));
    done.get_future().wait();
  }
  EXPECT_EQ(hung, 0);
  release.set_value();
  queue.stop();
  EXPECT_EQ(hung, 10);
}

TEST(StartQueue, FunctionsTakeTurns) {
  StartQueue queue({.threads_max = 1, .at_once_max = 1, .queued_max = 100});
  std::promise<void> release;
  std::string order;
  ASSERT_TRUE(queue.post("x", [&] { release.get_future().wait(); }));
  for (const char* name : {"a", "a", "a", "b", "c"}) {
    ASSERT_TRUE(queue.post(name, [&order, name] { order += name; }));
  }
  release.set_value();
  queue.stop();
  EXPECT_EQ(order, "abcaa");
}

TEST(StartQueue, IsBounded) {
  StartQueue queue({.threads_max = 1, .at_once_max = 1, .queued_max = 2});
  std::promise<void> release;
  std::promise<void> begun;
  ASSERT_TRUE(queue.post("a", [&] {
    begun.set_value();
    release.get_future().wait();
  }));
  begun.get_future().wait();
  EXPECT_TRUE(queue.post("a", [] {}));
  EXPECT_TRUE(queue.post("b", [] {}));
  EXPECT_FALSE(queue.post("c", [] {}));
  release.set_value();
  queue.stop();
  EXPECT_FALSE(queue.post("a", [] {})) << "it has stopped";
}

TEST(StartQueue, ManyThreadsRunEverythingOnce) {
  std::atomic<int> ran{0};
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  {
    StartQueue queue({.threads_max = 8, .at_once_max = 2, .queued_max = 10'000});
    for (int i = 0; i < 1'000; ++i) {
      ASSERT_TRUE(queue.post("f", [&] {
        const int now = ++at_once;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        --at_once;
        ++ran;
      }));
    }
  }
  EXPECT_EQ(ran, 1'000);
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace stator::lambda
