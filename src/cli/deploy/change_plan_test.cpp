#include "cli/deploy/change_plan.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace stator::cli {
namespace {

using Kind = PlannedChange::Kind;

json::Object answer(std::string_view text) {
  return *json::parse_object(text);
}

/// As the query protocol's answers are read: every value is a text.
constexpr std::string_view kChanges = R"({"Changes":[
  {"Type":"Resource","ResourceChange":{"Action":"Add","LogicalResourceId":"New",
    "ResourceType":"AWS::IAM::Role","Details":""}},
  {"Type":"Resource","ResourceChange":{"Action":"Modify","Replacement":"False",
    "LogicalResourceId":"Fn","PhysicalResourceId":"s-Fn-1","ResourceType":"AWS::Lambda::Function",
    "Details":[
      {"Target":{"Attribute":"Properties","Name":"MemorySize","RequiresRecreation":"Never",
         "Path":"/Properties/MemorySize","BeforeValue":"128","AfterValue":"256"},
       "Evaluation":"Static","ChangeSource":"DirectModification"},
      {"Target":{"Attribute":"Properties","Name":"Environment","RequiresRecreation":"Never"},
       "Evaluation":"Dynamic","ChangeSource":"ResourceAttribute","CausingEntity":"Table.Arn"}]}},
  {"Type":"Resource","ResourceChange":{"Action":"Modify","Replacement":"True",
    "PolicyAction":"ReplaceAndDelete","LogicalResourceId":"Table","PhysicalResourceId":"things",
    "ResourceType":"AWS::DynamoDB::Table","Details":[
      {"Target":{"Attribute":"Properties","Name":"KeySchema","RequiresRecreation":"Always",
         "Path":"/Properties/KeySchema/0/AttributeName","BeforeValue":"id","AfterValue":"key"}},
      {"Target":{"Attribute":"Tags","RequiresRecreation":"Never"}}]}},
  {"Type":"Resource","ResourceChange":{"Action":"Remove","PolicyAction":"Retain",
    "LogicalResourceId":"Kept","PhysicalResourceId":"kept","ResourceType":"AWS::S3::Bucket"}}]})";

TEST(ChangePlan, ReadsWhatDescribeChangeSetAnswers) {
  ChangePlan plan;
  read_changes(answer(kChanges), plan);
  ASSERT_EQ(plan.changes.size(), 4u);
  EXPECT_EQ(plan.changes[0].kind, Kind::kAdd);
  EXPECT_EQ(plan.changes[1].kind, Kind::kChange);
  ASSERT_EQ(plan.changes[1].properties.size(), 2u);
  EXPECT_EQ(plan.changes[1].properties[0].path, "MemorySize");
  EXPECT_EQ(plan.changes[1].properties[0].before, "128");
  EXPECT_EQ(plan.changes[1].properties[1].causing_entity, "Table.Arn");
  EXPECT_EQ(plan.changes[2].kind, Kind::kReplace);
  EXPECT_TRUE(plan.changes[2].properties[0].recreates);
  EXPECT_TRUE(plan.changes[3].is_kept);
  EXPECT_EQ(summary_of(plan), "1 to add, 1 to change, 1 to replace, 1 to remove");
}

TEST(ChangePlan, ShowsALineForEachResourceAndWhyItIsReplaced) {
  ChangePlan plan;
  read_changes(answer(kChanges), plan);
  std::ostringstream out;
  print_plan(out, plan, false);
  EXPECT_EQ(out.str(),
            "  + add      New    AWS::IAM::Role\n"
            "  ~ change   Fn     AWS::Lambda::Function\n"
            "        MemorySize: 128 -> 256\n"
            "        Environment  (by Table.Arn)\n"
            "  ! replace  Table  AWS::DynamoDB::Table\n"
            "        KeySchema/0/AttributeName: id -> key  <- cannot be changed in place\n"
            "        Tags\n"
            "  - remove   Kept   AWS::S3::Bucket  (the old one stays, outside the stack)\n");
  EXPECT_EQ(warning_of(plan),
            "  Table (AWS::DynamoDB::Table things) is replaced by a new one, and what it holds is "
            "lost\n");
}

