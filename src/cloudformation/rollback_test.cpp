#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>

#include "cloudformation/engine_lab.hpp"

namespace stator::cloudformation {
namespace {

/// A and B, which refers to A, and C by itself.
std::string three(const std::string& a, const std::string& c) {
  return "Resources:\n"
         "  A: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: " +
         a +
         "}}\n"
         "  B: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub "
         "'b-${A.Value}'}}\n"
         "  C: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: " +
         c +
         "}}\n"
         "Outputs: {Value: {Value: !GetAtt B.Value}}\n";
}

/// Lets the call of that number fail, once.
void fail_at(EngineLab& lab, std::size_t number) {
  const std::size_t wanted = lab.world.count() + number;
  lab.world.before = [wanted](std::size_t now) -> Result<void> {
    if (now == wanted) return Error{ErrorCode::kInvalid, "no luck", "UnluckyException"};
    return {};
  };
}

TEST(Rollback, AnUpdateWithoutItMayGoOnOrGoBack) {
  for (const bool goes_back : {true, false}) {
    EngineLab lab;
    ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1")));
    const std::string world = lab.world.state(), seen = lab.description();
    fail_at(lab, 2);
    ASSERT_TRUE(lab.deploy("UpdateStack", three("2", "2"), {{"DisableRollback", "true"}}));
    EXPECT_EQ(lab.status(), "UPDATE_FAILED");
    EXPECT_EQ(lab.record().find("C")->status, "UPDATE_COMPLETE") << "it does not depend on B";
    const auto refused = lab.deploy("UpdateStack", three("2", "2"));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("non-terminal [UPDATE_FAILED] state"),
              std::string::npos);
    if (goes_back) {
      ASSERT_TRUE(lab.run("RollbackStack", {{"StackName", "s"}}));
      EXPECT_EQ(lab.status(), "UPDATE_ROLLBACK_COMPLETE");
      EXPECT_EQ(lab.world.state(), world);
      EXPECT_EQ(lab.description(), seen);
    } else {
      ASSERT_TRUE(lab.deploy("UpdateStack", three("2", "2"), {{"DisableRollback", "true"}}));
      EXPECT_EQ(lab.status(), "UPDATE_COMPLETE");
      EXPECT_EQ(lab.output("Value"), "b-2");
    }
    ASSERT_FALSE(lab.run("RollbackStack", {{"StackName", "s"}}));
  }
}

TEST(Rollback, ACreationWithoutItMayGoOnOrGoBack) {
  for (const bool goes_back : {true, false}) {
    EngineLab lab;
    fail_at(lab, 1);
    ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1"), {{"OnFailure", "DO_NOTHING"}}));
    EXPECT_EQ(lab.status(), "CREATE_FAILED");
    EXPECT_EQ(lab.record().find("B"), nullptr) << "A is not there";
    EXPECT_TRUE(lab.record().find("C")->is_made);
    if (goes_back) {
      ASSERT_TRUE(lab.run("RollbackStack", {{"StackName", "s"}}));
      EXPECT_EQ(lab.status(), "ROLLBACK_COMPLETE");
      EXPECT_TRUE(lab.world.empty()) << lab.world.state();
    } else {
      ASSERT_TRUE(lab.deploy("UpdateStack", three("1", "1"), {{"DisableRollback", "true"}}));
      EXPECT_EQ(lab.status(), "UPDATE_COMPLETE");
      EXPECT_EQ(lab.record().resources.size(), 3u);
      ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "s"}}));
      EXPECT_TRUE(lab.world.empty());
    }
  }
}

TEST(Rollback, OnFailureDeleteLeavesNoStack) {
  EngineLab lab;
  fail_at(lab, 2);
  const auto made = lab.deploy("CreateStack", three("1", "1"), {{"OnFailure", "DELETE"}});
  ASSERT_TRUE(made);
  EXPECT_EQ(lab.status(), "none");
  EXPECT_EQ(lab.status(*json::find_string(*made, "StackId")), "DELETE_COMPLETE");
  EXPECT_TRUE(lab.world.empty()) << lab.world.state();
}

TEST(Rollback, RetainsNewResourcesUnlessToldOtherwise) {
  const auto body = [](const std::string& policy) {
    return "Resources:\n"
           "  A: {Type: AWS::SSM::Parameter, DeletionPolicy: " +
           policy +
           ", Properties: {Name: a, Type: String, Value: 1}}\n"
           "  B: {Type: AWS::SSM::Parameter, DependsOn: A, Properties: {Type: String, Value: 1}}\n";
  };
  struct Case {
    const char* policy;
    json::Object more;
    bool is_kept;
  };
  for (const Case& test : {Case{"Retain", {}, true}, Case{"RetainExceptOnCreate", {}, false},
                           Case{"Retain", {{"RetainExceptOnCreate", "true"}}, false}}) {
    EngineLab lab;
    fail_at(lab, 2);
    ASSERT_TRUE(lab.deploy("CreateStack", body(test.policy), test.more));
    EXPECT_EQ(lab.status(), "ROLLBACK_COMPLETE");
    EXPECT_EQ(!lab.world.empty(), test.is_kept) << test.policy;
  }
  EngineLab lab;
  ASSERT_TRUE(lab.deploy("CreateStack", body("RetainExceptOnCreate")));
  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "s"}}));
  EXPECT_NE(lab.world.state().find("parameter a"), std::string::npos) << "once made, it stays";
}

