#include <gtest/gtest.h>

#include "lambda/sources/test_lab.hpp"

/// Tumbling windows: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
namespace stator::lambda::sources {
namespace {

using std::chrono::seconds;
using test::ConsumerLab;

/// "101,102 {"n":1} final": the records, the state and what the event says of the window.
std::string describe(const ConsumerLab::Call& call) {
  std::string text;
  for (const auto number : call.numbers) {
    text += (text.empty() ? "" : ",") + std::to_string(number);
  }
  text += " " + json::dump(*json::find(call.event, "state"));
  if (*json::find_bool(call.event, "isFinalInvokeForWindow")) text += " final";
  if (*json::find_bool(call.event, "isWindowTerminatedEarly")) text += " early";
  return text;
}

std::string window_start(const ConsumerLab::Call& call) {
  return *json::find_string(json::find(call.event, "window")->get_object(), "start");
}

/// The clock stands at 03:04:05.678.
ConsumerLab& with_records(ConsumerLab& lab) {
  lab.start();
  lab.add("a");
  lab.run();
  return lab;
}

TEST(Windows, HandTheirStateOnAndEndWithAnInvocationOfTheirOwn) {
  ConsumerLab lab({.tumbling_window_s = 60});
  with_records(lab);
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), "101 {}");
  EXPECT_EQ(window_start(lab.calls[0]), "2026-01-02T03:04:00Z");
  lab.answer(ConsumerLab::success(R"({"state":{"n":1}})"));
  lab.pass(seconds(20));
  lab.add("b");
  lab.run();
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), R"(102 {"n":1})");
  lab.answer(ConsumerLab::success(R"({"state":{"n":2}})"));
  lab.pass(seconds(34));
  EXPECT_TRUE(lab.calls.empty());
  lab.pass(seconds(1));
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), R"( {"n":2} final)");
  lab.answer(ConsumerLab::success());
  EXPECT_FALSE(lab.positions().at(0).window.has_value());
  lab.add("c");
  lab.run();
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), "103 {}");
  EXPECT_EQ(window_start(lab.calls[0]), "2026-01-02T03:05:00Z");
}

TEST(Windows, BatchesOfABacklogAreOfOneWindowEach) {
  ConsumerLab lab({.tumbling_window_s = 60});
  lab.add("a");
  lab.clock.advance(seconds(60));
  lab.add("b");
  std::vector<std::string> seen;
  lab.automatic = [&seen](const ConsumerLab::Call& call) {
    seen.push_back(describe(call));
    return ConsumerLab::success(R"({"state":{"n":1}})");
  };
  lab.start();
  EXPECT_EQ(seen, (std::vector<std::string>{"101 {}", R"( {"n":1} final)", "102 {}"}));
}

TEST(Windows, KeepTheirStateThroughACrash) {
  ConsumerLab lab({.tumbling_window_s = 60});
  with_records(lab).answer(ConsumerLab::success(R"({"state":{"n":1}})"));
  lab.start();
  lab.add("b");
  lab.run();
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), R"(102 {"n":1})");
}

TEST(Windows, AFailureLeavesTheStateAsItWas) {
  ConsumerLab lab({.tumbling_window_s = 60});
  with_records(lab).answer(ConsumerLab::failure());
  lab.pass(seconds(1));
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), "101 {}");
}

TEST(Windows, EndEarlyWhenTheStateIsTooLarge) {
  ConsumerLab lab({.tumbling_window_s = 60});
  const std::string large = R"({"state":{"x":")" + std::string(kStateBytesMax, 'x') + R"("}})";
  with_records(lab).answer(ConsumerLab::success(large));
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), " {} final early");
  lab.answer(ConsumerLab::success());
  EXPECT_TRUE(lab.calls.empty());
}

TEST(Windows, EndEarlyWhenTheMappingHasNoneAnyMore) {
  ConsumerLab lab({.tumbling_window_s = 60});
  with_records(lab).answer(ConsumerLab::success(R"({"state":{"n":1}})"));
  lab.change([](MappingSettings& settings) { settings.tumbling_window_s = 0; });
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(describe(lab.calls[0]), R"( {"n":1} final early)");
  lab.answer(ConsumerLab::success());
  lab.add("b");
  lab.run();
  ASSERT_EQ(lab.calls.size(), 1u);
  EXPECT_EQ(json::find(lab.calls[0].event, "window"), nullptr);
}

TEST(Windows, AFinalInvocationThatFailsIsTriedAgainAndThenGivenUp) {
  ConsumerLab lab({.retries_max = 1, .tumbling_window_s = 60});
  with_records(lab).answer(ConsumerLab::success());
  lab.pass(seconds(55));
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(lab.calls.size(), 1u);
    EXPECT_EQ(describe(lab.calls[0]), " {} final");
    lab.answer(ConsumerLab::failure());
    lab.pass(seconds(1));
  }
  EXPECT_TRUE(lab.calls.empty());
  EXPECT_FALSE(lab.positions().at(0).window.has_value());
}

}  // namespace
}  // namespace stator::lambda::sources
