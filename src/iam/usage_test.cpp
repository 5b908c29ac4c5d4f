#include "iam/usage.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "iam/suggestion.hpp"
#include "json/json.hpp"

namespace stator::iam {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTable = "arn:aws:dynamodb:us-east-1:111122223333:table/items";

class UsageTest : public ::testing::Test {
 protected:
  void note(std::string_view action, std::string_view resource, std::string_view passed_to = "") {
    usage.note({"AROA1", action, resource, passed_to}, clock.wall());
  }
  /// "ACTION RESOURCE COUNT" of each use; a prefix ends in "...".
  std::vector<std::string> uses(WallTime since = from_epoch_ms(0)) {
    std::vector<std::string> lines;
    for (const Use& use : usage.of("AROA1", since)) {
      lines.push_back(use.action + " " + use.resource + (use.is_prefix ? "... " : " ") +
                      std::to_string(use.count));
    }
    return lines;
  }
  using Lines = std::vector<std::string>;

  FakeClock clock;
  Usage usage;
};

TEST_F(UsageTest, CountsWhatWasDone) {
  note("s3:GetObject", "b/1");
  note("s3:GetObject", "b/1");
  note("s3:GetObject", "b/2");
  usage.note({"AROA2", "s3:PutObject", "b/1", ""}, clock.wall());
  EXPECT_EQ(uses(), (Lines{"s3:GetObject b/1 2", "s3:GetObject b/2 1"}));
  note("s3:GetObject", "b/2");
  EXPECT_EQ(uses(), (Lines{"s3:GetObject b/1 2", "s3:GetObject b/2 2"}));
}

TEST_F(UsageTest, ForgetsNothingThatAThreadSaw) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this] {
      for (int i = 0; i < 1'000; ++i) note("a:B", "r/" + std::to_string(i % 10));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t total = 0;
  for (const Use& use : usage.of("AROA1", from_epoch_ms(0))) total += use.count;
  EXPECT_EQ(total, 4'000U);
}

TEST_F(UsageTest, SinceLooksAtTheLastTime) {
  note("a:Old", "r");
  note("a:Both", "r");
  clock.advance(1h);
  note("a:Both", "r");
  note("a:New", "r");
  EXPECT_EQ(uses(clock.wall() - 30min), (Lines{"a:Both r 2", "a:New r 1"}));
}

TEST_F(UsageTest, TooManyResourcesAreJoined) {
  for (std::size_t i = 0; i <= Usage::kResourcesMax; ++i) {
    note("s3:GetObject", "arn:aws:s3:::bucket/day/" + std::to_string(1'000 + i));
  }
  EXPECT_EQ(uses(), Lines{"s3:GetObject arn:aws:s3:::bucket/day/... 101"});
  note("s3:GetObject", "arn:aws:s3:::bucket/day/another");
  note("s3:GetObject", "arn:aws:s3:::bucket/night");
  EXPECT_EQ(uses(), (Lines{"s3:GetObject arn:aws:s3:::bucket/day/... 102",
                           "s3:GetObject arn:aws:s3:::bucket/night 1"}));
}

TEST_F(UsageTest, ARoleHasSoManyActionsAndNoMore) {
  for (std::size_t i = 0; i < Usage::kActionsMax + 3; ++i) note("a:" + std::to_string(i), "r");
  EXPECT_EQ(uses().size(), Usage::kActionsMax);
  EXPECT_EQ(usage.dropped(), 3U);
}

TEST_F(UsageTest, SurvivesARestart) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("stator-usage-" + std::to_string(::getpid()) + ".json");
  note("iam:PassRole", "role/r", "lambda.amazonaws.com");
  for (std::size_t i = 0; i <= Usage::kResourcesMax; ++i) note("a:B", "r/" + std::to_string(i));
  ASSERT_TRUE(usage.save(file));
  EXPECT_FALSE(usage.gather()) << "nothing is new";
  Usage other;
  ASSERT_TRUE(other.load(file));
  const auto before = usage.of("AROA1", from_epoch_ms(0));
  const auto after = other.of("AROA1", from_epoch_ms(0));
  ASSERT_EQ(after.size(), 2U);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].resource, before[i].resource);
    EXPECT_EQ(after[i].passed_to, before[i].passed_to);
    EXPECT_EQ(after[i].is_prefix, before[i].is_prefix);
    EXPECT_EQ(after[i].count, before[i].count);
    EXPECT_EQ(after[i].last, before[i].last);
  }
  std::ofstream(file) << "{\"uses\":[1]}";
  EXPECT_FALSE(other.load(file));
  std::filesystem::remove(file);
  EXPECT_TRUE(other.load(file)) << "there is none yet";
}