TEST(Rollback, OneThatFailedMayBeContinuedOrSkipped) {
  for (const bool skips : {true, false}) {
    EngineLab lab;
    ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1")));
    const std::string seen = lab.description();
    // A and B change, C fails; then A cannot be set back either.
    const std::size_t base = lab.world.count();
    lab.world.before = [base](std::size_t now) -> Result<void> {
      if (now == base + 3 || now == base + 4) return invalid("no luck");
      return {};
    };
    ASSERT_TRUE(lab.deploy("UpdateStack", three("2", "2")));
    ASSERT_EQ(lab.status(), "UPDATE_ROLLBACK_FAILED");
    EXPECT_EQ(lab.record().reason, "The following resource(s) failed to update: [A]. ");
    EXPECT_FALSE(lab.deploy("UpdateStack", three("3", "3")));
    const auto wrong = lab.run("ContinueUpdateRollback",
                               {{"StackName", "s"}, {"ResourcesToSkip", json::Array{"C"}}});
    EXPECT_EQ(wrong.has_value(), lab.record().find("C")->status == "UPDATE_FAILED");
    if (lab.status() == "UPDATE_ROLLBACK_FAILED") {
      json::Object members{{"StackName", "s"}};
      if (skips) members["ResourcesToSkip"] = json::Array{"A"};
      ASSERT_TRUE(lab.run("ContinueUpdateRollback", members));
    }
    EXPECT_EQ(lab.status(), "UPDATE_ROLLBACK_COMPLETE");
    EXPECT_EQ(lab.description(), seen);
    EXPECT_FALSE(lab.run("ContinueUpdateRollback", {{"StackName", "s"}}));
  }
}

TEST(Rollback, CancellingAnUpdateTakesItBack) {
  EngineLab lab;
  ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1")));
  EXPECT_FALSE(lab.run("CancelUpdateStack", {{"StackName", "s"}}));
  const std::string world = lab.world.state(), seen = lab.description();
  const std::size_t base = lab.world.count();
  bool is_cancelled = false;
  lab.world.after = [&](std::size_t now) {
    if (now == base + 1)
      is_cancelled = lab.ask("CancelUpdateStack", {{"StackName", "s"}}).has_value();
  };
  ASSERT_TRUE(lab.deploy("UpdateStack", three("2", "2"), {{"DisableRollback", "true"}}));
  EXPECT_TRUE(is_cancelled);
  EXPECT_EQ(lab.status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(lab.world.state(), world);
  EXPECT_EQ(lab.description(), seen);
}

TEST(Rollback, DeletingAStackThatIsBeingMadeGivesItUp) {
  EngineLab lab;
  std::string then;
  lab.world.after = [&](std::size_t now) {
    if (now != 1) return;
    EXPECT_TRUE(lab.ask("DeleteStack", {{"StackName", "s"}}));
    then = lab.status();
  };
  const auto made = lab.deploy("CreateStack", three("1", "1"));
  EXPECT_EQ(then, "DELETE_IN_PROGRESS");
  EXPECT_EQ(lab.status(), "none");
  EXPECT_EQ(lab.status(*json::find_string(*made, "StackId")), "DELETE_COMPLETE");
  EXPECT_TRUE(lab.world.empty()) << lab.world.state();
  EXPECT_EQ(lab.world.count(), 2u) << "nothing else was made";
}

TEST(Rollback, ACreationThatTakesTooLongIsGivenUp) {
  EngineLab lab;
  lab.world.after = [&](std::size_t) { lab.clock.advance(std::chrono::seconds(40)); };
  ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1"), {{"TimeoutInMinutes", "1"}}));
  EXPECT_EQ(lab.status(), "ROLLBACK_COMPLETE");
  const auto events = lab.run("DescribeStackEvents", {{"StackName", "s"}});
  EXPECT_NE(json::dump(*events).find("Stack creation time exceeded the specified timeout."),
            std::string::npos);
  EXPECT_TRUE(lab.world.empty());
}

TEST(Rollback, TagsOfTheStackAreItsResourcesToo) {
  EngineLab lab;
  const auto tags = [](const char* value) {
    return json::Object{{"Tags", json::Array{json::Object{{"Key", "k"}, {"Value", value}}}}};
  };
  ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1"), tags("one")));
  EXPECT_NE(lab.world.state().find(R"("k":"one")"), std::string::npos) << lab.world.state();
  ASSERT_TRUE(lab.deploy("UpdateStack", three("1", "1"), tags("two")));
  EXPECT_EQ(lab.status(), "UPDATE_COMPLETE");
  EXPECT_EQ(lab.world.state().find(R"("k":"one")"), std::string::npos);
  const std::string world = lab.world.state();
  fail_at(lab, 3);
  ASSERT_TRUE(lab.deploy("UpdateStack", three("1", "1"), tags("three")));
  EXPECT_EQ(lab.status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(lab.world.state(), world);
  ASSERT_TRUE(lab.deploy("UpdateStack", three("2", "1")));
  EXPECT_EQ(json::dump(lab.record().tags), R"([{"Key":"k","Value":"two"}])") << "not given: kept";
}

TEST(Protection, KeepsAStackFromBeingDeleted) {
  EngineLab lab;
  ASSERT_TRUE(
      lab.deploy("CreateStack", three("1", "1"), {{"EnableTerminationProtection", "true"}}));
  const auto refused = lab.run("DeleteStack", {{"StackName", "s"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "Stack [s] cannot be deleted while TerminationProtection is enabled");
  ASSERT_TRUE(lab.run("UpdateTerminationProtection",
                      {{"StackName", "s"}, {"EnableTerminationProtection", "false"}}));
  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "s"}}));
  EXPECT_EQ(lab.status(), "none");
}

