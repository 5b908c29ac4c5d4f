#include "cloudformation/stacks.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation {
namespace {

constexpr const char* kItems = R"(
Transform: AWS::Serverless-2016-10-31
Description: items
Resources:
  Api: {Type: AWS::Serverless::HttpApi}
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: s3://b/layer, RetentionPolicy: Delete}
  Get:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/get
      Runtime: provided.al2023
      Handler: bootstrap
      Timeout: 5
      Layers: [!Ref Layer]
      Environment: {Variables: {TABLE_NAME: !Ref Table}}
      Policies:
        - Statement: {Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn}
      Events:
        Http: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: '/items/{id}', Method: get}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
Outputs:
  Url: {Value: !GetAtt Api.ApiEndpoint, Description: where it is}
  TableName: {Value: !Ref Table}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

using StacksTest = StackLab;

TEST_F(StacksTest, ProvisionsTheItemsExampleThroughThePublicOperations) {
  const auto created = deploy("CreateStack", kItems);
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_EQ(world_.listed(),
            "lambda:PublishLayerVersion dynamodb:CreateTable dynamodb:DescribeTable "
            "iam:CreateRole iam:AttachRolePolicy iam:PutRolePolicy lambda:CreateFunction "
            "lambda:GetFunction apigateway:ImportApi lambda:AddPermission apigateway:CreateStage ");
  const std::string document =
      *json::find_string(world_.last_input("apigateway:ImportApi"), "body");
  EXPECT_NE(document.find("functions/arn:function:items-Get-"), std::string::npos) << document;
  EXPECT_EQ(std::set<std::string>(world_.principals.begin(), world_.principals.end()),
            std::set<std::string>{call_.principal.arn});
  EXPECT_TRUE(output("Url").starts_with("http://id"));
  EXPECT_TRUE(output("TableName").starts_with("items-Table-"));
  const json::Object function = world_.last_input("lambda:CreateFunction");
  EXPECT_TRUE(json::find_string(function, "Role")->starts_with("arn:role/items-GetRole-"));
  EXPECT_EQ(json::dump(function.at("Environment")),
            R"({"Variables":{"TABLE_NAME":")" + output("TableName") + "\"}}");
  EXPECT_EQ(json::dump(function.at("Tags")), R"({"lambda:createdBy":"SAM"})");
  const json::Object policy = world_.last_input("iam:PutRolePolicy");
  EXPECT_NE(json::find_string(policy, "PolicyDocument")->find("arn:table/items-Table-"),
            std::string::npos);
}

TEST_F(StacksTest, PacksSourceThatStandsInTheTemplate) {
  const std::string text = R"(
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: arn:aws:iam::000000000000:role/r
      Code: {ZipFile: "def handler(event, context): return 1"}
)";
  ASSERT_TRUE(deploy("CreateStack", text));
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  const json::Object code = world_.last_input("lambda:CreateFunction").at("Code").as_object();
  const auto zip = base64_decode(json::find_string(code, "ZipFile").value_or(""));
  ASSERT_TRUE(zip);
  EXPECT_NE(zip->find("index.py"), std::string::npos);
  // The provided runtimes have no use for source text.
  ASSERT_TRUE(deploy("UpdateStack", replaced(text, "python3.12", "provided.al2023")));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
}

TEST_F(StacksTest, TellsWhatHappenedInEventsWhoseTimesRise) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  const std::vector<std::string> told = events();
  EXPECT_EQ(told.front(), "CREATE_IN_PROGRESS items");
  EXPECT_EQ(told.back(), "CREATE_COMPLETE items");
  EXPECT_EQ(told[1].substr(0, 24), "CREATE_IN_PROGRESS Layer");
  // The second is told when the resource has its physical id.
  EXPECT_EQ(told[2].substr(0, 24), "CREATE_IN_PROGRESS Layer");
  EXPECT_EQ(told[3].substr(0, 21), "CREATE_COMPLETE Layer");
  EXPECT_EQ(told.size(), 2u + 3 * 7);
  const auto answer = run("DescribeStackEvents", {{"StackName", "items"}});
  std::string newer = "9";
  for (const json::Value& event : answer->at("StackEvents").get_array()) {
    const std::string time(event.at("Timestamp").get_string());
    EXPECT_LT(time, newer);
    newer = time;
  }
}

