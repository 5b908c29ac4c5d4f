#include "cli/template_place.hpp"

#include <gtest/gtest.h>

#include "cloudformation/yaml_loader.hpp"

namespace stator::cli {
namespace {

constexpr const char* kTemplate = R"(
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [{Statement: []}]
  Plain:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - {PolicyName: first, PolicyDocument: {}}
        - {PolicyName: second, PolicyDocument: {}}
  Computed:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{PolicyName: !Sub "${AWS::StackName}-x", PolicyDocument: {}}]
  Alone:
    Type: AWS::IAM::Policy
)";

struct Case {
  const char* name;
  StackResource resource;
  PolicyStatement statement;
  std::string path;  // "" for nothing
};

/// Its name, where the test's own name would show its bytes.
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

StackResource role(std::string logical_id) {
  return {"s", std::move(logical_id), "role", "AWS::IAM::Role"};
}

class PathTo : public ::testing::TestWithParam<Case> {};

TEST_P(PathTo, LeadsToTheStatement) {
  const auto body = cloudformation::load_template(kTemplate).value();
  const auto path = path_to(body, GetParam().resource, GetParam().statement);
  std::string text;
  if (path) {
    text = path->logical_id + ":";
    for (const std::string& step : path->steps) text += " " + step;
  }
  EXPECT_EQ(text, GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(
    All, PathTo,
    ::testing::Values(
        Case{"SamFunction",
             role("HelloRole"),
             {"role", "HelloRolePolicy0", 2},
             "Hello: Resources Hello Properties Policies 0 Statement 1"},
        Case{"ManagedPolicyOfSamFunction",
             role("HelloRole"),
             {"role", "arn:aws:iam::aws:policy/X", 1},
             "Hello: Resources Hello Properties Policies"},
        Case{"PolicyByName",
             role("Plain"),
             {"role", "second", 1},
             "Plain: Resources Plain Properties Policies 1 PolicyDocument Statement 0"},
        Case{"ManagedPolicyOfRole",
             role("Plain"),
             {"role", "arn:aws:iam::aws:policy/X", 1},
             "Plain: Resources Plain Properties ManagedPolicyArns"},
        Case{"ComputedName",
             role("Computed"),
             {"role", "stack-x", 3},
             "Computed: Resources Computed Properties Policies 0 PolicyDocument Statement 2"},
        Case{"PolicyOfItsOwn",
             {"s", "Alone", "named", "AWS::IAM::Policy"},
             {"role", "named", 1},
             "Alone: Resources Alone Properties PolicyDocument Statement 0"},
        Case{"NotInTheTemplate", role("Other"), {"role", "x", 1}, ""}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace stator::cli
