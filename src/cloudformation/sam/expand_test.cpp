#include "cloudformation/sam/expand.hpp"

#include <gtest/gtest.h>

#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation::sam {
namespace {

Result<json::Object> expand_yaml(const std::string& resources, const std::string& globals = "") {
  const auto loaded = load_template("Transform: AWS::Serverless-2016-10-31\n" + globals +
                                    "Resources:\n" + resources);
  if (!loaded) return loaded.error();
  return expand(*loaded);
}

json::Object resources_of(const std::string& yaml, const std::string& globals = "") {
  const auto expanded = expand_yaml(yaml, globals);
  EXPECT_TRUE(expanded) << (expanded ? "" : expanded.error().message);
  return expanded ? expanded->at("Resources").get_object() : json::Object{};
}

std::string at(const json::Object& resources, const char* id) {
  const json::Value* found = resources.if_contains(id);
  return found == nullptr ? "absent" : json::dump(*found);
}

constexpr const char* kFunction = R"(
  Get:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/k
      Runtime: provided.al2023
      Handler: bootstrap
      Layers: [!Ref Layer]
      Policies:
        - AmazonDynamoDBReadOnlyAccess
        - Statement: {Effect: Allow, Action: dynamodb:GetItem, Resource: '*'}
      Events:
        Api: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: '/items/{id}', Method: get}}
  Api: {Type: AWS::Serverless::HttpApi}
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: s3://b/layer}
)";

TEST(SamExpand, LeavesPlainTemplatesAlone) {
  const json::Object plain = *load_template("Resources: {A: {Type: AWS::Serverless::Function}}");
  EXPECT_EQ(json::dump(*expand(plain)), json::dump(plain));
}

TEST(SamExpand, MakesTheResourcesOfAFunctionUnderTheTranslatorsNames) {
  const json::Object made = resources_of(kFunction);
  std::vector<std::string> names;
  for (const auto& member : made) names.emplace_back(member.key());
  ASSERT_EQ(names.size(), 6u);
  const std::string layer = names[4];
  EXPECT_EQ(names, (std::vector<std::string>{"Get", "GetRole", "GetApiPermission", "Api", layer,
                                             "ApiApiGatewayDefaultStage"}));
  EXPECT_EQ(layer.substr(0, 5), "Layer");
  EXPECT_EQ(layer.size(), 15u);

  EXPECT_EQ(at(made, "Get"),
            R"({"Type":"AWS::Lambda::Function","Properties":{"Code":{"S3Bucket":"b","S3Key":"k"},)"
            R"("Handler":"bootstrap","Runtime":"provided.al2023","Layers":[{"Ref":")" +
                layer +
                R"("}],"Role":{"Fn::GetAtt":["GetRole","Arn"]},)"
                R"("Tags":[{"Key":"lambda:createdBy","Value":"SAM"}]}})");
  EXPECT_EQ(
      at(made, "GetApiPermission"),
      R"({"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction",)"
      R"("FunctionName":{"Ref":"Get"},"Principal":"apigateway.amazonaws.com","SourceArn":)"
      R"({"Fn::Sub":["arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:)"
      R"(${__ApiId__}/${__Stage__}/GET/items/*",{"__ApiId__":{"Ref":"Api"},"__Stage__":"*"}]}}})");
  EXPECT_EQ(
      at(made, "Api"),
      R"({"Type":"AWS::ApiGatewayV2::Api","Properties":{"Body":{"openapi":"3.0.1","info":)"
      R"({"version":"1.0","title":{"Ref":"AWS::StackName"}},"paths":{"/items/{id}":{"get":)"
      R"({"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST",)"
      R"("payloadFormatVersion":"2.0","uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:)"
      R"(${AWS::Region}:lambda:path/2015-03-31/functions/${Get.Arn}/invocations"}},"parameters":)"
      R"([{"name":"id","in":"path","required":true}],"responses":{}}}},"tags":)"
      R"([{"name":"httpapi:createdBy","x-amazon-apigateway-tag-value":"SAM"}]}}})");
  EXPECT_EQ(at(made, "ApiApiGatewayDefaultStage"),
            R"({"Type":"AWS::ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Api"},)"
            R"("StageName":"$default","AutoDeploy":true,"Tags":{"httpapi:createdBy":"SAM"}}})");
  EXPECT_EQ(made.at(layer).at("DeletionPolicy"), json::Value("Retain"));
}