TEST_F(StacksTest, PagesTheEvents) {
  std::string body = "Resources:\n";
  for (int i = 0; i < 60; ++i) {
    body += "  G" + std::to_string(i) +
            ": {Type: AWS::IAM::Policy, Properties: {PolicyName: p, PolicyDocument: {}, Roles: "
            "[r]}}\n";
  }
  ASSERT_TRUE(deploy("CreateStack", body));
  const auto first = run("DescribeStackEvents", {{"StackName", "items"}});
  ASSERT_EQ(first->at("StackEvents").get_array().size(), 100u);
  const auto second =
      run("DescribeStackEvents", {{"StackName", "items"}, {"NextToken", first->at("NextToken")}});
  EXPECT_EQ(second->at("StackEvents").get_array().size(), 82u);
  EXPECT_FALSE(second->contains("NextToken"));
  EXPECT_FALSE(run("DescribeStackEvents", {{"StackName", "items"}, {"NextToken", "x"}}));
}

TEST_F(StacksTest, DeletesInReverse) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  const std::string id(stack().at("StackId").get_string());
  world_.forget();
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_TRUE(world_.alive.empty()) << *world_.alive.begin();
  EXPECT_EQ(world_.calls.front(), "apigateway:DeleteStage");
  EXPECT_EQ(world_.calls.back(), "lambda:DeleteLayerVersion");
  const auto by_name = run("DescribeStacks", {{"StackName", "items"}});
  ASSERT_FALSE(by_name);
  EXPECT_EQ(by_name.error().message, "Stack with id items does not exist");
  EXPECT_EQ(by_name.error().aws_type, "ValidationError");
  EXPECT_EQ(status(id), "DELETE_COMPLETE");
  EXPECT_EQ(events(id).back(), "DELETE_COMPLETE items");
  EXPECT_TRUE(run("DeleteStack", {{"StackName", "items"}})) << "of nothing is a success";
  EXPECT_TRUE(deploy("CreateStack", kItems)) << "the name is free again";
}

TEST_F(StacksTest, RollsBackWhicheverStepFails) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  std::vector<std::string> steps = world_.calls;
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  for (const std::string& step : steps) {
    world_.fail_at = step;
    world_.fail_after = 0;
    const auto created = deploy("CreateStack", kItems);
    ASSERT_TRUE(created) << "the failure comes later: " << step;
    EXPECT_EQ(status(), "ROLLBACK_COMPLETE") << step;
    EXPECT_TRUE(world_.alive.empty()) << step << " left " << *world_.alive.begin();
    const json::Object failed = stack();
    const std::vector<std::string> told = events();
    EXPECT_NE(std::find_if(told.begin(), told.end(),
                           [](const auto& line) { return line.starts_with("CREATE_FAILED "); }),
              told.end());
    const auto update = deploy("UpdateStack", kItems);
    ASSERT_FALSE(update);
    EXPECT_NE(update.error().message.find("is in ROLLBACK_COMPLETE state and can not be updated."),
              std::string::npos);
    ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  }
}

TEST_F(StacksTest, AResourceThatWasNotItsOwnIsNotRemoved) {
  world_.alive.insert("role taken");
  world_.fail_at = "iam:CreateRole";
  ASSERT_TRUE(deploy("CreateStack",
                     "Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: taken, "
                     "AssumeRolePolicyDocument: {}}}}"));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.listed(), "iam:CreateRole ");
}

TEST_F(StacksTest, KeepsWhatWasMadeWhenRollbackIsDisabled) {
  world_.fail_at = "lambda:AddPermission";
  ASSERT_TRUE(deploy("CreateStack", kItems, {{"DisableRollback", "true"}}));
  EXPECT_EQ(status(), "CREATE_FAILED");
  EXPECT_FALSE(world_.alive.empty());
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_TRUE(world_.alive.empty());
}

TEST_F(StacksTest, ARemovalThatFailsIsSaidAndMayBeTriedAgain) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  world_.fail_at = "dynamodb:DeleteTable";
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_EQ(status(), "DELETE_FAILED");
  EXPECT_EQ(stack().at("StackStatusReason"),
            json::Value("The following resource(s) failed to delete: [Table]. "));
  EXPECT_EQ(world_.alive.size(), 1u);
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_TRUE(world_.alive.empty());
}

