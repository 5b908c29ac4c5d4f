#pragma once

#include <deque>
#include <memory>
#include <string>

#include "json/json.hpp"
#include "lambda/events/dispatcher.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::events {

/// A queue and a dispatcher over a store in memory, where the test is the functions.
struct World {
  struct Running {
    Invocation invocation;
    InvokeDone done;
  };

  World() { restart(); }

  /// As after a crash: what runs is lost, what the store has is there.
  void restart() {
    dispatcher.reset();
    running.clear();
    catalog = std::make_unique<Catalog>(*store);
    queue = std::make_unique<Queue>(*store, clock, QueueBounds{});
    dispatcher = std::make_shared<Dispatcher>(
        DispatcherParts{*queue,
                        {*catalog, credentials, authorizer, clock},
                        *(scheduler = std::make_unique<FakeScheduler>(clock)),
                        random,
                        logger,
                        [this](Invocation invocation, InvokeDone done) {
                          invoked += invocation.request_id + " ";
                          running.push_back({std::move(invocation), std::move(done)});
                        },
                        [](const std::function<void()>& task) {
                          task();
                          return true;
                        }},
        options);
    dispatcher->start();
  }

  static FunctionKey key(const std::string& name) { return {"000000000000", "us-east-1", name}; }
  static std::string arn(const std::string& name) { return function_arn(key(name).view()); }

  /// Its ARN.
  std::string create(const std::string& name, const std::string& dead_letter_target = "") {
    FunctionRecord record;
    record.key = key(name);
    record.role = "arn:aws:iam::000000000000:role/r";
    record.dead_letter_target = dead_letter_target;
    EXPECT_TRUE(catalog->create(std::move(record)));
    return arn(name);
  }
  void change(const std::string& name, const std::function<void(FunctionSettings&)>& change) {
    EXPECT_TRUE(catalog->change_settings(key(name).view(),
                                         [&change](FunctionSettings& settings) -> Result<void> {
                                           change(settings);
                                           return {};
                                         }));
  }
  void destinations(const std::string& name, EventInvokeConfig config,
                    const std::string& qualifier = "$LATEST") {
    change(name, [&](FunctionSettings& settings) { settings.event_invoke[qualifier] = config; });
  }
  void reserve(const std::string& name, std::int64_t concurrency) {
    change(name, [&](FunctionSettings& settings) { settings.reserved_concurrency = concurrency; });
  }

  Event event(const std::string& name, const std::string& id, const std::string& payload = "{}") {
    Event made;
    made.function = key(name);
    made.request_id = id;
    made.payload = payload;
    made.accepted = clock.wall();
    return made;
  }
  void add(const std::string& name, const std::string& id, const std::string& payload = "{}") {
    EXPECT_TRUE(queue->add(event(name, id, payload)));
    dispatcher->wake();
  }

  [[nodiscard]] bool is_running() const { return !running.empty(); }
  /// Ends the invocation that has run longest.
  void end(Result<InvokeResult> result) {
    ASSERT_FALSE(running.empty());
    const InvokeDone done = std::move(running.front().done);
    running.pop_front();
    done(std::move(result));
  }
  void succeed(const std::string& payload = "null") {
    end(InvokeResult{.payload = payload, .executed_version = "$LATEST"});
  }
  void fail(const std::string& payload = "{}") {
    end(InvokeResult{
        .payload = payload, .function_error = "Unhandled", .executed_version = "$LATEST"});
  }
  void refuse(const Error& error) { end(error); }
  void pass(std::chrono::milliseconds time) { scheduler->advance(time); }

  /// What a destination that is running got; it succeeds.
  json::Object take_record(const std::string& name) {
    for (auto at = running.begin(); at != running.end(); ++at) {
      if (at->invocation.function != name) continue;
      const auto record = json::parse_object(at->invocation.payload);
      const InvokeDone done = std::move(at->done);
      running.erase(at);
      done(InvokeResult{.payload = "null"});
      EXPECT_TRUE(record);
      return record ? *record : json::Object{};
    }
    ADD_FAILURE() << name << " is not running";
    return {};
  }
  static std::string condition(const json::Object& record) {
    const auto* context = json::find(record, "requestContext");
    if (context == nullptr) return "(no context)";
    return json::find_string(context->as_object(), "condition").value_or("(no condition)");
  }

  FakeClock clock;
  const WallTime began = clock.wall();
  SeededRandom random{1};
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  test::FakeCredentials credentials{clock};
  test::FakeAuthorizer authorizer;
  DispatcherOptions options;
  std::unique_ptr<FakeScheduler> scheduler;
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<Queue> queue;
  std::shared_ptr<Dispatcher> dispatcher;
  std::deque<Running> running;
  std::string invoked;  ///< the request ids of all invocations, in order
};

}  // namespace stator::lambda::events
