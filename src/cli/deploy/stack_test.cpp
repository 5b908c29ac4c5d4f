#include "cli/deploy/stack.hpp"

#include <gtest/gtest.h>

#include "cli/deploy/test_aws.hpp"

namespace stator::cli {
namespace {

constexpr Patience kQuick{.poll_first = std::chrono::milliseconds(1),
                          .poll_max = std::chrono::milliseconds(1),
                          .begin_max = std::chrono::milliseconds(20)};

std::string event(const std::string& id, const std::string& status, bool is_own = false) {
  return "<member><EventId>" + id + "</EventId><StackId>arn</StackId><LogicalResourceId>" + id +
         "</LogicalResourceId><PhysicalResourceId>" + (is_own ? "arn" : "p") +
         "</PhysicalResourceId><ResourceStatus>" + status + "</ResourceStatus></member>";
}

/// CloudFormation with one stack, as a test sets it.
class StackTest : public testing::Test {
 protected:
  http::Response answer(const http::Request& request) {
    const std::string action = FakeAws::action_of(request);
    if (action == "DescribeStacks") {
      if (statuses_.empty()) return xml_fault("Stack with id s does not exist");
      const std::string status = statuses_.front();
      if (statuses_.size() > 1) statuses_.erase(statuses_.begin());
      if (!later_events_.empty()) events_ = std::exchange(later_events_, "");
      return xml_answer(action,
                        "<Stacks><member><StackId>arn</StackId><StackStatus>" + status +
                            "</StackStatus><Outputs><member><OutputKey>K</OutputKey><OutputValue>V"
                            "</OutputValue></member></Outputs></member></Stacks>");
    }
    if (action == "DescribeStackEvents") {
      const bool is_second = request.body.find("NextToken=t2") != std::string::npos;
      return xml_answer(
          action, "<StackEvents>" + (is_second ? older_events_ : events_) + "</StackEvents>" +
                      (is_second || older_events_.empty() ? "" : "<NextToken>t2</NextToken>"));
    }
    if (action == "CreateChangeSet") {
      return xml_answer(action, "<Id>set</Id><StackId>arn</StackId>");
    }
    if (action == "DescribeChangeSet") {
      const std::string status = polls_++ == 0 ? "CREATE_IN_PROGRESS" : change_set_status_;
      return xml_answer(action, "<Status>" + status + "</Status><StatusReason>" + reason_ +
                                    "</StatusReason><Changes><member><ResourceChange><Action>Add"
                                    "</Action><LogicalResourceId>A</LogicalResourceId>"
                                    "</ResourceChange></member></Changes>");
    }
    return xml_answer(action, "");
  }

  std::vector<std::string> statuses_;
  std::string events_, older_events_;
  std::string later_events_;  ///< in place of `events_` once the state was asked for
  std::string change_set_status_ = "CREATE_COMPLETE", reason_;
  int polls_ = 0;
  SystemClock clock_;
  FakeAws aws_{[this](const http::Request& request) { return answer(request); }};
  AwsClient client_{aws_.connection(), clock_};
  Stack stack_{client_, "s", kQuick};
};

TEST_F(StackTest, PlansByAChangeSet) {
  Stack::Wanted wanted;
  wanted.template_body = "{}";
  wanted.parameters = {{"P", "1"}, {"Q", std::nullopt}};
  wanted.is_update = true;
  wanted.change_set = "one";
  const auto plan = stack_.plan(wanted);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_TRUE(plan->has_value());
  EXPECT_EQ((*plan)->changes.size(), 1u);
  const auto asked = aws_.asked();
  EXPECT_NE(asked[0].body.find("ChangeSetType=UPDATE"), std::string::npos);
  EXPECT_NE(asked[0].body.find("Parameters.member.1.ParameterKey=P&"
                               "Parameters.member.1.ParameterValue=1&"
                               "Parameters.member.2.ParameterKey=Q&"
                               "Parameters.member.2.UsePreviousValue=true"),
            std::string::npos)
      << asked[0].body;
  EXPECT_NE(asked[1].body.find("IncludePropertyValues=true"), std::string::npos);
}

TEST_F(StackTest, FindsNothingToDoAndLeavesNothingBehind) {
  for (const char* reason : {"The submitted information didn't contain changes. Submit different",
                             "No updates are to be performed."}) {
    change_set_status_ = "FAILED";
    reason_ = reason;
    const auto plan = stack_.plan({.template_body = "{}", .is_update = true, .change_set = "c"});
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_FALSE(plan->has_value());
    EXPECT_EQ(aws_.actions().back(), "DeleteChangeSet");
  }
}

TEST_F(StackTest, TakesAStackAwayThatNeverBegan) {
  change_set_status_ = "FAILED";
  reason_ = "Template error: no";
  const auto plan = stack_.plan({.template_body = "{}", .change_set = "c"});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().message, "Template error: no");
  const auto actions = aws_.actions();
  ASSERT_GE(actions.size(), 2u);
  EXPECT_EQ(actions[actions.size() - 2], "DeleteChangeSet");
  EXPECT_EQ(actions.back(), "DeleteStack");
}

TEST_F(StackTest, TellsEachNewEventOnceAndWaitsForTheChangeToBegin) {
  events_ = event("old", "CREATE_COMPLETE");
  ASSERT_TRUE(stack_.plan({.template_body = "{}", .is_update = true, .change_set = "c"}));
  ASSERT_TRUE(stack_.execute(true));
  EXPECT_NE(aws_.asked().back().body.find("DisableRollback=true"), std::string::npos);
  // Asked too early, the stack still rests as it did before.
  statuses_ = {"CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"};
  std::vector<std::string> told;
  const auto state =
      stack_.wait([&](const Stack::Event& each) { told.push_back(each.logical_id); });
  // The stack's own event has not come, so only the bound on the beginning ends this.
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ((*state)->status, "UPDATE_COMPLETE");
  EXPECT_TRUE((*state)->is_good());
  EXPECT_TRUE(told.empty());
}

TEST_F(StackTest, TellsWhatCameWhileItAskedForTheState) {
  events_ = event("begun", "CREATE_IN_PROGRESS", true);
  later_events_ = event("ended", "ROLLBACK_COMPLETE", true) + event("R", "CREATE_FAILED") + events_;
  statuses_ = {"ROLLBACK_COMPLETE"};
  std::vector<std::string> told;
  const auto state = stack_.wait([&](const Stack::Event& e) { told.push_back(e.logical_id); });
  EXPECT_EQ((*state)->status, "ROLLBACK_COMPLETE");
  EXPECT_EQ(told, (std::vector<std::string>{"begun", "R", "ended"}));
}

TEST_F(StackTest, ReadsEveryPageOfNewEventsOldestFirst) {
  events_ = event("b", "CREATE_COMPLETE") + event("s", "CREATE_IN_PROGRESS", true);
  older_events_ = event("a", "REVIEW_IN_PROGRESS");
  statuses_ = {"CREATE_COMPLETE"};
  std::vector<std::string> told;
  const auto state =
      stack_.wait([&](const Stack::Event& each) { told.push_back(each.logical_id); });
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(told, (std::vector<std::string>{"a", "s", "b"}));
  EXPECT_EQ((*state)->outputs, (std::vector<std::pair<std::string, std::string>>{{"K", "V"}}));
}

TEST_F(StackTest, IsNotThereWhenTheServiceSaysSo) {
  const auto state = stack_.describe();
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->has_value());
  const auto removed = stack_.remove();
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace stator::cli