TEST_F(StacksTest, RetainsWhatItIsToldTo) {
  ASSERT_TRUE(deploy("CreateStack",
                     "Resources: {T: {Type: AWS::DynamoDB::Table, DeletionPolicy: Retain, "
                     "Properties: {TableName: t, KeySchema: [], AttributeDefinitions: []}}}"));
  const std::string id(stack().at("StackId").get_string());
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_TRUE(world_.alive.contains("table t"));
  EXPECT_EQ(events(id)[6], "DELETE_SKIPPED T");
}

TEST_F(StacksTest, KeepsTheReplacedResourceWhenItIsToldTo) {
  const auto layer = [](const std::string& key, const std::string& policy) {
    return "Resources: {L: {Type: AWS::Lambda::LayerVersion, " + policy +
           "Properties: {LayerName: l, Content: {S3Bucket: b, S3Key: " + key + "}}}}";
  };
  ASSERT_TRUE(deploy("CreateStack", layer("1", "")));
  ASSERT_TRUE(deploy("UpdateStack", layer("2", "UpdateReplacePolicy: Retain, ")));
  EXPECT_EQ(world_.alive, (std::set<std::string>{"layer l:1", "layer l:2"}));
  ASSERT_TRUE(deploy("UpdateStack", layer("3", "DeletionPolicy: Retain, ")));
  EXPECT_EQ(world_.alive, (std::set<std::string>{"layer l:1", "layer l:3"}))
      << "DeletionPolicy does not speak of replacement";
}

TEST_F(StacksTest, AnUpdateThatChangesNothingIsRefused) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  const auto update = deploy("UpdateStack", kItems);
  ASSERT_FALSE(update);
  EXPECT_EQ(update.error().message, "No updates are to be performed.");
  EXPECT_EQ(update.error().aws_type, "ValidationError");
  EXPECT_EQ(status(), "CREATE_COMPLETE");
}

TEST_F(StacksTest, UpdatesCodeLayerAndPolicyInPlace) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  world_.forget();
  std::string body = replaced(kItems, "s3://b/get", "s3://b/get2");
  body = replaced(body, "s3://b/layer", "s3://b/layer2");
  body = replaced(body, "dynamodb:GetItem", "dynamodb:Query");
  ASSERT_TRUE(deploy("UpdateStack", body));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.listed(),
            "lambda:PublishLayerVersion iam:PutRolePolicy lambda:UpdateFunctionConfiguration "
            "lambda:GetFunction lambda:UpdateFunctionCode lambda:GetFunction "
            "lambda:DeleteLayerVersion ");
  EXPECT_EQ(json::dump(world_.last_input("lambda:UpdateFunctionConfiguration").at("Layers")),
            R"(["arn:aws:lambda:r:a:layer:Layer:2"])");
  EXPECT_FALSE(world_.alive.contains("layer Layer:1"));
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_TRUE(world_.alive.empty()) << *world_.alive.begin();
}

TEST_F(StacksTest, AFunctionThatNoLongerSaysHowItLogsLogsAsItDidAtFirst) {
  const auto function = [](const std::string& logging) {
    return "Resources: {F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f, Handler: h, "
           "Runtime: provided.al2023, Role: role, Code: {S3Bucket: b, S3Key: k}" +
           logging + "}}}";
  };
  const auto logging = [this](const char* operation) {
    return json::dump(world_.last_input(operation).at("LoggingConfig"));
  };
  ASSERT_TRUE(
      deploy("CreateStack", function(", LoggingConfig: {LogFormat: JSON, LogGroup: /own}")));
  EXPECT_EQ(logging("lambda:CreateFunction"), R"({"LogFormat":"JSON","LogGroup":"/own"})");
  ASSERT_TRUE(deploy("UpdateStack", function(", LoggingConfig: {LogFormat: JSON}")));
  EXPECT_EQ(logging("lambda:UpdateFunctionConfiguration"),
            R"({"LogFormat":"JSON","LogGroup":"/aws/lambda/f","ApplicationLogLevel":"INFO",)"
            R"("SystemLogLevel":"INFO"})");
  ASSERT_TRUE(deploy("UpdateStack", function("")));
  EXPECT_EQ(logging("lambda:UpdateFunctionConfiguration"),
            R"({"LogFormat":"Text","LogGroup":"/aws/lambda/f"})");
}

