#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lambda/pool.hpp"

namespace stator::lambda {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct QuietRunner final : Runner {
  void deliver(Delivery delivery) override { deliveries.push_back(std::move(delivery)); }
  void finish(Ending) override {}
  [[nodiscard]] bool end() override {
    is_ended = true;
    return true;
  }
  std::vector<Delivery> deliveries;
  bool is_ended = false;
};

/// An instance of one of several pools.
struct Started {
  std::shared_ptr<Pool> pool;
  InstanceId id = 0;
  std::shared_ptr<QuietRunner> runner = std::make_shared<QuietRunner>();
  std::size_t answered = 0;  ///< of its deliveries
  bool is_up = false;
};

/// Several functions on one budget, under a test that plays starter, programs and time.
struct Town final : Starter {
  explicit Town(std::size_t functions, std::size_t instances_max, PoolOptions options = {})
      : budget(instances_max, [this] { make_room(); }) {
    for (std::size_t i = 0; i < functions; ++i) {
      auto function = std::make_shared<FunctionRecord>();
      function->key = {"000000000000", "us-east-1", std::string(1, static_cast<char>('a' + i))};
      pools.push_back(std::make_shared<Pool>(function, options, *this, budget, scheduler, clock));
    }
  }
  ~Town() override {
    for (const auto& pool : pools) pool->end_all();
  }
  void start(std::shared_ptr<Pool> pool, InstanceId id,
             std::shared_ptr<const FunctionRecord>) override {
    instances.push_back(Started{std::move(pool), id});
  }
  void make_room() {
    std::shared_ptr<Pool> oldest;
    for (const auto& pool : pools) {
      const auto since = pool->oldest_idle();
      if (since && (oldest == nullptr || *since < *oldest->oldest_idle())) oldest = pool;
    }
    if (oldest != nullptr) oldest->evict_one();
  }
  void submit(std::size_t pool, const std::string& id) {
    Work work;
    work.request_id = id;
    work.payload = "{}";
    work.done = [this, id](Result<InvokeResult> result) {
      EXPECT_FALSE(results.contains(id)) << "answered twice: " << id;
      results.emplace(id, std::move(result));
    };
    EXPECT_EQ(pools.at(pool)->submit(work), Pool::Submitted::kAccepted);
  }
  /// Its program runs and asks for work.
  void bring_up(Started& one) {
    one.is_up = true;
    one.pool->started(one.id, one.runner, SteadyTime::max());
    next(one);
  }
  static void next(Started& one) {
    if (one.pool->ask(one.id)) one.pool->ready(one.id);
  }
  /// Answers what it has, if anything, and asks for more.
  static void serve(Started& one) {
    if (one.answered == one.runner->deliveries.size()) return;
    const std::string id = one.runner->deliveries[one.answered++].request_id;
    (void)one.pool->answer(one.id, id, InvokeResult{"1"});
    next(one);
  }
  /// Until nothing moves any more.
  void serve_all() {
    for (bool has_moved = true; has_moved;) {
      has_moved = false;
      for (std::size_t i = 0; i < instances.size(); ++i) {
        Started& one = instances[i];
        if (!one.is_up) {
          bring_up(one);
          has_moved = true;
        } else if (one.answered < one.runner->deliveries.size()) {
          serve(one);
          has_moved = true;
        }
      }
    }
  }
  [[nodiscard]] std::string first_waiting_type(const std::string& id) const {
    const auto found = results.find(id);
    if (found == results.end()) return "(unanswered)";
    return found->second ? "ok" : found->second.error().aws_type;
  }

