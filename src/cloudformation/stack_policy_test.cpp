#include "cloudformation/stack_policy.hpp"

#include <gtest/gtest.h>

namespace stator::cloudformation {
namespace {

/// A plan that changes Table (or replaces it) and removes Old.
class StackPolicy : public ::testing::Test {
 protected:
  StackPolicy() {
    table_.logical_id = "Table";
    table_.type = "AWS::DynamoDB::Table";
    ResourceRecord old;
    old.logical_id = "Old";
    old.type = "AWS::Logs::LogGroup";
    record_.resources.push_back(old);
  }
  std::string verdict(const std::string& policy, Action action, bool removes = false) {
    UpdatePlan plan;
    plan.steps.push_back(Step{&table_, action});
    if (removes) plan.removed = {"Old"};
    const auto allowed = check_allowed(policy, plan, record_);
    return allowed ? "allowed" : allowed.error().message;
  }
  static std::string statement(const std::string& effect, const std::string& rest) {
    return R"({"Effect":")" + effect + R"(","Principal":"*",)" + rest + "}";
  }
  static std::string policy(const std::string& statements) {
    return R"({"Statement":[)" + statements + "]}";
  }

  Declaration table_;
  StackRecord record_;
  const std::string all_ = statement("Allow", R"("Action":"Update:*","Resource":"*")");
};

TEST_F(StackPolicy, AllowsEverythingWhenThereIsNone) {
  EXPECT_EQ(verdict("", Action::kReplace, true), "allowed");
}

TEST_F(StackPolicy, DeniesWhatNoStatementAllows) {
  const std::string only_modify =
      policy(statement("Allow", R"("Action":"Update:Modify","Resource":"*")"));
  EXPECT_EQ(verdict(only_modify, Action::kUpdate), "allowed");
  EXPECT_EQ(verdict(only_modify, Action::kReplace),
            "Action not allowed by stack policy: no statement allows [Update:Replace] for "
            "resource [LogicalResourceId/Table]");
  EXPECT_NE(verdict(only_modify, Action::kUpdate, true).find("[Update:Delete]"), std::string::npos);
  // What is new or stays as it is needs nobody's leave.
  EXPECT_EQ(verdict(only_modify, Action::kAdd), "allowed");
  EXPECT_EQ(verdict(only_modify, Action::kKeep), "allowed");
}

TEST_F(StackPolicy, ADenyPrevails) {
  EXPECT_EQ(verdict(policy(all_ + "," +
                           statement("Deny", R"("Action":["Update:Replace",)"
                                             R"("Update:Delete"],"Resource":)"
                                             R"("LogicalResourceId/T*")")),
                    Action::kReplace),
            "Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for "
            "resource [LogicalResourceId/Table]");
}

TEST_F(StackPolicy, AppliesToWhatItsStatementsName) {
  struct Case {
    const char* deny;  ///< beside an Allow of everything
    bool is_denied;    ///< an update of the table in place
  };
  const Case cases[] = {
      {R"("Action":"Update:Modify","Resource":"LogicalResourceId/Table")", true},
      {R"("Action":"update:modify","Resource":"LogicalResourceId/Table")", true},
      {R"("Action":"Update:Modify","Resource":"LogicalResourceId/table")", false},
      {R"("Action":"Update:Modify","Resource":"LogicalResourceId/Tabl?")", true},
      {R"("Action":"Update:Modify","Resource":"LogicalResourceId/Tab")", false},
      {R"("Action":"Update:Delete","Resource":"*")", false},
      {R"("NotAction":"Update:Delete","Resource":"*")", true},
      {R"("Action":"Update:*","NotResource":"LogicalResourceId/Table")", false},
      {R"("Action":"*","NotResource":["LogicalResourceId/A","LogicalResourceId/B"])", true},
      {R"("Action":"Update:*","Resource":"*","Condition":{"StringEquals":{"ResourceType":)"
       R"(["AWS::DynamoDB::Table"]}})",
       true},
      {R"("Action":"Update:*","Resource":"*","Condition":{"StringLike":{"ResourceType":)"
       R"("AWS::Logs::*"}})",
       false},
      {R"("Action":"Update:*","Resource":"*","Condition":{"StringNotEquals":{"ResourceType":)"
       R"("AWS::Logs::LogGroup"}})",
       true},
      {R"("Action":"Update:*","Resource":"*","Condition":{"StringNotLike":{"ResourceType":)"
       R"("AWS::D*"}})",
       false},
  };
  for (const Case& test : cases) {
    const std::string text = policy(all_ + "," + statement("Deny", test.deny));
    const std::string found = verdict("" + text, Action::kUpdate);
    EXPECT_EQ(found != "allowed", test.is_denied) << test.deny << " " << found;
  }
}

TEST_F(StackPolicy, MustBeOneThatCanBeEvaluated) {
  EXPECT_TRUE(check_stack_policy(policy(all_)));
  EXPECT_TRUE(check_stack_policy(
      R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":"*"}})"));
  const std::string cases[] = {
      "",
      "[]",
      "{}",
      policy("1"),
      policy(R"({"Effect":"Allow","Action":"*","Resource":"*"})"),
      policy(R"({"Effect":"Allow","Principal":"me","Action":"*","Resource":"*"})"),
      policy(R"({"Effect":"Maybe","Principal":"*","Action":"*","Resource":"*"})"),
      policy(statement("Allow", R"("Action":"s3:*","Resource":"*")")),
      policy(statement("Allow", R"("Action":"*")")),
      policy(statement("Allow", R"("Action":"*","NotAction":"*","Resource":"*")")),
      policy(statement("Allow", R"("Action":[],"Resource":"*")")),
      policy(statement("Allow", R"("Action":"*","Resource":"Table")")),
      policy(statement("Allow", R"("Action":"*","Resource":"*","More":1)")),
      policy(statement("Allow", R"("Action":"*","Resource":"*","Condition":{"Bool":{}})")),
      policy(statement("Allow", R"("Action":"*","Resource":"*","Condition":{"StringEquals":)"
                                R"({"Other":"x"}})")),
      policy(all_ + std::string(kStackPolicyBytesMax, ' ')),
  };
  for (const std::string& text : cases) {
    const auto refused = check_stack_policy(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().aws_type, "ValidationError");
  }
}

}  // namespace
}  // namespace stator::cloudformation