TEST_F(StacksTest, UpdatesAddRemoveAndReplace) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  world_.forget();
  ASSERT_TRUE(deploy("UpdateStack", replaced(kItems, "Path: '/items/{id}'", "Path: '/things'")));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.listed(),
            "apigateway:ReimportApi lambda:AddPermission lambda:RemovePermission ");
  world_.forget();
  ASSERT_TRUE(deploy("UpdateStack", R"(
Resources:
  New:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: n, KeySchema: [], AttributeDefinitions: []}
)"));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.alive, std::set<std::string>{"table n"});
  const auto resources = run("DescribeStackResources", {{"StackName", "items"}});
  EXPECT_EQ(resources->at("StackResources").get_array().size(), 1u);
}

TEST_F(StacksTest, AChangeThatItCannotMakeIsRefusedBeforeAnyOtherIsMade) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  world_.forget();
  std::string body = replaced(kItems, "s3://b/get", "s3://b/get2");
  body = replaced(body, "Type: AWS::DynamoDB::Table", "Type: AWS::DynamoDB::GlobalTable");
  body = replaced(body, "BillingMode: PAY_PER_REQUEST",
                  "BillingMode: PAY_PER_REQUEST\n      Replicas: [{Region: eu-west-1}]");
  const auto update = deploy("UpdateStack", body);
  ASSERT_FALSE(update);
  EXPECT_EQ(update.error().message,
            "Update of resource type is not permitted. The new template modifies resource type of "
            "the following resources: [Table]");
  EXPECT_TRUE(world_.calls.empty());
  EXPECT_EQ(status(), "CREATE_COMPLETE");
}

TEST_F(StacksTest, AFailedUpdateLeavesEverythingAsItWas) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  const std::set<std::string> before = world_.alive;
  std::string body = replaced(kItems, "s3://b/get", "s3://b/get2");
  body = replaced(body, "s3://b/layer", "s3://b/layer2");
  body = replaced(body, "Path: '/items/{id}'", "Path: '/things'");
  for (const char* step :
       {"lambda:PublishLayerVersion", "lambda:UpdateFunctionConfiguration",
        "lambda:UpdateFunctionCode", "lambda:AddPermission", "apigateway:ReimportApi"}) {
    world_.forget();
    world_.fail_at = step;
    world_.fail_after = 0;
    ASSERT_TRUE(deploy("UpdateStack", body)) << step;
    EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE") << step;
    EXPECT_EQ(world_.alive, before) << step;
  }
  EXPECT_EQ(json::find_string(world_.last_input("lambda:UpdateFunctionCode"), "S3Key"), "get");
  const auto kept = run("GetTemplate", {{"StackName", "items"}});
  EXPECT_EQ(kept->at("TemplateBody"), json::Value(kItems));
  ASSERT_TRUE(deploy("UpdateStack", body)) << "and may be tried again";
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
}

TEST_F(StacksTest, TakesParametersAndKeepsThemForTheNextUpdate) {
  const std::string body = R"(
Parameters: {Name: {Type: String}, Secret: {Type: String, NoEcho: true, Default: x}}
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: !Ref Name, KeySchema: [], AttributeDefinitions: []}
)";
  const json::Array given{json::Object{{"ParameterKey", "Name"}, {"ParameterValue", "t1"}}};
  ASSERT_TRUE(deploy("CreateStack", body, {{"Parameters", given}}));
  EXPECT_EQ(json::dump(stack().at("Parameters")),
            R"([{"ParameterKey":"Name","ParameterValue":"t1"},)"
            R"({"ParameterKey":"Secret","ParameterValue":"****"}])");
  const json::Array previous{json::Object{{"ParameterKey", "Name"}, {"UsePreviousValue", "true"}}};
  EXPECT_EQ(deploy("UpdateStack", body, {{"Parameters", previous}}).error().message,
            "No updates are to be performed.");
  EXPECT_EQ(deploy("UpdateStack", body).error().message, "Parameters: [Name] must have values");
}

