#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "json/json.hpp"
#include "lambda/sources/consumer.hpp"
#include "lambda/sources/test_doors.hpp"

namespace stator::lambda::sources::test {

/// One mapping at work over fakes, on one thread and in its own time.
class ConsumerLab {
 public:
  /// An invocation that waits for its answer.
  struct Call {
    json::Object event;
    std::vector<std::uint64_t> numbers;
    InvokeDone done;
  };

  explicit ConsumerLab(MappingSettings settings = {}) {
    Mapping mapping;
    mapping.account = "000000000000";
    mapping.region = "us-east-1";
    mapping.uuid = "u";
    mapping.stream_arn = kStream;
    settings.function_arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    mapping.settings = std::move(settings);
    EXPECT_TRUE(mappings->create(std::move(mapping), 0).has_value());
  }

  /// Begins, also anew, as after a crash: what was under way is forgotten.
  void start() {
    consumer.reset();
    tasks.clear();
    calls.clear();
    mappings = std::make_unique<Mappings>(*store);
    consumer = std::make_shared<Consumer>(make_parts());
    streams.listen([this](std::uint64_t) { consumer->ring(); });
    consumer->apply(mapping());
    run();
  }
  [[nodiscard]] Mappings::Ptr mapping() const { return mappings->all().at(0); }
  void change(const std::function<void(MappingSettings&)>& change) {
    const auto made = mappings->change(*mapping(), [&change](Mapping& changed) -> Result<void> {
      change(changed.settings);
      return {};
    });
    ASSERT_TRUE(made.has_value());
    consumer->apply(*made);
    run();
  }

  std::uint64_t add(const std::string& key, std::size_t padding = 0) {
    return streams.add(key, clock.wall(), padding);
  }
  /// Runs what is to be run now. With `automatic` set, that answers.
  void run() {
    while (!tasks.empty()) {
      const auto task = std::move(tasks.front());
      tasks.pop_front();
      task();
      while (automatic && !calls.empty()) {
        Call call = take_call();
        call.done(automatic(call));
      }
    }
  }
  void pass(std::chrono::milliseconds time,
            std::chrono::milliseconds step = std::chrono::milliseconds(50)) {
    for (; time.count() > 0; time -= step) {
      scheduler.advance(step);
      run();
    }
  }
  [[nodiscard]] Call take_call(std::size_t index = 0) {
    Call call = std::move(calls.at(index));
    calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(index));
    return call;
  }
  void answer(Result<InvokeResult> result) {
    Call call = take_call();
    call.done(std::move(result));
    run();
  }
  static InvokeResult success(std::string payload = "null") {
    return {.payload = std::move(payload)};
  }
  static InvokeResult failure() {
    return {.payload = "{}", .function_error = "Unhandled", .executed_version = "$LATEST"};
  }
  [[nodiscard]] std::vector<LanePosition> positions() const {
    return mappings->positions(*mapping()).value();
  }

  FakeClock clock;
  FakeScheduler scheduler{clock};
  SeededRandom random{1};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
  FakeStreams streams;
  std::unique_ptr<Mappings> mappings = std::make_unique<Mappings>(*store);
  std::deque<std::function<void()>> tasks;
  std::vector<Call> calls;
  std::vector<std::vector<std::uint64_t>> batches;  ///< of every call
  std::vector<std::string> documents;               ///< that the failure destination got
  int failing_deliveries = 0;
  Result<void> access;  ///< what the check before reading says
  std::function<Result<InvokeResult>(const Call&)> automatic;
  std::shared_ptr<Consumer> consumer;

 private:
  std::shared_ptr<const LaneParts> make_parts() {
    return std::make_shared<const LaneParts>(LaneParts{
        streams, *mappings, *store, scheduler, clock, random, logger,
        [this](std::function<void()> task) {
          tasks.push_back(std::move(task));
          return true;
        },
        [this](Invocation invocation, InvokeDone done) {
          Call call{json::parse_object(invocation.payload).value(), {}, std::move(done)};
          for (const auto& record : json::find(call.event, "Records")->get_array()) {
            const auto& change = json::find(record.get_object(), "dynamodb")->get_object();
            call.numbers.push_back(
                std::stoull(json::find_string(change, "SequenceNumber")->substr(1)));
          }
          batches.push_back(call.numbers);
          calls.push_back(std::move(call));
        },
        [this](const Mapping&) { return access; },
        [this](const Mapping&, Failure failure, Delivered done) {
          if (failing_deliveries > 0 && failing_deliveries-- > 0) return done(unavailable("no"));
          documents.push_back(std::move(failure.document));
          done({});
        }});
  }
};

}  // namespace stator::lambda::sources::test
