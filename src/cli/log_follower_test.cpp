#include "cli/log_follower.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "logs/service.hpp"

namespace stator::cli {
namespace {

const logs::GroupName kGroup{"000000000000", "us-east-1", "/aws/lambda/f"};

struct AllowAll final : aws::Authorizer {
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission>) override { return {}; }
};

/// CloudWatch Logs itself, asked without a network.
class FollowedLogs {
 public:
  Result<json::Object> ask(std::string_view operation, const json::Object& input) {
    ++asked;
    aws::Call call;
    call.account = kGroup.account;
    call.region = kGroup.region;
    call.now = clock.wall();
    for (const auto& each : service_.operations) {
      if (each.name() == operation) return each.run_json(call, aws::Input(input), authorizer_);
    }
    return internal("no such operation");
  }
  LogFollower follow(LogFollower::Source source) {
    return LogFollower([this](std::string_view operation,
                              const json::Object& input) { return ask(operation, input); },
                       std::move(source));
  }
  void append(const std::string& stream, std::int64_t time_ms, const std::string& message) {
    const logs::Event event{time_ms, message};
    STATOR_CHECK(
        store.append({kGroup.account, kGroup.region, kGroup.group, stream}, std::span(&event, 1)));
  }

  std::unique_ptr<storage::Store> disk = storage::make_memory_store();
  FakeClock clock;
  logs::LogStore store{*disk, clock};
  int asked = 0;

 private:
  aws::Service service_ = logs::make_service(store);
  AllowAll authorizer_;
};

std::vector<std::string> poll(LogFollower& follower) {
  std::vector<std::string> messages;
  const auto outcome =
      follower.poll([&](const ShownEvent& event) { messages.push_back(event.message); });
  EXPECT_TRUE(outcome) << outcome.error().message;
  return messages;
}

using Texts = std::vector<std::string>;

TEST(LogFollower, WaitsForAGroupAndReadsItOnce) {
  FollowedLogs logs;
  auto follower = logs.follow({.group = kGroup.group, .from_ms = 5});
  EXPECT_FALSE(follower.poll([](const ShownEvent&) {}).value()) << "there is no group yet";
  logs.append("a", 4, "too old");
  logs.append("a", 5, "a5");
  logs.append("b", 6, "b6");
  logs.append("a", 7, "a7");
  EXPECT_EQ(poll(follower), (Texts{"a5", "b6", "a7"})) << "merged by time";
  EXPECT_EQ(poll(follower), Texts());
  // The clock stands still: nothing but the events themselves tells that there are more.
  logs.append("a", 7, "a7 again");
  logs.append("c", 7, "c7");
  EXPECT_EQ(poll(follower), (Texts{"a7 again", "c7"}));
}

TEST(LogFollower, LeavesStreamsAloneThatStayAsTheyAre) {
  FollowedLogs logs;
  for (int i = 0; i < 120; ++i) logs.append("s" + std::to_string(i), i, "x");
  auto follower = logs.follow({.group = kGroup.group});
  EXPECT_EQ(poll(follower).size(), 120u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(poll(follower), Texts());
  logs.asked = 0;
  EXPECT_EQ(poll(follower), Texts());
  EXPECT_EQ(logs.asked, 1) << "one look at the newest streams";
  logs.clock.advance(std::chrono::seconds(1));
  logs.append("s7", 500, "new");
  EXPECT_EQ(poll(follower), Texts{"new"});
}

TEST(LogFollower, ShowsTheStreamsOfOneFunctionInAGroupOfMany) {
  FollowedLogs logs;
  logs.append("2026/01/02/f[$LATEST]ab", 1, "of f");
  logs.append("2026/01/02/ff[$LATEST]ab", 2, "of ff");
  auto follower = logs.follow({.group = kGroup.group, .stream_part = "/f["});
  EXPECT_EQ(poll(follower), Texts{"of f"});
}

TEST(LogFollower, ReadsAStreamOfManyPages) {
  FollowedLogs logs;
  std::vector<logs::Event> events;
  for (int i = 0; i < 2'500; ++i) events.push_back({i, std::to_string(i)});
  ASSERT_TRUE(logs.store.append({kGroup.account, kGroup.region, kGroup.group, "s"}, events));
  auto follower = logs.follow({.group = kGroup.group});
  const auto shown = poll(follower);
  ASSERT_EQ(shown.size(), 2'500u);
  EXPECT_EQ(shown.back(), "2499");
}

TEST(LogFollower, NeitherMissesNorDoubles) {
  rc::check("what is appended between polls is shown once, each stream in its order", [] {
    FollowedLogs logs;
    auto follower = logs.follow({.group = kGroup.group});
    std::map<std::string, std::int64_t> newest;
    std::map<std::string, Texts> appended;
    std::map<std::string, Texts> shown;
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          RC_ASSERT(follower
                        .poll([&](const ShownEvent& event) {
                          shown[event.stream].push_back(event.message);
                        })
                        .has_value());
          logs.clock.advance(std::chrono::milliseconds(1));
          break;
        case 1:
          logs.clock.advance(std::chrono::milliseconds(*rc::gen::inRange(0, 3)));
          break;
        default: {
          const std::string stream = *rc::gen::element<std::string>("a", "b", "c");
          auto& time = newest[stream];
          time += *rc::gen::inRange(0, 2);
          logs.append(stream, time, std::to_string(i));
          appended[stream].push_back(std::to_string(i));
        }
      }
    }
    if (!appended.empty()) {
      RC_ASSERT(
          follower
              .poll([&](const ShownEvent& event) { shown[event.stream].push_back(event.message); })
              .has_value());
    }
    RC_ASSERT(shown == appended);
  });
}

}  // namespace
}  // namespace stator::cli