TEST_F(StacksTest, TellsWhatTheParameterStoreHadForAParameter) {
  const std::string body = R"(
Parameters:
  Key: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /name}
  Secret: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /name, NoEcho: true}
  Plain: {Type: String, Default: p}
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: !Ref Key, KeySchema: [], AttributeDefinitions: []}
)";
  const auto store_has = [&](const char* value) {
    world_.answers["ssm:GetParameters"] = {json::Object{
        {"Parameters", json::Array{json::Object{{"Type", "String"}, {"Value", value}}}}}};
  };
  const auto shown = [](const std::string& value) {
    return R"([{"ParameterKey":"Key","ParameterValue":"/name","ResolvedValue":")" + value +
           R"("},{"ParameterKey":"Plain","ParameterValue":"p"},)"
           R"({"ParameterKey":"Secret","ParameterValue":"****","ResolvedValue":"****"}])";
  };
  store_has("t1");
  ASSERT_TRUE(deploy("CreateStack", body));
  EXPECT_EQ(json::dump(stack().at("Parameters")), shown("t1"));

  store_has("t2");
  ASSERT_TRUE(run("CreateChangeSet",
                  {{"StackName", "items"}, {"ChangeSetName", "c"}, {"TemplateBody", body}}));
  const auto set = run("DescribeChangeSet", {{"StackName", "items"}, {"ChangeSetName", "c"}});
  ASSERT_TRUE(set);
  EXPECT_EQ(json::dump(set->at("Parameters")), shown("t2"));
  EXPECT_EQ(json::dump(stack().at("Parameters")), shown("t1")) << "until it is executed";
  world_.fail_at = "dynamodb:CreateTable";
  world_.fail_after = 0;
  ASSERT_TRUE(deploy("UpdateStack", body));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(json::dump(stack().at("Parameters")), shown("t1"));
  ASSERT_TRUE(deploy("UpdateStack", body));
  EXPECT_EQ(json::dump(stack().at("Parameters")), shown("t2"));
}

TEST_F(StacksTest, RefusesASecondStackOfTheName) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  const auto again = deploy("CreateStack", kItems);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "Stack [items] already exists");
  EXPECT_EQ(again.error().aws_type, "AlreadyExistsException");
  call_.region = "us-east-1";
  EXPECT_TRUE(deploy("CreateStack", kItems)) << "regions do not meet";
}

TEST_F(StacksTest, AFaultyTemplateLeavesNoStack) {
  EXPECT_FALSE(deploy("CreateStack", "Resources: {A: {Type: AWS::EC2::Instance}}"));
  EXPECT_FALSE(run("DescribeStacks", {{"StackName", "items"}}));
  EXPECT_TRUE(world_.calls.empty());
  EXPECT_EQ(events().front(), "Stack [items] does not exist");
}

TEST_F(StacksTest, AFullQueueLeavesNoTrace) {
  std::promise<void> gate;
  std::promise<void> running;
  const auto opened = gate.get_future().share();
  ASSERT_TRUE(workers_.post([&running, opened] {
    running.set_value();
    opened.wait();
  }));
  running.get_future().wait();
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(workers_.post([] {}));
  StackRequest request;
  request.name = "items";
  request.template_body = kItems;
  request.capabilities = {"CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"};
  const auto refused = stacks_->create(call_, request);
  EXPECT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kThrottled);
  gate.set_value();
  while (!workers_.post([] {})) std::this_thread::yield();
  EXPECT_FALSE(stacks_->records().load(call_.account, call_.region, "items"));
  EXPECT_TRUE(world_.calls.empty());
}

TEST_F(StacksTest, AStackThatACrashInterruptedIsFailedWhenItsCallerIsNotKept) {
  ASSERT_TRUE(deploy("CreateStack", kItems));
  StackStore records(*store_, clock_, random_);
  for (const auto& [during, after] :
       {std::pair("CREATE_IN_PROGRESS", "CREATE_FAILED"),
        std::pair("ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED"),
        std::pair("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"),
        std::pair("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"),
        std::pair("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"),
        std::pair("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"),
        std::pair("DELETE_IN_PROGRESS", "DELETE_FAILED")}) {
    StackRecord record = records.load(call_.account, call_.region, "items").value();
    record.status = during;
    record.runner.reset();
    ASSERT_TRUE(records.save(record));
    start();
    ASSERT_TRUE(stacks_->recover());
    EXPECT_EQ(status(), after);
  }
  ASSERT_TRUE(run("DeleteStack", {{"StackName", "items"}}));
  EXPECT_TRUE(world_.alive.empty());
}

TEST_F(StacksTest, StoppingEndsADeploymentBetweenResources) {
  stacks_->stop();
  ASSERT_TRUE(deploy("CreateStack", kItems));
  EXPECT_EQ(status(), "CREATE_IN_PROGRESS");
  EXPECT_TRUE(world_.calls.empty());
  start();
  ASSERT_TRUE(stacks_->recover());
  settle();
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
}

}  // namespace
}  // namespace stator::cloudformation