TEST(SamExpand, GivesEachFunctionARoleOfItsOwn) {
  const json::Object made = resources_of(kFunction);
  const json::Object& role = made.at("GetRole").at("Properties").get_object();
  EXPECT_EQ(json::dump(role.at("ManagedPolicyArns")),
            R"(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",)"
            R"("arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"])");
  EXPECT_EQ(json::dump(role.at("Policies")),
            R"([{"PolicyName":"GetRolePolicy1","PolicyDocument":{"Statement":[{"Effect":"Allow",)"
            R"("Action":"dynamodb:GetItem","Resource":"*"}],"Version":"2012-10-17"}}])");
}

TEST(SamExpand, KeepsAGivenRoleAndMakesNone) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: {Bucket: b, Key: k}, Role: arn:aws:iam::1:role/r}
)");
  EXPECT_EQ(made.size(), 1u);
  EXPECT_EQ(made.at("F").at("Properties").at("Role"), json::Value("arn:aws:iam::1:role/r"));
}

TEST(SamExpand, TakesInlineCodeInsteadOfAPackage) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, InlineCode: "x = 1", Role: arn:aws:iam::1:role/r}
)");
  EXPECT_EQ(json::dump(made.at("F").at("Properties").at("Code")), R"({"ZipFile":"x = 1"})");
}

TEST(SamExpand, MakesTheImplicitApiOnlyWhenAnEventNeedsIt) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/k
      Events: {Any: {Type: HttpApi}}
)");
  EXPECT_NE(at(made, "ServerlessHttpApi"), "absent");
  EXPECT_NE(at(made, "ServerlessHttpApiApiGatewayDefaultStage"), "absent");
  const json::Value& paths = made.at("ServerlessHttpApi").at("Properties").at("Body").at("paths");
  EXPECT_EQ(paths.at("$default").at("x-amazon-apigateway-any-method").at("isDefaultRoute"),
            json::Value(true));
  EXPECT_NE(at(made, "FAnyPermission").find("${__ApiId__}/${__Stage__}/*\""), std::string::npos);
}

TEST(SamExpand, AStreamOfATableBecomesAMappingThatTheRoleMayRead) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/k
      Events:
        Changes:
          Type: DynamoDB
          Properties: {Stream: arn, StartingPosition: LATEST, BatchSize: 7}
)");
  EXPECT_EQ(at(made, "FChanges"),
            R"({"Type":"AWS::Lambda::EventSourceMapping","Properties":{"FunctionName":{"Ref":"F"},)"
            R"("EventSourceArn":"arn","StartingPosition":"LATEST","BatchSize":7}})");
  EXPECT_EQ(json::dump(made.at("FRole").at("Properties").at("ManagedPolicyArns")),
            R"(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",)"
            R"("arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"])");
}

TEST(SamExpand, MergesGlobalsUnderTheFunctionsOwnValues) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/k
      Timeout: 9
      Environment: {Variables: {B: own}}
)",
                                         R"(
Globals:
  Function:
    Timeout: 5
    MemorySize: 256
    LoggingConfig: {LogFormat: JSON}
    Environment: {Variables: {A: global, B: global}}
)");
  const json::Value& properties = made.at("F").at("Properties");
  EXPECT_EQ(properties.at("Timeout"), json::Value(9));
  EXPECT_EQ(properties.at("MemorySize"), json::Value(256));
  EXPECT_EQ(json::dump(properties.at("LoggingConfig")), R"({"LogFormat":"JSON"})");
  EXPECT_EQ(json::dump(properties.at("Environment")), R"({"Variables":{"A":"global","B":"own"}})");
}

