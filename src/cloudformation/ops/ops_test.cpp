#include "cloudformation/ops/ops.hpp"

#include <gtest/gtest.h>

#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation {
namespace {

constexpr const char* kTable =
    "Description: one table\n"
    "Parameters: {P: {Type: String, Default: d, Description: what}}\n"
    "Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, KeySchema: [], "
    "AttributeDefinitions: []}}}\n";

using OpsTest = StackLab;

TEST_F(OpsTest, AskForTheStackThatTheyTouch) {
  ASSERT_TRUE(deploy("CreateStack", kTable));
  EXPECT_EQ(authorizer_.asked,
            "cloudformation:CreateStack "
            "arn:aws:cloudformation:eu-west-1:111122223333:stack/items/*");
  ASSERT_TRUE(run("ListStacks", {}));
  EXPECT_EQ(authorizer_.asked, "cloudformation:ListStacks *");
  const std::string id(stack().at("StackId").get_string());
  ASSERT_TRUE(run("DescribeStacks", {{"StackName", id}}));
  EXPECT_EQ(authorizer_.asked, "cloudformation:DescribeStacks " + id);
}

TEST_F(OpsTest, DescribeWhatAStackIs) {
  ASSERT_TRUE(deploy("CreateStack", kTable,
                     {{"Tags", json::Array{json::Object{{"Key", "k"}, {"Value", "v"}}}}}));
  const json::Object described = stack();
  EXPECT_EQ(described.at("Description"), json::Value("one table"));
  EXPECT_EQ(described.at("CreationTime"), json::Value("2026-01-02T03:04:05.678Z"));
  EXPECT_EQ(json::dump(described.at("Tags")), R"([{"Key":"k","Value":"v"}])");
  EXPECT_FALSE(described.contains("DeletionTime"));
  const auto all = run("DescribeStacks", {});
  EXPECT_EQ(all->at("Stacks").get_array().size(), 1u);
  const auto listed = run("ListStacks", {{"StackStatusFilter", json::Array{"CREATE_COMPLETE"}}});
  EXPECT_EQ(listed->at("StackSummaries").get_array().size(), 1u);
  const auto none = run("ListStacks", {{"StackStatusFilter", json::Array{"DELETE_COMPLETE"}}});
  EXPECT_TRUE(none->at("StackSummaries").get_array().empty());
}

/// Keeps the worker busy until it is told otherwise, so that a stack stays in progress.
class BusyStacks : public StackLab {
 protected:
  BusyStacks() {
    STATOR_CHECK(workers_.post([gate = open_.get_future().share()] { gate.wait(); }));
    StackRequest request;
    request.name = "items";
    request.template_body = kTable;
    STATOR_CHECK(stacks_->create(call_, std::move(request)));
  }
  void open() {
    open_.set_value();
    settle();
  }

