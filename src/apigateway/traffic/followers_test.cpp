#include "apigateway/traffic/followers.hpp"

#include <gtest/gtest.h>

#include "apigateway/traffic/table_times.hpp"

namespace stator::apigateway {
namespace {

using std::chrono::microseconds;

class FollowersTest : public testing::Test {
 protected:
  FakeClock clock_;
  FakeScheduler scheduler_{clock_};
  Followers followers_{scheduler_};
};

TEST_F(FollowersTest, HearOfTheirOwnApiAlone) {
  EXPECT_FALSE(followers_.any());
  const auto pipe = followers_.add("abc");
  ASSERT_NE(pipe, nullptr);
  EXPECT_TRUE(followers_.any());
  EXPECT_TRUE(followers_.has("abc"));
  EXPECT_FALSE(followers_.has("other"));
}

TEST_F(FollowersTest, AreForgottenWhenTheyHaveGone) {
  { const auto stream = http::body_of(followers_.add("abc")); }
  EXPECT_TRUE(followers_.any());
  followers_.publish("abc", "{}");
  EXPECT_FALSE(followers_.any());
}

TEST_F(FollowersTest, AreForgottenInASilentApiToo) {
  { const auto stream = http::body_of(followers_.add("abc")); }
  const auto stays = followers_.add("other");
  scheduler_.advance(std::chrono::seconds(30));
  EXPECT_FALSE(followers_.has("abc"));
  EXPECT_TRUE(followers_.has("other"));
  EXPECT_EQ(scheduler_.pending(), 1u);
}

TEST_F(FollowersTest, AreNotTooMany) {
  std::vector<std::shared_ptr<http::BodyPipe>> pipes;
  for (std::size_t i = 0; i < Followers::kMax; ++i) pipes.push_back(followers_.add("abc"));
  EXPECT_EQ(followers_.add("abc"), nullptr);
}

TEST_F(FollowersTest, NeverHoldUpAStop) {
  const auto pipe = followers_.add("abc");
  followers_.close();
  EXPECT_FALSE(pipe->write("more"));
  EXPECT_FALSE(followers_.any());
  EXPECT_EQ(followers_.add("abc"), nullptr);
}

TEST_F(FollowersTest, LoseLinesWhenTheyAreSlow) {
  const auto pipe = followers_.add("abc");
  const std::string line(64u << 10, 'x');
  // Nobody takes the body: 1 MiB waits, the rest is lost, and the follower stays.
  for (int i = 0; i < 1'000; ++i) followers_.publish("abc", line);
  EXPECT_TRUE(followers_.has("abc"));
  EXPECT_TRUE(pipe->is_behind([] {}));
  EXPECT_TRUE(pipe->write(""));
}

TEST(TableTimes, AddUpWhatATraceSpent) {
  TableTimes times;
  times.watch("Root=1-a-b");
  times.add("Root=1-a-b;Parent=1;Sampled=0", microseconds(300));
  times.add("Self=1;Root=1-a-b", microseconds(200));
  times.add("Root=1-other", microseconds(900));
  const auto sum = times.take("Root=1-a-b");
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->calls, 2u);
  EXPECT_EQ(sum->time, microseconds(500));
  EXPECT_FALSE(times.take("Root=1-a-b"));
  EXPECT_FALSE(times.take("Root=1-other"));
}

TEST(TableTimes, AreBounded) {
  TableTimes times;
  for (std::size_t i = 0; i <= TableTimes::kMax; ++i) times.watch(std::to_string(i));
  EXPECT_TRUE(times.take("0"));
  EXPECT_FALSE(times.take(std::to_string(TableTimes::kMax)));
}

}  // namespace
}  // namespace stator::apigateway
