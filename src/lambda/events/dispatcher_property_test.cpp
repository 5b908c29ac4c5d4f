#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "lambda/errors.hpp"
#include "lambda/events/dispatcher_world.hpp"

/// Whatever ends how, and whenever the server dies: every accepted event succeeds once, or its
/// failure is told.
namespace stator::lambda::events {
namespace {

struct Model {
  Model() {
    world.create("f");
    world.destinations("f", {.retries_max = 1, .age_s_max = 600, .on_failure = world.create("g")});
  }

  void add() {
    const std::string id = "e" + std::to_string(accepted.size());
    world.add("f", id);
    accepted.insert(id);
  }
  /// Ends one of those that run: `kind` 0 succeeds, 1 fails, 2 is refused.
  void end(std::size_t which, int kind) {
    if (world.running.empty()) return;
    std::swap(world.running.front(), world.running[which % world.running.size()]);
    const Invocation& invocation = world.running.front().invocation;
    const std::string id = invocation.request_id;
    if (invocation.function == "g") {
      if (kind == 0) note_told(invocation.payload);
    } else {
      RC_ASSERT(!succeeded.contains(id));
      if (kind == 0) succeeded.insert(id);
    }
    if (kind == 0) return world.succeed();
    if (kind == 1) return world.fail();
    world.refuse(too_many_requests());
  }
  void note_told(const std::string& payload) {
    const auto record = json::parse_object(payload);
    RC_ASSERT(record);
    const auto& context = record->at("requestContext").as_object();
    told.insert(json::find_string(context, "requestId").value_or(""));
  }

  World world;
  std::set<std::string> accepted;
  std::set<std::string> succeeded;
  std::multiset<std::string> told;  ///< failures that the destination has taken
};

RC_GTEST_PROP(DispatcherProperty, EveryEventSucceedsOnceOrItsFailureIsTold, ()) {
  struct Step {
    int what;
    std::size_t which;
  };
  const auto steps = *rc::gen::container<std::vector<Step>>(
      rc::gen::construct<Step>(rc::gen::inRange(0, 10), rc::gen::inRange<std::size_t>(0, 8)));
  Model model;
  for (const auto& step : steps) {
    switch (step.what) {
      case 0:
      case 1:
      case 2:
        model.add();
        break;
      case 3:
      case 4:
      case 5:
        model.end(step.which, step.what - 3);
        break;
      case 6:
      case 7:
        model.world.pass(std::chrono::seconds(40));
        break;
      case 8:
        model.end(step.which, 0);
        break;
      default:
        model.world.restart();
        break;
    }
  }
  // All that is left succeeds; the destination's own events may have failed and be waited for.
  for (int round = 0; round < 200 && model.world.queue->size() > 0; ++round) {
    while (model.world.is_running()) model.end(0, 0);
    model.world.pass(std::chrono::minutes(5));
  }
  RC_ASSERT(model.world.queue->size() == 0u);
  for (const auto& id : model.accepted) {
    RC_ASSERT(model.succeeded.count(id) + model.told.count(id) <= 1u);
    if (model.succeeded.contains(id) || model.told.contains(id)) continue;
    // Only where the destination itself was given up.
    RC_ASSERT(model.world.invoked.find(id + " ") != std::string::npos);
  }
}

}  // namespace
}  // namespace stator::lambda::events