 private:
  std::promise<void> open_;
};

TEST_F(BusyStacks, AreWaitedForAMoment) {
  int slept = 0;
  on_sleep_ = [&] {
    if (++slept == 3) open();
  };
  EXPECT_EQ(stacks_->load_at_rest(call_, "items")->status, "CREATE_COMPLETE");
  EXPECT_EQ(slept, 3);
  EXPECT_FALSE(stacks_->load_at_rest(call_, "none"));
  EXPECT_EQ(slept, 3);
}

TEST_F(BusyStacks, AreNotWaitedForLong) {
  int slept = 0;
  on_sleep_ = [&] { ++slept; };
  EXPECT_EQ(stacks_->load_at_rest(call_, "items")->status, "CREATE_IN_PROGRESS");
  EXPECT_GT(slept, 1);
  EXPECT_LT(slept, 1'000);
  open();
}

TEST_F(OpsTest, DescribeResources) {
  ASSERT_TRUE(deploy("CreateStack", kTable));
  const auto described =
      run("DescribeStackResources", {{"StackName", "items"}, {"LogicalResourceId", "T"}});
  const json::Object& table = described->at("StackResources").get_array().at(0).get_object();
  EXPECT_EQ(table.at("PhysicalResourceId"), json::Value("t"));
  EXPECT_EQ(table.at("ResourceType"), json::Value("AWS::DynamoDB::Table"));
  EXPECT_EQ(table.at("ResourceStatus"), json::Value("CREATE_COMPLETE"));
  EXPECT_FALSE(run("DescribeStackResources", {{"StackName", "items"}, {"LogicalResourceId", "X"}}));
  const auto listed = run("ListStackResources", {{"StackName", "items"}});
  EXPECT_EQ(listed->at("StackResourceSummaries").get_array().size(), 1u);
}

TEST_F(OpsTest, GiveTheTemplateAsItCameAndAsItIs) {
  const std::string sam =
      "Transform: AWS::Serverless-2016-10-31\nResources: {T: {Type: "
      "AWS::Serverless::SimpleTable}}\n";
  ASSERT_TRUE(deploy("CreateStack", sam));
  EXPECT_EQ(run("GetTemplate", {{"StackName", "items"}})->at("TemplateBody"), json::Value(sam));
  const auto processed =
      run("GetTemplate", {{"StackName", "items"}, {"TemplateStage", "Processed"}});
  EXPECT_NE(json::find_string(*processed, "TemplateBody")->find("AWS::DynamoDB::Table"),
            std::string::npos);
}

TEST_F(OpsTest, ValidateWithoutMakingAnything) {
  const auto valid = run("ValidateTemplate", {{"TemplateBody", kTable}});
  ASSERT_TRUE(valid) << valid.error().message;
  EXPECT_EQ(json::dump(*valid),
            R"({"Parameters":[{"ParameterKey":"P","NoEcho":false,"DefaultValue":"d",)"
            R"("Description":"what"}],"Description":"one table"})");
  EXPECT_EQ(run("ValidateTemplate", {{"TemplateBody", "Resources: {}"}}).error().aws_type,
            "ValidationError");
  EXPECT_TRUE(world_.calls.empty());
}

TEST_F(OpsTest, RefuseByNameWhatTheyDoNotSupport) {
  struct Case {
    const char* operation;
    json::Object members;
    const char* says;
  };
  const Case cases[] = {
      {"CreateStack", {{"StackName", "a"}, {"TemplateURL", "http://x"}}, "TemplateURL"},
      {"CreateStack", {{"StackName", "a"}, {"TemplateURL", "http://h/b/k"}}, "S3 error"},
      {"ValidateTemplate", {{"TemplateBody", kTable}, {"TemplateURL", "http://h/b/k"}}, "both"},
      {"ValidateTemplate",
       {{"TemplateBody", std::string(51'201, ' ')}},
       "less than or equal to 51200"},
      {"CreateStack", {{"StackName", "a"}}, "Either Template URL or Template Body"},
      {"CreateStack", {{"StackName", "a_b"}, {"TemplateBody", kTable}}, "[a-zA-Z][-a-zA-Z0-9]*"},
      {"CreateStack", {{"StackName", std::string(129, 'a')}, {"TemplateBody", kTable}}, "128"},
      {"CreateStack", {{"TemplateBody", kTable}}, "'stackName'"},
      {"CreateStack", {{"StackName", "a"}, {"TemplateBody", kTable}, {"RoleARN", "r"}}, "RoleARN"},
      {"CreateStack",
       {{"StackName", "a"}, {"TemplateBody", kTable}, {"OnFailure", "BURN"}},
       "[ROLLBACK, DELETE, DO_NOTHING]"},
      {"CreateStack",
       {{"StackName", "a"}, {"TemplateBody", kTable}, {"TimeoutInMinutes", "0"}},
       "timeoutInMinutes"},
      {"CreateStack",
       {{"StackName", "a"},
        {"TemplateBody", kTable},
        {"NotificationARNs", json::Array{"arn:aws:sns:r:a:t"}}},
       "NotificationARNs"},
      {"CreateStack",
       {{"StackName", "a"},
        {"TemplateBody", kTable},
        {"Tags", json::Array{json::Object{{"Key", "aws:x"}, {"Value", "y"}}}}},
       "aws:x"},
      {"CancelUpdateStack", {{"StackName", "nobody"}}, "does not exist"},
      {"ListImports", {{"ExportName", "x"}}, "Export 'x' is not imported by any stack."},
      {"UpdateTerminationProtection", {{"StackName", "a"}}, "enableTerminationProtection"},
      {"CreateStack",
       {{"StackName", "a"},
        {"TemplateBody", kTable},
        {"Capabilities", json::Array{"CAPABILITY_X"}}},
       "CAPABILITY_X"},
      {"UpdateStack", {{"StackName", "nobody"}, {"TemplateBody", kTable}}, "does not exist"},
      {"DescribeStacks", {{"StackName", "nobody"}}, "Stack with id nobody does not exist"},
      {"GetTemplate", {{"StackName", "nobody"}}, "does not exist"},
      {"DescribeStacks", {{"NextToken", "x"}}, "NextToken"},
  };
  for (const Case& test : cases) {
    const auto refused = run(test.operation, test.members);
    ASSERT_FALSE(refused) << test.operation << " " << test.says;
    EXPECT_NE(refused.error().message.find(test.says), std::string::npos)
        << refused.error().message;
  }
  EXPECT_EQ(world_.listed(), "s3:GetObject ");
}

}  // namespace
}  // namespace stator::cloudformation