  FakeClock clock;
  FakeScheduler scheduler{clock};
  Budget budget;
  std::vector<std::shared_ptr<Pool>> pools;
  std::deque<Started> instances;
  std::map<std::string, Result<InvokeResult>> results;
};

TEST(Places, TwoHundredAtOnceAreAllAnswered) {
  for (const std::size_t instances_max : {1'000u, 200u, 7u, 1u}) {
    Town town(1, instances_max);
    for (int i = 0; i < 200; ++i) town.submit(0, std::to_string(i));
    EXPECT_EQ(town.instances.size(), std::min<std::size_t>(32, instances_max));
    town.serve_all();
    EXPECT_EQ(town.results.size(), 200u);
    for (const auto& [id, result] : town.results) EXPECT_TRUE(result) << id;
  }
}

TEST(Places, InvocationsThatTakeLongGetAnInstanceEach) {
  Town town(1, 1'000);
  for (int i = 0; i < 200; ++i) town.submit(0, std::to_string(i));
  for (std::size_t i = 0; i < town.instances.size(); ++i) town.bring_up(town.instances[i]);
  EXPECT_EQ(town.instances.size(), 200u);
  EXPECT_EQ(town.pools[0]->counts().busy, 200u);
  town.serve_all();
  EXPECT_EQ(town.results.size(), 200u);
}

TEST(Places, StartsThatFailLeaveNobodyWaiting) {
  Town town(1, 1'000);
  for (int i = 0; i < 200; ++i) town.submit(0, std::to_string(i));
  for (std::size_t i = 0; i < town.instances.size(); ++i) {
    const Failure failure{"Runtime.InvalidEntrypoint", "no bootstrap", std::nullopt};
    town.pools[0]->start_failed(town.instances[i].id, failure);
  }
  EXPECT_EQ(town.results.size(), 200u);
  EXPECT_EQ(town.budget.used(), 0u);
}

TEST(Places, StartsThatHangLeaveNobodyWaiting) {
  Town town(1, 1'000);
  for (int i = 0; i < 200; ++i) town.submit(0, std::to_string(i));
  town.scheduler.advance(minutes(2));
  EXPECT_EQ(town.results.size(), 200u);
}

TEST(Places, AnIdleInstanceOfAnotherFunctionMakesRoom) {
  Town town(2, 1);
  town.submit(0, "a1");
  town.serve_all();
  EXPECT_EQ(town.pools[0]->counts().idle, 1u);
  town.submit(1, "b1");
  EXPECT_TRUE(town.instances[0].runner->is_ended);
  town.serve_all();
  EXPECT_EQ(town.first_waiting_type("b1"), "ok");
}

TEST(Places, WhoeverWaitsGetsThePlaceOfWhatBecomesFree) {
  Town town(3, 1);
  town.submit(0, "a1");
  town.bring_up(town.instances[0]);
  town.submit(1, "b1");
  town.submit(2, "c1");
  EXPECT_EQ(town.instances.size(), 1u);
  Town::serve(town.instances[0]);
  EXPECT_TRUE(town.instances[0].runner->is_ended)
      << "nobody waits for it, and others for its place";
  ASSERT_EQ(town.instances.size(), 2u);
  EXPECT_EQ(town.instances[1].pool, town.pools[1]) << "in the order of asking";
  town.serve_all();
  EXPECT_EQ(town.results.size(), 3u);
  EXPECT_EQ(town.budget.used(), 1u);
}

TEST(Places, WaitingForAPlaceHasAnEnd) {
  Town town(2, 1);
  town.submit(0, "a1");
  town.bring_up(town.instances[0]);
  town.submit(1, "b1");
  town.scheduler.advance(milliseconds(2'900));
  EXPECT_EQ(town.first_waiting_type("b1"), "(unanswered)");
  PoolOptions hasty;
  hasty.place_timeout = milliseconds(500);
  Town busy(2, 1, hasty);
  busy.submit(0, "a1");
  busy.bring_up(busy.instances[0]);
  busy.submit(1, "b1");
  busy.scheduler.advance(milliseconds(499));
  EXPECT_EQ(busy.first_waiting_type("b1"), "(unanswered)");
  busy.scheduler.advance(milliseconds(1));
  EXPECT_EQ(busy.first_waiting_type("b1"), "TooManyRequestsException");
  // The place that was asked for is of no use any more, and goes back.
  Town::serve(busy.instances[0]);
  EXPECT_EQ(busy.instances.size(), 1u);
  busy.submit(1, "b2");
  busy.serve_all();
  EXPECT_EQ(busy.first_waiting_type("b2"), "ok");
}

TEST(Provisioned, InstancesStandAheadAndStay) {
  Town town(2, 3);
  town.pools[0]->set_provisioned(2);
  ASSERT_EQ(town.instances.size(), 2u);
  EXPECT_TRUE(town.pools[0]->is_provisioned(town.instances[0].id));
  EXPECT_EQ(town.pools[0]->provision().available, 0u);
  town.serve_all();
  EXPECT_EQ(town.pools[0]->provision().available, 2u);
  town.scheduler.advance(minutes(20));
  town.pools[0]->reap(town.clock.steady());
  EXPECT_FALSE(town.pools[0]->oldest_idle()) << "nothing to evict";
  EXPECT_FALSE(town.pools[0]->evict_one());
  EXPECT_EQ(town.pools[0]->provision().available, 2u);
  town.submit(1, "b1");
  town.submit(1, "b2");
  town.serve_all();
  EXPECT_EQ(town.results.size(), 2u);
  town.submit(0, "a1");
  EXPECT_EQ(town.instances.size(), 3u) << "served by what stands";
  town.serve_all();
  EXPECT_EQ(town.pools[0]->provision().available, 2u);
  EXPECT_FALSE(town.pools[1]->is_provisioned(town.instances[2].id));
}

TEST(Provisioned, OneThatDiesIsReplaced) {
  Town town(1, 3);
  town.pools[0]->set_provisioned(1);
  town.serve_all();
  town.submit(0, "a1");
  town.pools[0]->exited(town.instances[0].id, "signal: killed", false);
  EXPECT_EQ(town.instances.size(), 2u);
  town.serve_all();
  EXPECT_EQ(town.pools[0]->provision().available, 1u);
  EXPECT_EQ(town.first_waiting_type("a1"), "ok") << "a failure of the function";
}

TEST(Provisioned, AStartThatFailsIsNotTriedAgainAtOnce) {
  Town town(1, 3);
  town.pools[0]->set_provisioned(1);
  town.pools[0]->start_failed(town.instances[0].id, {"Runtime.X", "no bootstrap", std::nullopt});
  EXPECT_EQ(town.instances.size(), 1u);
  EXPECT_EQ(town.pools[0]->provision().failure, "no bootstrap");
  town.pools[0]->reap(town.clock.steady() - minutes(10));
  ASSERT_EQ(town.instances.size(), 2u) << "maintenance tries again";
  town.serve_all();
  EXPECT_EQ(town.pools[0]->provision().failure, "");
  town.pools[0]->exited(town.instances[1].id, "exit status 1", false);
  EXPECT_EQ(town.instances.size(), 2u) << "nor what ends without having been asked anything";
}

TEST(Provisioned, NoLongerProvisionedIsReaped) {
  Town town(1, 3);
  town.pools[0]->set_provisioned(2);
  town.serve_all();
  town.pools[0]->set_provisioned(1);
  town.scheduler.advance(seconds(1));
  town.pools[0]->reap(town.clock.steady());
  EXPECT_EQ(town.pools[0]->counts().idle, 1u);
  EXPECT_EQ(town.budget.used(), 1u);
}

TEST(OneShot, EveryInvocationHasAnInstanceOfItsOwn) {
  PoolOptions options;
  options.is_one_shot = true;
  Town town(1, 10, options);
  town.submit(0, "1");
  town.bring_up(town.instances[0]);
  ASSERT_EQ(town.instances.size(), 2u) << "one for the next is started ahead";
  town.bring_up(town.instances[1]);
  Town::serve(town.instances[0]);
  EXPECT_TRUE(town.instances[0].runner->is_ended);
  town.submit(0, "2");
  EXPECT_EQ(town.instances[1].runner->deliveries.size(), 1u) << "it is there at once";
  EXPECT_EQ(town.instances.size(), 3u);
  for (int i = 3; i < 20; ++i) town.submit(0, std::to_string(i));
  town.serve_all();
  EXPECT_EQ(town.results.size(), 19u);
  for (const auto& one : town.instances) EXPECT_LE(one.runner->deliveries.size(), 1u);
  EXPECT_LE(town.budget.used(), 1u);
}

TEST(OneShot, TheSpareGoesWhenItIsNotCalledFor) {
  PoolOptions options;
  options.is_one_shot = true;
  Town town(2, 2, options);
  town.submit(0, "a1");
  town.serve_all();
  EXPECT_EQ(town.budget.used(), 1u);
  town.scheduler.advance(minutes(10));
  town.pools[0]->reap(town.clock.steady());
  EXPECT_EQ(town.budget.used(), 0u);
}

/// Whatever comes in whatever order: the bound holds, nobody is forgotten, nobody is answered
/// twice, and one-shot instances serve once.
RC_GTEST_PROP(Places, NobodyIsForgotten, (bool is_one_shot)) {
  PoolOptions options;
  options.is_one_shot = is_one_shot;
  Town town(3, 4, options);
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1'000));
  std::size_t submitted = 0;
  for (const int step : steps) {
    const auto pool = static_cast<std::size_t>(step / 10 % 3);
    Started* any =
        town.instances.empty()
            ? nullptr
            : &town.instances[static_cast<std::size_t>(step / 10) % town.instances.size()];
    switch (step % 10) {
      case 0:
      case 1:
      case 2:
        town.submit(pool, std::to_string(submitted++));
        break;
      case 3:
      case 4:
        if (any != nullptr && !any->is_up) town.bring_up(*any);
        break;
      case 5:
      case 6:
        if (any != nullptr && any->is_up) Town::serve(*any);
        break;
      case 7:
        if (any != nullptr) any->pool->exited(any->id, "exit status 1", false);
        break;
      case 8:
        town.pools[pool]->set_provisioned(static_cast<std::size_t>(step / 100 % 2));
        break;
      default:
        town.pools[pool]->reap(town.clock.steady());
    }
    RC_ASSERT(town.budget.used() <= 4u);
  }
  town.serve_all();
  RC_ASSERT(town.results.size() == submitted);
  for (const auto& one : town.instances) {
    RC_ASSERT(!is_one_shot || one.runner->deliveries.size() <= 1u);
  }
  for (const auto& pool : town.pools) pool->end_all();
  for (auto& one : town.instances) {
    if (!one.is_up) town.bring_up(one);
  }
  RC_ASSERT(town.budget.used() == 0u);
}

}  // namespace
}  // namespace stator::lambda
