#include "cloudformation/rules.hpp"

#include <gtest/gtest.h>

#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation {
namespace {

/// "" when the rules hold, else what is said against them.
std::string verdict(const std::string& rule) {
  Scope scope;
  scope.parameters["Env"] = {json::Value("prod"), "prod"};
  scope.parameters["Sizes"] = {json::Value(json::Array{"s", "m"}), "s,m"};
  scope.resource = [](std::string_view, std::string_view) -> Result<json::Value> {
    return invalid("a rule cannot depend on a resource");
  };
  const auto rules = load_template("R: " + rule);
  if (!rules) return "unreadable: " + rules.error().message;
  const auto checked = check_rules(*rules, scope);
  return checked ? "" : checked.error().message;
}

struct Case {
  const char* assertion;
  bool holds;
};

TEST(Rules, AskTheFunctionsThatAreTheirs) {
  for (const Case& test : {
           Case{"!Equals [!Ref Env, prod]", true},
           Case{"!Equals [!Ref Env, test]", false},
           Case{"!Not [!Equals [!Ref Env, test]]", true},
           Case{"{'Fn::Contains': [[test, prod], !Ref Env]}", true},
           Case{"{'Fn::Contains': [[test], !Ref Env]}", false},
           Case{"{'Fn::EachMemberIn': [!Ref Sizes, [s, m, l]]}", true},
           Case{"{'Fn::EachMemberIn': [!Ref Sizes, [s]]}", false},
           Case{"{'Fn::EachMemberEquals': [[s, s], s]}", true},
           Case{"{'Fn::EachMemberEquals': [!Ref Sizes, s]}", false},
           Case{"!And [!Equals [a, a], !Equals [!Ref Env, prod]]", true},
           Case{"!And [!Equals [a, a], !Equals [a, b]]", false},
           Case{"!Or [!Equals [a, b], !Equals [a, a]]", true},
           Case{"!Or [!Equals [a, b], !Equals [b, a]]", false},
       }) {
    const std::string said = verdict("{Assertions: [{Assert: " + std::string(test.assertion) +
                                     ", AssertDescription: it must be}]}");
    EXPECT_EQ(said, test.holds ? "" : "Rule R is not satisfied: it must be") << test.assertion;
  }
}

TEST(Rules, ApplyOnlyWhereTheirConditionHolds) {
  const std::string assertions = ", Assertions: [{Assert: !Equals [a, b]}]}";
  EXPECT_EQ(verdict("{RuleCondition: !Equals [!Ref Env, test]" + assertions), "");
  EXPECT_EQ(verdict("{RuleCondition: !Equals [!Ref Env, prod]" + assertions),
            "Rule R is not satisfied: an assertion failed");
}

TEST(Rules, NameWhatIsMalformed) {
  struct Bad {
    const char* rule;
    const char* says;
  };
  for (const Bad& test : {
           Bad{"7", "[/Rules/R] must be an object."},
           Bad{"{}", "must contain a list of Assertions"},
           Bad{"{Asserts: []}", "unknown member 'Asserts'"},
           Bad{"{Assertions: [{Assertion: 1}]}", "must contain an Assert"},
           Bad{"{Assertions: [{Assert: true}]}", "one rule-specific function"},
           Bad{"{Assertions: [{Assert: !Not [1, 2]}]}", "Fn::Not takes one condition"},
           Bad{"{Assertions: [{Assert: {'Fn::Contains': [a, b]}}]}", "a list of texts is wanted"},
           Bad{"{Assertions: [{Assert: {'Fn::Contains': [[a]]}}]}", "takes two arguments"},
           Bad{"{Assertions: [{Assert: !Equals [!Ref A, b]}]}", "cannot depend on a resource"},
           Bad{"{Assertions: [{Assert: {'Fn::Contains': [{'Fn::RefAll': 'AWS::EC2::VPC::Id'}, "
               "a]}}]}",
               "does not support Fn::RefAll"},
           Bad{"{RuleCondition: {'Fn::Wish': [a, b]}, Assertions: []}",
               "does not support Fn::Wish"},
       }) {
    const std::string said = verdict(test.rule);
    EXPECT_NE(said.find(test.says), std::string::npos) << test.rule << " gave " << said;
  }
}

}  // namespace
}  // namespace stator::cloudformation