TEST(SamExpand, ExpandsPolicyTemplatesAndSimpleTables) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/k
      Policies: [DynamoDBReadPolicy: {TableName: !Ref T}]
  T: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: n, Type: Number}}}
)");
  const std::string role = at(made, "FRole");
  EXPECT_NE(role.find(R"("dynamodb:GetItem","dynamodb:Scan","dynamodb:Query")"), std::string::npos);
  EXPECT_NE(role.find(R"({"tableName":{"Ref":"T"}})"), std::string::npos);
  EXPECT_EQ(role.find("PutItem"), std::string::npos);
  EXPECT_NE(at(made, "T").find(R"("KeySchema":[{"AttributeName":"n","KeyType":"HASH"}])"),
            std::string::npos);
}

TEST(SamExpand, ALayersIdFollowsItsContent) {
  const auto id = [](const std::string& uri) {
    const json::Object made = resources_of(
        "  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: " + uri + "}}\n");
    return std::string(made.begin()->key());
  };
  EXPECT_EQ(id("s3://b/1"), id("s3://b/1"));
  EXPECT_NE(id("s3://b/1"), id("s3://b/2"));
}

TEST(SamExpand, PointsSubsAtTheRenamedLayer) {
  const auto expanded = expand(*load_template(R"(
Transform: AWS::Serverless-2016-10-31
Resources:
  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: s3://b/k}}
Outputs:
  A: {Value: !Sub 'x ${L} ${AWS::Region} ${Lx}'}
)"));
  ASSERT_TRUE(expanded);
  const std::string id(expanded->at("Resources").get_object().begin()->key());
  EXPECT_EQ(json::dump(expanded->at("Outputs")),
            R"({"A":{"Value":{"Fn::Sub":"x ${)" + id + R"(} ${AWS::Region} ${Lx}"}}})");
}

TEST(SamExpand, NamesWhatItDoesNotSupport) {
  struct Case {
    const char* yaml;
    const char* says;
  };
  for (const Case& c : {
           Case{"  A: {Type: AWS::Serverless::Api}\n", "AWS::Serverless::Api is not supported"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Tracing: "
                "x}}\n",
                "Resource with id [A] is invalid. Property Tracing is not supported"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {}}\n", "property 'CodeUri'"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: here}}\n",
                "'CodeUri' is not a valid S3 Uri"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Events: "
                "{E: {Type: SQS}}}}\n",
                "Event with id [E] is invalid. Event type 'SQS' is not supported"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Events: "
                "{E: {Type: DynamoDB, Properties: {StartingPosition: LATEST}}}}}\n",
                "Missing required property 'Stream'"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Events: "
                "{E: {Type: DynamoDB, Properties: {Stream: s, Queues: []}}}}}\n",
                "Property 'Queues' is not supported"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Events: "
                "{E: {Type: HttpApi, Properties: {Path: /, Method: get, Stage: x}}}}}\n",
                "Property Stage is not supported"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Policies: "
                "[{SQSPollerPolicy: {}}]}}\n",
                "Policy template 'SQSPollerPolicy' is not supported"},
           Case{"  A: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionUri: s3://b/k}}\n",
                "Property DefinitionUri is not supported"},
           Case{"  A: {Type: AWS::Serverless::Function, Properties: 5}\n", "not an object"},
       }) {
    const auto expanded = expand_yaml(c.yaml);
    ASSERT_FALSE(expanded) << c.yaml;
    EXPECT_EQ(expanded.error().aws_type, "ValidationError");
    EXPECT_NE(expanded.error().message.find(c.says), std::string::npos) << expanded.error().message;
  }
  EXPECT_FALSE(expand_yaml("  A: {Type: T}\n", "Globals: {Api: {}}\n"));
  EXPECT_FALSE(expand_yaml("  A: {Type: T}\n", "Globals: {Function: {Tracing: Active}}\n"));
}

}  // namespace
}  // namespace stator::cloudformation::sam
