#include "cloudformation/resources/lambda.hpp"

#include "cloudformation/resources/test_types.hpp"

namespace stator::cloudformation::resources {
namespace {

class LambdaTypes : public TypeLab {
 protected:
  LambdaTypes() {
    answer("lambda:CreateFunction", R"({"FunctionArn":"arn:f"})");
    answer("lambda:PublishVersion",
           R"({"Version":"2","FunctionArn":"arn:aws:lambda:r:1:function:f:2"})");
    answer("lambda:ListVersionsByFunction", R"({"Versions":[{"Version":"1"}]})");
    answer("lambda:CreateAlias", R"({"AliasArn":"arn:aws:lambda:r:1:function:f:live"})");
    answer("lambda:GetProvisionedConcurrencyConfig",
           R"({"Status":"READY","RequestedProvisionedConcurrentExecutions":3})");
    answer("lambda:CreateFunctionUrlConfig",
           R"({"FunctionUrl":"http://u/","FunctionArn":"arn:aws:lambda:r:1:function:f"})");
  }
};

constexpr const char* kFunction =
    R"({"Code":{"S3Bucket":"b","S3Key":"k"},"Role":"r","Runtime":"provided.al2023","Handler":"h",)"
    R"("MemorySize":256,"ReservedConcurrentExecutions":5,"Tags":[{"Key":"a","Value":"1"}]})";

TEST_F(LambdaTypes, FunctionHasItsSettingsAndTheStacksTags) {
  stack_tags_ = {json::Object{{"Key", "team"}, {"Value", "blue"}}};
  ASSERT_EQ(create("AWS::Lambda::Function", kFunction), "");
  EXPECT_EQ(world_.listed(),
            "lambda:CreateFunction lambda:GetFunction lambda:PutFunctionConcurrency ");
  EXPECT_NE(input("lambda:CreateFunction").find(R"("Tags":{"team":"blue","a":"1"})"),
            std::string::npos);
  EXPECT_NE(input("lambda:PutFunctionConcurrency").find(R"("ReservedConcurrentExecutions":5)"),
            std::string::npos);
  EXPECT_EQ(attribute("SnapStartResponse.ApplyOn"), "None");
}

TEST_F(LambdaTypes, FunctionGoesBackToDefaults) {
  ASSERT_EQ(create("AWS::Lambda::Function", kFunction), "");
  ASSERT_EQ(
      update(R"({"Code":{"S3Bucket":"b","S3Key":"k2"},"Role":"r","Runtime":"provided.al2023",)"
             R"("Handler":"h","RecursiveLoop":"Allow","Tags":[{"Key":"b","Value":"1"}]})"),
      "");
  EXPECT_EQ(world_.listed(),
            "lambda:UpdateFunctionConfiguration lambda:GetFunction lambda:UpdateFunctionCode "
            "lambda:GetFunction lambda:DeleteFunctionConcurrency lambda:PutFunctionRecursionConfig "
            "lambda:UntagResource lambda:TagResource ");
  EXPECT_NE(input("lambda:UpdateFunctionConfiguration").find(R"("MemorySize":128)"),
            std::string::npos);
  EXPECT_EQ(input("lambda:UntagResource"), R"({"Resource":"arn:f","TagKeys":["a"]})");
  EXPECT_EQ(input("lambda:TagResource"), R"({"Resource":"arn:f","Tags":{"b":"1"}})");
}

TEST_F(LambdaTypes, FunctionsTagsFollowTheStacks) {
  stack_tags_ = {json::Object{{"Key", "team"}, {"Value", "blue"}}};
  ASSERT_EQ(create("AWS::Lambda::Function", kFunction), "");
  stack_tags_before_ = stack_tags_;
  stack_tags_ = {json::Object{{"Key", "team"}, {"Value", "red"}}};
  ASSERT_EQ(update(kFunction), "");
  EXPECT_EQ(world_.listed(), "lambda:TagResource ");
  EXPECT_EQ(input("lambda:TagResource"), R"({"Resource":"arn:f","Tags":{"team":"red"}})");
}

TEST_F(LambdaTypes, FunctionIsReadAsTheTemplateWritesIt) {
  ASSERT_EQ(
      create("AWS::Lambda::Function",
             R"({"Code":{"S3Bucket":"b","S3Key":"k"},"Role":"r","Timeout":"3","Description":"d",)"
             R"("Layers":["l1"],"Environment":{"Variables":{"A":"1"}}})"),
      "");
  answer("lambda:GetFunction",
         R"({"Configuration":{"Role":"other","Timeout":3,"Layers":[{"Arn":"l1","CodeSize":1}],)"
         R"("Environment":{"Variables":{"A":"1","B":"2"}}}})");
  EXPECT_EQ(read(), R"({"Role":"other","Description":null,"Timeout":"3",)"
                    R"("Environment":{"Variables":{"A":"1","B":"2"}},"Layers":["l1"]})");
  nothing_at("lambda:GetFunction");
  EXPECT_EQ(read(), "nothing at lambda:GetFunction");
}

TEST_F(LambdaTypes, InlineCodeBringsTheResponseModule) {
  const auto python = lambda::inline_code("python3.12", "pass");
  const auto node = lambda::inline_code("nodejs20.x", "exports.x = 1");
  ASSERT_TRUE(python && node);
  EXPECT_FALSE(lambda::inline_code("provided.al2023", "x"));
  EXPECT_FALSE(lambda::inline_code("python3.12", json::Value(1)));
}

TEST_F(LambdaTypes, VersionIsPublishedOnce) {
  ASSERT_EQ(create("AWS::Lambda::Version", R"({"FunctionName":"f","ProvisionedConcurrencyConfig":)"
                                           R"({"ProvisionedConcurrentExecutions":3}})"),
            "");
  EXPECT_EQ(existing_->physical_id, "arn:aws:lambda:r:1:function:f:2");
  EXPECT_EQ(attribute("Version"), "2");
  EXPECT_EQ(input("lambda:PutProvisionedConcurrencyConfig"),
            R"({"FunctionName":"arn:aws:lambda:r:1:function:f","Qualifier":"2",)"
            R"("ProvisionedConcurrentExecutions":3})");
  EXPECT_EQ(remove(), "");
  EXPECT_EQ(input("lambda:DeleteFunction"),
            R"({"FunctionName":"arn:aws:lambda:r:1:function:f","Qualifier":"2"})");
}

TEST_F(LambdaTypes, VersionThatExistsIsAnothers) {
  world_.answers["lambda:ListVersionsByFunction"] = {
      object(R"({"Versions":[{"Version":"1"}],"NextMarker":"m"})"),
      object(R"({"Versions":[{"Version":"2"}]})")};
  EXPECT_EQ(create("AWS::Lambda::Version", R"({"FunctionName":"f"})"),
            "A version for this Lambda function exists ( 2 ). Modify the function to create a new "
            "version.");
  EXPECT_FALSE(existing_) << "rolling back must not remove it";
}

TEST_F(LambdaTypes, AliasRoutesByWeight) {
  const char* const kRouting =
      R"({"FunctionName":"f","Name":"live","FunctionVersion":"2","RoutingConfig":)"
      R"({"AdditionalVersionWeights":[{"FunctionVersion":"1","FunctionWeight":"0.25"}]}})";
  ASSERT_EQ(create("AWS::Lambda::Alias", kRouting), "");
  EXPECT_NE(input("lambda:CreateAlias").find(R"("AdditionalVersionWeights":{"1":2.5E-1})"),
            std::string::npos);
  answer("lambda:GetAlias", R"({"Name":"live","FunctionVersion":"2",)"
                            R"("RoutingConfig":{"AdditionalVersionWeights":{"1":0.25}}})");
  EXPECT_NE(read().find(R"("FunctionVersion":"1")"), std::string::npos);
  ASSERT_EQ(update(R"({"FunctionName":"f","Name":"live","FunctionVersion":"2"})"), "");
  EXPECT_EQ(input("lambda:UpdateAlias"),
            R"({"FunctionName":"f","Name":"live","FunctionVersion":"2",)"
            R"("RoutingConfig":{"AdditionalVersionWeights":{}},"Description":""})");
  EXPECT_EQ(remove(), "");
  EXPECT_EQ(input("lambda:DeleteAlias"),
            R"({"FunctionName":"arn:aws:lambda:r:1:function:f","Name":"live"})");
}

TEST_F(LambdaTypes, UrlLosesItsCors) {
  ASSERT_EQ(create("AWS::Lambda::Url",
                   R"({"TargetFunctionArn":"f","AuthType":"NONE","Cors":{"AllowOrigins":["*"]}})"),
            "");
  EXPECT_EQ(attribute("FunctionUrl"), "http://u/");
  ASSERT_EQ(update(R"({"TargetFunctionArn":"f","AuthType":"AWS_IAM"})"), "");
  EXPECT_EQ(input("lambda:UpdateFunctionUrlConfig"),
            R"({"FunctionName":"f","AuthType":"AWS_IAM","Cors":{},"InvokeMode":"BUFFERED"})");
  EXPECT_EQ(remove(), "");
  EXPECT_EQ(input("lambda:DeleteFunctionUrlConfig"), R"({"FunctionName":"f"})");
}

TEST_F(LambdaTypes, EventInvokeConfigOfAnotherIsLeftAlone) {
  const char* const kConfig =
      R"({"FunctionName":"f","Qualifier":"$LATEST","MaximumRetryAttempts":"1"})";
  EXPECT_EQ(create("AWS::Lambda::EventInvokeConfig", kConfig),
            "EventInvokeConfig of f:$LATEST already exists.");
  EXPECT_FALSE(existing_);
  nothing_at("lambda:GetFunctionEventInvokeConfig");
  ASSERT_EQ(create("AWS::Lambda::EventInvokeConfig", kConfig), "");
  EXPECT_EQ(existing_->physical_id, "f|$LATEST");
  answer("lambda:GetFunctionEventInvokeConfig", R"({"MaximumRetryAttempts":1})");
  EXPECT_EQ(read(), R"({"MaximumRetryAttempts":"1"})");
}

TEST_F(LambdaTypes, PermissionIsReadFromThePolicy) {
  ASSERT_EQ(
      create("AWS::Lambda::Permission",
             R"({"FunctionName":"f","Action":"lambda:InvokeFunction","Principal":"123456789012",)"
             R"("SourceArn":"arn:x"})"),
      "");
  const std::string sid = existing_->physical_id;
  answer("lambda:GetPolicy",
         json::dump(json::Object{
             {"Policy", R"({"Statement":[{"Sid":")" + sid +
                            R"(","Action":"lambda:InvokeFunction","Principal":)"
                            R"({"AWS":"arn:aws:iam::123456789012:root"},)"
                            R"("Condition":{"ArnLike":{"AWS:SourceArn":"arn:y"}}}]})"}}));
  EXPECT_EQ(read(),
            R"({"Action":"lambda:InvokeFunction","Principal":"123456789012","SourceArn":"arn:y"})");
  answer("lambda:GetPolicy", R"({"Policy":"{\"Statement\":[]}"})");
  EXPECT_EQ(read(), "The policy has no statement " + sid);
}

TEST_F(LambdaTypes, LayerPermissionNamesTheVersion) {
  ASSERT_EQ(
      create("AWS::Lambda::LayerVersionPermission",
             R"({"LayerVersionArn":"arn:aws:lambda:r:1:layer:l:7","Action":"a","Principal":"*"})"),
      "");
  EXPECT_NE(input("lambda:AddLayerVersionPermission")
                .find(R"("LayerName":"arn:aws:lambda:r:1:layer:l","VersionNumber":"7")"),
            std::string::npos);
  EXPECT_EQ(remove(), "");
  EXPECT_EQ(world_.listed(), "lambda:RemoveLayerVersionPermission ");
}

}  // namespace
}  // namespace stator::cloudformation::resources