TEST(Deletion, LeavesWhatItIsToldToOnceItHasFailed) {
  EngineLab lab;
  ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1")));
  const json::Object retaining{{"StackName", "s"}, {"RetainResources", json::Array{"A"}}};
  EXPECT_FALSE(lab.run("DeleteStack", retaining));
  lab.world.before = [](std::size_t) -> Result<void> { return invalid("no luck"); };
  ASSERT_TRUE(lab.run("DeleteStack", {{"StackName", "s"}}));
  ASSERT_EQ(lab.status(), "DELETE_FAILED");
  EXPECT_EQ(lab.record().find("A")->status, "CREATE_COMPLETE") << "B still needs it";
  lab.world.before = nullptr;
  ASSERT_TRUE(lab.run("DeleteStack", retaining));
  EXPECT_EQ(lab.status(), "none");
  const std::string left = lab.world.state();
  EXPECT_EQ(std::count(left.begin(), left.end(), '\n'), 1) << left;
}

TEST(ClientToken, ARequestThatIsRepeatedIsDoneOnce) {
  EngineLab lab;
  const json::Object token{{"ClientRequestToken", "t1"}};
  const auto first = lab.deploy("CreateStack", three("1", "1"), token);
  const auto second = lab.deploy("CreateStack", three("1", "1"), token);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(
      lab.deploy("CreateStack", three("1", "1"), {{"ClientRequestToken", "t2"}}).error().aws_type,
      "AlreadyExistsException");
  EXPECT_EQ(lab.deploy("UpdateStack", three("2", "1"), token).error().aws_type,
            "TokenAlreadyExistsException");
  const auto events = lab.run("DescribeStackEvents", {{"StackName", "s"}});
  EXPECT_NE(json::dump(*events).find(R"("ClientRequestToken":"t1")"), std::string::npos);
}

TEST(Parallel, WhatIsIndependentIsMadeSideBySide) {
  EngineLab lab({.lanes_max = 8});
  std::mutex mutex;
  std::condition_variable both;
  int waiting = 0;
  lab.world.before = [&](std::size_t number) -> Result<void> {
    if (number > 2) return {};
    // A and C are both under way, or this never ends.
    std::unique_lock lock(mutex);
    ++waiting;
    both.notify_all();
    both.wait(lock, [&] { return waiting == 2; });
    return {};
  };
  ASSERT_TRUE(lab.deploy("CreateStack", three("1", "1")));
  EXPECT_EQ(lab.status(), "CREATE_COMPLETE");
}

TEST(Parallel, AFailureCancelsWhatIsUnderWay) {
  EngineLab lab({.lanes_max = 8});
  std::mutex mutex;
  std::condition_variable changed;
  bool has_failed = false;
  const std::string body =
      "Resources:\n"
      "  A: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, Policies: "
      "[{PolicyName: p, PolicyDocument: {}}]}}\n"
      "  B: {Type: AWS::SSM::Parameter, Properties: {Name: b, Type: String, Value: 1}}\n";
  std::atomic<int> begun = 0;
  lab.world.after = [&](std::size_t) { ++begun; };
  lab.world.before = [&](std::size_t) -> Result<void> {
    const std::lock_guard lock(mutex);
    // Whichever comes second fails while the other is between two calls at most.
    if (begun.load() == 1 && !has_failed) {
      has_failed = true;
      return invalid("no luck");
    }
    return {};
  };
  ASSERT_TRUE(lab.deploy("CreateStack", body));
  EXPECT_EQ(lab.status(), "ROLLBACK_COMPLETE");
  EXPECT_TRUE(lab.world.empty()) << lab.world.state();
}

}  // namespace
}  // namespace stator::cloudformation
