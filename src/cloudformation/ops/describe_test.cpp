#include <gtest/gtest.h>

#include "cloudformation/ops/paging.hpp"
#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation {
namespace {

using DescribeTest = StackLab;

constexpr const char* kTable =
    "Metadata: {Version: 3}\n"
    "Parameters: {P: {Type: String, Default: d, AllowedValues: [d, e]}, "
    "N: {Type: Number, Default: 7, NoEcho: true}}\n"
    "Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, KeySchema: [], "
    "AttributeDefinitions: []}}}\n";

TEST_F(DescribeTest, SummarizeATemplate) {
  const auto summary = run("GetTemplateSummary", {{"TemplateBody", kTable}});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(
      json::dump(*summary),
      R"({"Parameters":[{"ParameterKey":"P","NoEcho":false,"DefaultValue":"d","ParameterType":)"
      R"("String","ParameterConstraints":{"AllowedValues":["d","e"]}},{"ParameterKey":"N",)"
      R"("NoEcho":"true","DefaultValue":"7","ParameterType":"Number","ParameterConstraints":{}}],)"
      R"("ResourceTypes":["AWS::DynamoDB::Table"],"Version":"2010-09-09",)"
      R"("Metadata":"{\"Version\":3}"})");
  ASSERT_TRUE(deploy("CreateStack", kTable));
  const auto same = run("GetTemplateSummary", {{"StackName", "items"}});
  ASSERT_TRUE(same);
  EXPECT_EQ(*same, *summary);
}

TEST_F(DescribeTest, SummarizeWhatTheTransformCannotMakeYet) {
  const std::string text =
      "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n"
      "Parameters: {L: {Type: CommaDelimitedList}}\n"
      "Resources:\n"
      "  Fn::ForEach::X: [I, !Ref L, {'F${I}': {Type: AWS::Logs::LogGroup}}]\n"
      "  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: src}}\n";
  const auto valid = run("ValidateTemplate", {{"TemplateBody", text}});
  ASSERT_TRUE(valid) << valid.error().message;
  EXPECT_EQ(json::dump(valid->at("Capabilities")), R"(["CAPABILITY_AUTO_EXPAND"])");
  EXPECT_EQ(json::dump(valid->at("DeclaredTransforms")),
            R"(["AWS::LanguageExtensions","AWS::Serverless-2016-10-31"])");
  const auto unknown =
      run("ValidateTemplate", {{"TemplateBody", "Transform: X\n" + text.substr(65)}});
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("transform X (line 1)"), std::string::npos);
}

TEST_F(DescribeTest, SummarizeWhatTheTransformMakes) {
  const auto summary =
      run("GetTemplateSummary",
          {{"TemplateBody",
            "Transform: AWS::Serverless-2016-10-31\n"
            "Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, "
            "Handler: h, Runtime: provided.al2023}}}"}});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(json::dump(summary->at("Capabilities")),
            R"(["CAPABILITY_IAM","CAPABILITY_AUTO_EXPAND"])");
  EXPECT_EQ(json::dump(summary->at("ResourceTypes")), R"(["AWS::Serverless::Function"])");
  EXPECT_EQ(json::dump(summary->at("DeclaredTransforms")), R"(["AWS::Serverless-2016-10-31"])");
}

TEST_F(DescribeTest, SummarizeOnlyTypesThatThereAre) {
  json::Object members{{"TemplateBody", "Resources: {Q: {Type: AWS::SQS::Queue}}"}};
  const auto refused = run("GetTemplateSummary", members);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "Template format error: Unrecognized resource types: [AWS::SQS::Queue]");
  members["TemplateSummaryConfig"] =
      json::Object{{"TreatUnrecognizedResourceTypesAsWarnings", "true"}};
  const auto warned = run("GetTemplateSummary", members);
  ASSERT_TRUE(warned);
  EXPECT_EQ(json::dump(warned->at("Warnings")),
            R"({"UnrecognizedResourceTypes":["AWS::SQS::Queue"]})");
  members["StackName"] = "items";
  EXPECT_FALSE(run("GetTemplateSummary", members));
}

TEST_F(DescribeTest, FindAStackByWhatItHas) {
  ASSERT_TRUE(deploy("CreateStack", kTable));
  const auto found = run("DescribeStackResources", {{"PhysicalResourceId", "t"}});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->at("StackResources").get_array()[0].at("StackName"), json::Value("items"));
  EXPECT_FALSE(run("DescribeStackResources", {{"PhysicalResourceId", "u"}}));
  EXPECT_FALSE(
      run("DescribeStackResources", {{"StackName", "items"}, {"PhysicalResourceId", "t"}}));
}

TEST_F(DescribeTest, GiveTheTemplateOfAChangeSet) {
  ASSERT_TRUE(
      deploy("CreateChangeSet", kTable, {{"ChangeSetName", "c"}, {"ChangeSetType", "CREATE"}}));
  const auto given = run("GetTemplate", {{"StackName", "items"}, {"ChangeSetName", "c"}});
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->at("TemplateBody"), json::Value(kTable));
  EXPECT_FALSE(run("GetTemplate", {{"StackName", "items"}, {"ChangeSetName", "d"}}));
}

TEST_F(DescribeTest, GoPageByPage) {
  for (int i = 0; i < 101; ++i) {
    ASSERT_TRUE(run("CreateChangeSet", {{"StackName", "s" + std::to_string(i)},
                                        {"ChangeSetName", "c"},
                                        {"ChangeSetType", "CREATE"},
                                        {"TemplateBody", kTable}}));
  }
  for (const auto& [operation, member] :
       {std::pair("DescribeStacks", "Stacks"), {"ListStacks", "StackSummaries"}}) {
    const auto first = run(operation, {});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->at(member).get_array().size(), 100u);
    const auto second = run(operation, {{"NextToken", first->at("NextToken")}});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->at(member).get_array().size(), 1u);
    EXPECT_FALSE(second->contains("NextToken"));
    for (const char* token : {"x", "102", "-1", "1x", ""}) {
      EXPECT_FALSE(run(operation, {{"NextToken", token}})) << token;
    }
  }
}

TEST(Paging, GivesEveryItemOnce) {
  for (std::size_t count : {0u, 1u, 2u, 3u, 7u}) {
    json::Array all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(i);
    json::Array seen;
    json::Object members;
    for (int pages = 0; pages < 9; ++pages) {
      const auto page = ops::one_page(aws::Input(members), "Items", all, 3);
      ASSERT_TRUE(page);
      const json::Array& items = page->at("Items").get_array();
      EXPECT_LE(items.size(), 3u);
      seen.insert(seen.end(), items.begin(), items.end());
      if (!page->contains("NextToken")) break;
      members["NextToken"] = page->at("NextToken");
    }
    EXPECT_EQ(seen, all);
  }
}

}  // namespace
}  // namespace stator::cloudformation
