#include "lambda/idle_freezer.hpp"

#include <gtest/gtest.h>

namespace stator::lambda {
namespace {

using namespace std::chrono_literals;

struct Sleeper final : Freezable {
  bool freeze_if_idle(SteadyTime idle_before) override {
    ++asked;
    if (is_busy) return false;
    if (idle_since > idle_before) return true;
    is_frozen = true;
    return false;
  }
  SteadyTime idle_since{};
  bool is_busy = false;
  bool is_frozen = false;
  int asked = 0;
};

class IdleFreezerTest : public ::testing::Test {
 protected:
  void fall_idle() {
    sleeper->idle_since = clock.steady();
    freezer->watch(sleeper);
  }
  FakeClock clock;
  FakeScheduler scheduler{clock};
  std::unique_ptr<IdleFreezer> freezer = std::make_unique<IdleFreezer>(scheduler, clock, 100ms);
  std::shared_ptr<Sleeper> sleeper = std::make_shared<Sleeper>();
};

TEST_F(IdleFreezerTest, FreezesWhatStaysIdle) {
  fall_idle();
  scheduler.advance(99ms);
  EXPECT_FALSE(sleeper->is_frozen);
  scheduler.advance(101ms);
  EXPECT_TRUE(sleeper->is_frozen);
  EXPECT_EQ(scheduler.pending(), 0u) << "with nothing to watch nothing wakes up";
}

TEST_F(IdleFreezerTest, LeavesAloneWhatIsUsed) {
  fall_idle();
  for (int i = 0; i < 50; ++i) {
    scheduler.advance(20ms);
    sleeper->idle_since = clock.steady();
  }
  EXPECT_FALSE(sleeper->is_frozen);
  EXPECT_LE(sleeper->asked, 10) << "once in a hundred milliseconds, however often it is used";
  scheduler.advance(200ms);
  EXPECT_TRUE(sleeper->is_frozen);
}

TEST_F(IdleFreezerTest, ForgetsWhatIsBusyOrGone) {
  fall_idle();
  sleeper->is_busy = true;
  scheduler.advance(1s);
  EXPECT_EQ(sleeper->asked, 1);
  fall_idle();
  sleeper.reset();
  scheduler.advance(1s);
  EXPECT_EQ(scheduler.pending(), 0u);
}

TEST_F(IdleFreezerTest, EndsWithSomeStillWatched) {
  fall_idle();
  freezer.reset();
  scheduler.advance(1s);
  EXPECT_EQ(sleeper->asked, 0);
}

TEST_F(IdleFreezerTest, CanBeSwitchedOff) {
  freezer = std::make_unique<IdleFreezer>(scheduler, clock, 0ms);
  fall_idle();
  EXPECT_EQ(scheduler.pending(), 0u);
}

}  // namespace
}  // namespace stator::lambda
