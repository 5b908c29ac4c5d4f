#include <gtest/gtest.h>

#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation {
namespace {

constexpr const char* kTemplate =
    "Parameters: {Days: {Type: Number, Default: 7}}\n"
    "Resources: {Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /g, "
    "RetentionInDays: !Ref Days}}}\n";
constexpr const char* kDenyAll =
    R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"Update:*","Resource":"*"}})";
constexpr const char* kAllowAll =
    R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"}})";

class StackPolicyOps : public StackLab {
 protected:
  StackPolicyOps() {
    const json::Object group{{"logGroupName", "/g"}, {"arn", "arn:/g"}};
    world_.answers["logs:DescribeLogGroups"] = {json::Object{{"logGroups", json::Array{group}}}};
  }
  Result<json::Object> update(const char* days, json::Object more = {}) {
    more["Parameters"] =
        json::Array{json::Object{{"ParameterKey", "Days"}, {"ParameterValue", days}}};
    return deploy("UpdateStack", kTemplate, std::move(more));
  }
  std::string policy() {
    const auto answer = run("GetStackPolicy", {{"StackName", "items"}});
    EXPECT_TRUE(answer);
    return answer ? json::find_string(*answer, "StackPolicyBody").value_or("") : "";
  }
};

TEST_F(StackPolicyOps, ProtectAStack) {
  ASSERT_TRUE(deploy("CreateStack", kTemplate));
  EXPECT_EQ(policy(), "");
  ASSERT_TRUE(run("SetStackPolicy", {{"StackName", "items"}, {"StackPolicyBody", kDenyAll}}));
  EXPECT_EQ(policy(), kDenyAll);
  world_.forget();
  const auto refused = update("14");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "Action denied by stack policy: Statement [#1] does not allow [Update:Modify] for "
            "resource [LogicalResourceId/Group]");
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_TRUE(world_.calls.empty());
  // A change set of it can be made, but not executed.
  ASSERT_TRUE(deploy("CreateChangeSet", kTemplate,
                     {{"ChangeSetName", "c"},
                      {"Parameters", json::Array{json::Object{{"ParameterKey", "Days"},
                                                              {"ParameterValue", "14"}}}}}));
  EXPECT_FALSE(run("ExecuteChangeSet", {{"StackName", "items"}, {"ChangeSetName", "c"}}));

  ASSERT_TRUE(update("14", {{"StackPolicyDuringUpdateBody", kAllowAll}}));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(policy(), kDenyAll);
  EXPECT_FALSE(update("30"));
}

TEST_F(StackPolicyOps, ComeWithAStackAndWithAnUpdate) {
  ASSERT_TRUE(deploy("CreateStack", kTemplate, {{"StackPolicyBody", kAllowAll}}));
  EXPECT_EQ(policy(), kAllowAll);
  world_.objects["b/policy"] = kDenyAll;
  ASSERT_TRUE(update("14", {{"StackPolicyURL", "http://h/b/policy"}}));
  EXPECT_EQ(policy(), kDenyAll);
}

TEST_F(StackPolicyOps, RefuseWhatIsNoPolicy) {
  ASSERT_TRUE(deploy("CreateStack", kTemplate));
  EXPECT_FALSE(run("SetStackPolicy", {{"StackName", "items"}}));
  EXPECT_FALSE(run("SetStackPolicy", {{"StackName", "items"}, {"StackPolicyBody", "{}"}}));
  EXPECT_FALSE(run("SetStackPolicy", {{"StackName", "items"},
                                      {"StackPolicyBody", kAllowAll},
                                      {"StackPolicyURL", "http://h/b/k"}}));
  EXPECT_FALSE(run("SetStackPolicy", {{"StackName", "nobody"}, {"StackPolicyBody", kAllowAll}}));
  EXPECT_FALSE(update("14", {{"StackPolicyDuringUpdateBody", "x"}}));
  EXPECT_EQ(policy(), "");
}

}  // namespace
}  // namespace stator::cloudformation