TEST(ChangePlan, ColoursOnlyWhenAsked) {
  ChangePlan plan;
  read_changes(answer(kChanges), plan);
  std::ostringstream out;
  print_plan(out, plan, true);
  EXPECT_NE(out.str().find("\033[32m+ add     \033[0m New"), std::string::npos) << out.str();
}

TEST(ChangePlan, KnowsWhichChangesLoseData) {
  const struct {
    Kind kind;
    const char* type;
    bool is_kept;
    bool loses;
  } kCases[] = {
      {Kind::kAdd, "AWS::DynamoDB::Table", false, false},
      {Kind::kChange, "AWS::DynamoDB::Table", false, false},
      {Kind::kReplace, "AWS::DynamoDB::Table", false, true},
      {Kind::kMayReplace, "AWS::DynamoDB::Table", false, true},
      {Kind::kRemove, "AWS::DynamoDB::Table", false, true},
      {Kind::kRemove, "AWS::DynamoDB::Table", true, false},
      {Kind::kRemove, "AWS::DynamoDB::GlobalTable", false, true},
      {Kind::kRemove, "AWS::S3::Bucket", false, true},
      {Kind::kRemove, "AWS::Logs::LogGroup", false, true},
      {Kind::kRemove, "AWS::SSM::Parameter", false, true},
      {Kind::kRemove, "AWS::IAM::AccessKey", false, true},
      {Kind::kRemove, "AWS::CloudFormation::Stack", false, true},
      {Kind::kMayReplace, "AWS::CloudFormation::Stack", false, false},
      {Kind::kRemove, "AWS::Lambda::Function", false, false},
      {Kind::kReplace, "AWS::Lambda::LayerVersion", false, false},
  };
  for (const auto& each : kCases) {
    PlannedChange change;
    change.kind = each.kind;
    change.type = each.type;
    change.is_kept = each.is_kept;
    EXPECT_EQ(loses_data(change), each.loses) << each.type << static_cast<int>(each.kind);
  }
}

TEST(ChangePlan, ShowsLongAndStrangeValuesOnOneLine) {
  PlannedChange change;
  change.logical_id = "R";
  change.type = "T";
  change.kind = Kind::kChange;
  change.properties.push_back({.path = "P",
                               .before = "a\n\033[31m",
                               .after = std::string(56, 'x') + "\xc3\xa9" + std::string(40, 'y'),
                               .has_before = true,
                               .has_after = true,
                               .causing_entity = {}});
  ChangePlan plan;
  plan.changes.push_back(change);
  std::ostringstream out;
  print_plan(out, plan, false);
  EXPECT_EQ(out.str(),
            "  ~ change   R  T\n        P: a  [31m -> " + std::string(56, 'x') + "...\n");
}

TEST(ChangePlan, TellsAPropertyWithManyCausesOnce) {
  ChangePlan plan;
  read_changes(
      answer(R"({"Changes":[{"ResourceChange":{"Action":"Modify","Replacement":"Conditional",
    "LogicalResourceId":"F","ResourceType":"T","Details":[
      {"Target":{"Attribute":"Properties","Name":"A","RequiresRecreation":"Conditionally"},
       "Evaluation":"Dynamic","CausingEntity":"P"},
      {"Target":{"Attribute":"Properties","Name":"A","RequiresRecreation":"Never","BeforeValue":"1",
         "AfterValue":"2"}}]}}]})"),
      plan);
  ASSERT_EQ(plan.changes.size(), 1u);
  EXPECT_EQ(plan.changes[0].kind, Kind::kMayReplace);
  ASSERT_EQ(plan.changes[0].properties.size(), 1u);
  EXPECT_TRUE(plan.changes[0].properties[0].recreates);
  EXPECT_EQ(plan.changes[0].properties[0].after, "2");
}

TEST(ChangePlan, TakesAnAnswerWithoutChanges) {
  for (const char* text : {"{}", R"({"Changes":""})", R"({"Changes":[{"Type":"Hook"}]})"}) {
    ChangePlan plan;
    read_changes(answer(text), plan);
    EXPECT_TRUE(plan.changes.empty()) << text;
    EXPECT_EQ(summary_of(plan), "no resource changes");
  }
}

}  // namespace
}  // namespace stator::cli
