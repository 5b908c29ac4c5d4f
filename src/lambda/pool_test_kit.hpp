#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambda/pool.hpp"

/// A pool whose starter, programs and time a test plays.
namespace stator::lambda::test {

struct FakeRunner final : Runner {
  void deliver(Delivery delivery) override { deliveries.push_back(std::move(delivery)); }
  void finish(Ending ending) override { endings.push_back(std::move(ending)); }
  bool end() override {
    ++ended;
    return !takes_leave;
  }
  bool takes_leave = false;
  std::vector<Delivery> deliveries;
  std::vector<Ending> endings;
  int ended = 0;
};

struct FakeStarter final : Starter {
  void start(std::shared_ptr<Pool>, InstanceId id,
             std::shared_ptr<const FunctionRecord> function) override {
    starts.push_back(id);
    functions[id] = std::move(function);
  }
  std::vector<InstanceId> starts;
  std::map<InstanceId, std::shared_ptr<const FunctionRecord>> functions;
};

/// One pool under a test that plays starter, programs and time.
struct World {
  explicit World(std::size_t instances_max = 10) : budget(instances_max) { make_pool(); }
  ~World() { pool->end_all(); }

  static std::shared_ptr<FunctionRecord> make_function() {
    auto function = std::make_shared<FunctionRecord>();
    function->key = {"000000000000", "us-east-1", "f"};
    return function;
  }
  void make_pool() {
    pool =
        std::make_shared<Pool>(make_function(), PoolOptions{}, starter, budget, scheduler, clock);
  }

  Pool::Submitted submit(const std::string& id, bool wants_log_tail = false) {
    Work work;
    work.request_id = id;
    work.payload = "{}";
    work.wants_log_tail = wants_log_tail;
    work.done = [this, id](Result<InvokeResult> result) {
      EXPECT_FALSE(results.contains(id)) << "answered twice: " << id;
      results.emplace(id, std::move(result));
    };
    return pool->submit(work);
  }
  void started(InstanceId id, SteadyTime keys_expire = SteadyTime::max()) {
    runners[id] = std::make_shared<FakeRunner>();
    pool->started(id, runners[id], keys_expire);
  }
  /// GET /next
  bool next(InstanceId id) {
    const bool is_fine = pool->ask(id);
    if (is_fine) pool->ready(id);
    return is_fine;
  }
  void start(InstanceId id) {
    started(id);
    EXPECT_TRUE(next(id));
  }
  Pool::Answered answer(InstanceId id, const std::string& request, std::string payload = "1") {
    return pool->answer(id, request, InvokeResult{std::move(payload)});
  }
  [[nodiscard]] bool is_answered(const std::string& id) const { return results.contains(id); }
  [[nodiscard]] const InvokeResult& result(const std::string& id) const {
    return results.at(id).value();
  }

  FakeClock clock;
  FakeScheduler scheduler{clock};
  FakeStarter starter;
  Budget budget;
  std::shared_ptr<Pool> pool;
  std::map<InstanceId, std::shared_ptr<FakeRunner>> runners;
  std::map<std::string, Result<InvokeResult>> results;
};

}  // namespace stator::lambda::test
