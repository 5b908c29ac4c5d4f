#include "ddb/async.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "ddb/parallel_scan.hpp"
#include "fake_server.hpp"
#include "model.hpp"

namespace {

using namespace shop;  // NOLINT: the model under test
using stator::sdk::testing::Answer;
using stator::sdk::testing::aws_error;
using stator::sdk::testing::FakeServer;
using stator::sdk::testing::ok;
using stator::sdk::testing::Seen;
using stator::sdk::testing::status;

/// A coroutine that nobody waits for.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Answers each read with the id that was asked for.
Answer echo(const Seen& seen, int) {
  const auto at = seen.body.find(R"({"S":")") + 6;
  const auto id = seen.body.substr(at, seen.body.find('"', at) - at);
  return ok(R"({"Item":{"id":{"S":")" + id + R"("},"count":{"N":"1"}}})");
}

struct AsyncTest : testing::Test {
  FakeServer::Script script = echo;
  FakeServer server{[this](const Seen& seen, int number) { return script(seen, number); }};
  ddb::Client client{{.endpoint = server.url(),
                      .region = "eu-west-1",
                      .access_key_id = "A",
                      .secret_access_key = "S",
                      .attempts_max = 3}};
  ddb::Table<Counter> counters = client.table<Counter>();
};

TEST_F(AsyncTest, ManyCallsShareAFewConnections) {
  std::vector<ddb::Pending<std::optional<Counter>>> pending;
  for (int i = 0; i < 200; ++i) {
    pending.push_back(ddb::begin(client, ddb::get(counters, std::to_string(i))));
  }
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(pending[static_cast<std::size_t>(i)].wait().value()->id, std::to_string(i));
  }
  EXPECT_LE(server.connections(), 4);
  EXPECT_EQ(server.seen().size(), 200u);
}

TEST_F(AsyncTest, WhatBreaksInTheMiddleIsAskedAgainAlone) {
  // Every seventh answer is cut off, and every fifth throttled.
  script = [](const Seen& seen, int number) {
    if (number % 7 == 3) return Answer{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", true};
    if (number % 5 == 4) return aws_error(400, "ThrottlingException", "m");
    return echo(seen, number);
  };
  const auto patient = client.with(ddb::CallOptions{.attempts_max = 20});
  std::vector<ddb::Pending<std::optional<Counter>>> pending;
  for (int i = 0; i < 40; ++i) {
    pending.push_back(ddb::begin(patient, ddb::get(counters, std::to_string(i))));
  }
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(pending[static_cast<std::size_t>(i)].wait().value()->id, std::to_string(i));
  }
}

/// Two pages of two items for each segment.
Answer pages(const Seen& seen, int) {
  const auto segment = seen.body.substr(seen.body.find("Segment") + 9, 1);
  const bool second = seen.body.find("ExclusiveStartKey") != std::string::npos;
  const auto item = [&](const char* name) { return R"({"id":{"S":")" + (segment + name) + "\"}}"; };
  return second ? ok(R"({"Items":[)" + item("c") + "," + item("d") + "]}")
                : ok(R"({"Items":[)" + item("a") + "," + item("b") + R"(],"LastEvaluatedKey":)" +
                     item("b") + R"(,"ConsumedCapacity":{"CapacityUnits":0.5}})");
}

TEST_F(AsyncTest, SegmentsAreScannedSideBySide) {
  script = pages;
  std::set<std::string> ids;
  const auto count = ddb::parallel_scan(
      counters, 4, [&](const Counter& counter) { ids.insert(counter.id); }, ddb::rate(100'000));
  EXPECT_EQ(count.value(), 16u);
  EXPECT_EQ(ids.size(), 16u);
  EXPECT_EQ(server.seen().size(), 8u);

  script = [](const Seen& seen, int number) {
    return number == 11 ? aws_error(400, "ValidationException", "no") : pages(seen, number);
  };
  const auto failed = ddb::parallel_scan(counters, 4, [](const Counter&) {});
  EXPECT_EQ(failed.error().code, ddb::ErrorCode::kInvalid);
}

TEST_F(AsyncTest, FailuresAreAnswersToo) {
  script = [](const Seen&, int) { return aws_error(400, "ValidationException", "no"); };
  EXPECT_EQ(ddb::begin(client, ddb::get(counters, "a")).wait().error().code,
            ddb::ErrorCode::kInvalid);
  auto unsent = ddb::begin(client, ddb::get(counters, "caf\xE9"));
  EXPECT_TRUE(unsent.is_ready());
  EXPECT_FALSE(unsent.wait());
  const ddb::Client wrong({.endpoint = "nonsense", .region = "eu-west-1"});
  EXPECT_EQ(ddb::begin(wrong, ddb::get(counters, "a")).wait().error().code,
            ddb::ErrorCode::kConfiguration);
}

TEST_F(AsyncTest, TheClientWaitsForWhatItStarted) {
  std::atomic<int> answered = 0;
  {
    const ddb::Client mine(
        {.endpoint = server.url(), .region = "r", .access_key_id = "A", .secret_access_key = "S"});
    for (int i = 0; i < 50; ++i) {
      ddb::start(mine, ddb::get(counters, "a"), [&](const auto&) { ++answered; });
    }
  }
  EXPECT_EQ(answered, 50);
}

TEST_F(AsyncTest, ACallbackMayEndTheClientOrCallAgain) {
  std::atomic<int> answered = 0;
  auto mine = std::make_unique<ddb::Client>(ddb::ClientOptions{
      .endpoint = server.url(), .region = "r", .access_key_id = "A", .secret_access_key = "S"});
  auto& theirs = *mine;
  auto last = ddb::begin(theirs, ddb::get(counters, "a"));
  (void)last.wait();
  std::atomic<bool> ended = false;
  ddb::start(theirs, ddb::get(counters, "a"), [&](const auto&) {
    ddb::start(theirs, ddb::get(counters, "b"), [&](const auto&) { ++answered; });
    mine.reset();
    ended = true;
    ended.notify_one();
  });
  ended.wait(false);
  EXPECT_EQ(answered, 1);
}

TEST_F(AsyncTest, CoroutinesGoOnWithTheAnswer) {
  std::atomic<bool> done = false;
  std::string ids;
  const auto both = [&]() -> Detached {
    auto first = ddb::later(client, ddb::get(counters, "a"));
    const auto a = co_await first;
    ids += a.value()->id;
    auto second = ddb::later(client, ddb::get(counters, "b"));
    const auto b = co_await second;
    ids += b.value()->id;
    done = true;
    done.notify_one();
  };
  both();
  done.wait(false);
  EXPECT_EQ(ids, "ab");
}

}  // namespace
