#include "http/timer_wheel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <map>
#include <vector>

namespace stator::http::detail {
namespace {

using namespace std::chrono_literals;

struct Timer final : Deadline {
  void on_deadline() override {
    ++fired;
    if (then) then();
  }
  int fired = 0;
  std::function<void()> then;
};

constexpr SteadyTime kStart{1h};

TEST(TimerWheel, MeetsADeadlineOnceAndNotEarly) {
  TimerWheel wheel(kStart);
  Timer timer;
  wheel.arm(timer, kStart + 100ms);
  wheel.expire(kStart + 100ms);
  EXPECT_EQ(timer.fired, 0);
  wheel.expire(kStart + 100ms + TimerWheel::kTick);
  EXPECT_EQ(timer.fired, 1);
  EXPECT_FALSE(timer.is_armed());
  wheel.expire(kStart + 1h);
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerWheel, MovesAndForgets) {
  TimerWheel wheel(kStart);
  Timer moved;
  Timer forgotten;
  wheel.arm(moved, kStart + 50ms);
  wheel.arm(moved, kStart + 10min);  // many turns of the wheel
  wheel.arm(forgotten, kStart + 50ms);
  wheel.disarm(forgotten);
  wheel.disarm(forgotten);
  wheel.expire(kStart + 9min);
  EXPECT_EQ(moved.fired, 0);
  wheel.expire(kStart + 11min);
  EXPECT_EQ(moved.fired, 1);
  EXPECT_EQ(forgotten.fired, 0);
  EXPECT_TRUE(wheel.empty());
  EXPECT_FALSE(wheel.next_check());
}

TEST(TimerWheel, LetsADeadlineDisarmAndArmOthers) {
  TimerWheel wheel(kStart);
  Timer first;
  Timer second;
  Timer third;
  for (auto* timer : {&first, &second, &third}) wheel.arm(*timer, kStart + 10ms);
  first.then = [&] {
    wheel.disarm(second);
    wheel.arm(first, kStart + 20ms);
  };
  wheel.expire(kStart + 1s);
  EXPECT_EQ(second.fired, 0);
  EXPECT_EQ(third.fired, 1);
  EXPECT_EQ(first.fired, 1);
  wheel.expire(kStart + 2s);
  EXPECT_EQ(first.fired, 2);
}

TEST(TimerWheel, AgreesWithASortedMap) {
  EXPECT_TRUE(rc::check([] {
    TimerWheel wheel(kStart);
    std::vector<Timer> timers(8);
    std::map<std::size_t, std::chrono::milliseconds> due;
    std::chrono::milliseconds now{0};
    const auto steps = *rc::gen::container<std::vector<std::pair<std::size_t, int>>>(
        rc::gen::pair(rc::gen::inRange<std::size_t>(0, 8), rc::gen::inRange(-1, 80'000)));
    for (const auto& [index, amount] : steps) {
      if (amount < 0) {
        wheel.disarm(timers[index]);
        due.erase(index);
      } else if (amount % 2 == 0) {
        due[index] = now + std::chrono::milliseconds(amount);
        wheel.arm(timers[index], kStart + due[index]);
      } else {
        now += std::chrono::milliseconds(amount);
        wheel.expire(kStart + now);
      }
      for (std::size_t i = 0; i < timers.size(); ++i) {
        const auto at = due.find(i);
        if (at == due.end()) {
          RC_ASSERT(!timers[i].is_armed());
        } else if (at->second >= now) {
          RC_ASSERT(timers[i].is_armed());
        } else if (at->second + 2 * TimerWheel::kTick < now) {
          RC_ASSERT(!timers[i].is_armed());
        }
        if (!timers[i].is_armed()) due.erase(i);
      }
      const auto next = wheel.next_check();
      RC_ASSERT(next.has_value() == !wheel.empty());
      for (const auto& [i, at] : due) RC_ASSERT(*next <= kStart + at + TimerWheel::kTick);
    }
    for (auto& timer : timers) wheel.disarm(timer);
  }));
}

}  // namespace
}  // namespace stator::http::detail