Use use_of(std::string action, std::string_view resource, bool is_prefix = false) {
  return {std::move(action), std::string(resource), "", is_prefix, 1, from_epoch_ms(0)};
}

json::Value parsed(std::string_view text) {
  return json::parse(text).value();
}

TEST(SuggestPolicy, GroupsActionsAndResources) {
  const std::string index = std::string(kTable) + "/index/by-date";
  const auto policy =
      suggest_policy({use_of("dynamodb:PutItem", kTable), use_of("dynamodb:GetItem", kTable),
                      use_of("dynamodb:Query", kTable), use_of("dynamodb:Query", index),
                      use_of("sts:GetCallerIdentity", "*")});
  EXPECT_EQ(json::dump(policy), json::dump(parsed(R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query"],
       "Resource":["arn:aws:dynamodb:us-east-1:111122223333:table/items"]},
      {"Effect":"Allow","Action":["dynamodb:Query"],
       "Resource":["arn:aws:dynamodb:us-east-1:111122223333:table/items/index/by-date"]},
      {"Effect":"Allow","Action":["sts:GetCallerIdentity"],"Resource":["*"]}]})")));
}

TEST(SuggestPolicy, ResourcesWithTheSameActionsShareAStatement) {
  const auto policy =
      suggest_policy({use_of("dynamodb:GetItem", "t/b"), use_of("dynamodb:GetItem", "t/a")});
  EXPECT_EQ(json::dump(policy.at("Statement")),
            R"([{"Effect":"Allow","Action":["dynamodb:GetItem"],"Resource":["t/a","t/b"]}])");
}

TEST(SuggestPolicy, LogStreamsComeAndGo) {
  const std::string group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f";
  const auto policy = suggest_policy({use_of("logs:PutLogEvents", group + ":log-stream:a"),
                                      use_of("logs:PutLogEvents", group + ":log-stream:b")});
  EXPECT_EQ(json::dump(policy.at("Statement").at(0).at("Resource")), "[\"" + group + ":*\"]");
}

TEST(SuggestPolicy, AStarInANameIsNoWildcardAndAPrefixIs) {
  const auto policy = suggest_policy({use_of("s3:GetObject", "arn:aws:s3:::b/a*$"),
                                      use_of("s3:GetObject", "arn:aws:s3:::b/day/", true)});
  EXPECT_EQ(json::dump(policy.at("Statement").at(0).at("Resource")),
            R"(["arn:aws:s3:::b/a${*}${$}","arn:aws:s3:::b/day/*"])");
}

TEST(SuggestPolicy, RolesArePassedToTheServiceThatGotThem) {
  Use use = use_of("iam:PassRole", "arn:aws:iam::111122223333:role/r");
  use.passed_to = "lambda.amazonaws.com";
  EXPECT_EQ(json::dump(suggest_policy({use}).at("Statement").at(0).at("Condition")),
            R"({"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}})");
}

TEST(SuggestPolicy, IsNothingWhereNothingWasDone) {
  EXPECT_TRUE(suggest_policy({}).is_null());
}

TEST(UnusedActions, AreThosePatternsThatNoUseNeeded) {
  const auto policy = Policy::parse(
      R"({"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Action":["dynamodb:Get*","dynamodb:Scan"],"Resource":"*"},
          {"Effect":"Deny","Action":"s3:*","Resource":"*"}]})",
      PolicyKind::kManaged);
  ASSERT_TRUE(policy);
  EXPECT_EQ(unused_actions({{"p", *policy}}, {use_of("dynamodb:GetItem", kTable)}),
            std::vector<std::string>{"dynamodb:Scan"});
}

}  // namespace
}  // namespace stator::iam
