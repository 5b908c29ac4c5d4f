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
  const std::string layer = "Layer49186544a5";
  EXPECT_EQ(names, (std::vector<std::string>{"Get", "GetApiPermission", "GetRole", "Api", layer,
                                             "ApiApiGatewayDefaultStage"}));

  EXPECT_EQ(at(made, "Get"),
            R"({"Type":"AWS::Lambda::Function","Properties":{"Code":{"S3Bucket":"b","S3Key":"k"},)"
            R"("Handler":"bootstrap","Runtime":"provided.al2023","Layers":[{"Ref":")" +
                layer +
                R"("}],"Tags":[{"Key":"lambda:createdBy","Value":"SAM"}],)"
                R"("Role":{"Fn::GetAtt":["GetRole","Arn"]}}})");
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
      R"(${AWS::Region}:lambda:path/2015-03-31/functions/${Get.Arn}/invocations"}},"responses":{},)"
      R"("parameters":[{"name":"id","in":"path","required":true}]}}},"tags":)"
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
            R"([{"PolicyName":"GetRolePolicy1","PolicyDocument":{"Statement":{"Effect":"Allow",)"
            R"("Action":"dynamodb:GetItem","Resource":"*"}}}])");
}

TEST(SamExpand, KeepsAGivenRoleAndMakesNone) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: {Bucket: b, Key: k}, Runtime: r, Handler: h, Role: arn:aws:iam::1:role/r}
)");
  EXPECT_EQ(made.size(), 1u);
  EXPECT_EQ(made.at("F").at("Properties").at("Role"), json::Value("arn:aws:iam::1:role/r"));
}

TEST(SamExpand, TakesInlineCodeInsteadOfAPackage) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: h, InlineCode: "x = 1", Role: arn:aws:iam::1:role/r}
)");
  EXPECT_EQ(json::dump(made.at("F").at("Properties").at("Code")), R"({"ZipFile":"x = 1"})");
}

TEST(SamExpand, MakesTheImplicitApiOnlyWhenAnEventNeedsIt) {
  const json::Object made = resources_of(R"(
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/k
      Runtime: r
      Handler: h
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
      Runtime: r
      Handler: h
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
      Runtime: r
      Handler: h
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
      Runtime: r
      Handler: h
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

struct Refusal {
  const char* yaml;
  const char* says;
};

void expect_refused(const std::string& yaml, const std::string& says,
                    const std::string& globals = "") {
  const auto expanded = expand_yaml(yaml, globals);
  ASSERT_FALSE(expanded) << yaml << globals;
  EXPECT_EQ(expanded.error().aws_type, "ValidationError");
  EXPECT_NE(expanded.error().message.find(says), std::string::npos) << expanded.error().message;
  EXPECT_NE(expanded.error().detail_json.find("Place"), std::string::npos) << yaml;
}

TEST(SamExpand, NamesWhatItDoesNotSupportInFunctions) {
  for (const Refusal& one : {
           Refusal{"VpcConfigs: {}", "Property VpcConfigs is not supported"},
           Refusal{"CapacityProviderConfig: {}", "CapacityProviderConfig is not supported"},
           Refusal{"DeploymentPreference: {Type: AllAtOnce}", "there is no CodeDeploy"},
           Refusal{"DeadLetterQueue: {Type: SQS}", "requires Type and TargetArn"},
           Refusal{"DeadLetterQueue: {Type: X, TargetArn: a}", "['SQS', 'SNS']"},
           Refusal{"AutoPublishAlias: !GetAtt A.B", "must be a string or a Ref"},
           Refusal{"AutoPublishAlias: '12'", "must contain only alphanumeric"},
           Refusal{"ProvisionedConcurrencyConfig: {}", "AutoPublishAlias must be defined"},
           Refusal{"VersionDeletionPolicy: Retain", "AutoPublishAlias must be defined"},
           Refusal{"AutoPublishAlias: a, AutoPublishCodeSha256: {}", "must be a string"},
           Refusal{"FunctionUrlConfig: {}", "AuthType is required"},
           Refusal{"FunctionUrlConfig: {AuthType: AWS}", "AuthType is required"},
           Refusal{"FunctionUrlConfig: {AuthType: NONE, Cors: {X: 1}}", "X is not a valid"},
           Refusal{"FunctionUrlConfig: {AuthType: NONE, Cors: {MaxAge: x}}", "of type int"},
           Refusal{"EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: X}}}", "'Type: X'"},
           Refusal{"EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Lambda}}}",
                   "Destination is required"},
           Refusal{"EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS, Destination: "
                   "!If [C, a, !Ref AWS::NoValue]}}}",
                   "under a condition is not supported"},
           Refusal{"Policies: [{NoSuchPolicy: {}}]", "index 0 in the 'Policies' property is not"},
           Refusal{"Policies: [{SQSPollerPolicy: {}}]", "don't have values: ['QueueName']"},
           Refusal{"Policies: [{SQSPollerPolicy: 7}]", "valid parameter values"},
           Refusal{"Tags: [a]", "'Tags' should be a map"},
           Refusal{"Tags: {'lambda:createdBy': me}", "reserved Tag key"},
           Refusal{"Events: [a]", "'Events' should be a map"},
           Refusal{"Events: {E: {Type: SQS}}", "[E] is invalid. Event type 'SQS' is not supported"},
           Refusal{"Events: {E: 7}", "Event is not an object"},
           Refusal{"Events: {E: {Type: DynamoDB}}", "Properties is not a map"},
           Refusal{"Events: {E: {Type: DynamoDB, Properties: {StartingPosition: LATEST}}}",
                   "Missing required property 'Stream'"},
           Refusal{"Events: {E: {Type: DynamoDB, Properties: {Stream: s, Queues: []}}}",
                   "Property 'Queues' is not supported"},
           Refusal{"Events: {E: {Type: DynamoDB, Properties: {Stream: s, StartingPosition: l, "
                   "DestinationConfig: {OnFailure: {Type: X}}}}}",
                   "The only valid values for 'Type'"},
           Refusal{"Events: {E: {Type: HttpApi, Properties: {Path: /, Method: get, Stage: x}}}",
                   "Property Stage is not supported"},
           Refusal{"Events: {E: {Type: HttpApi, Properties: {Path: /}}}", "missing key 'Method'"},
           Refusal{"Events: {E: {Type: HttpApi, Properties: {Path: {}, Method: get}}}",
                   "'Path' should be a string"},
           Refusal{"Events: {E: {Type: HttpApi, Properties: {ApiId: X, Path: /, Method: get}}}",
                   "ApiId must be a valid reference"},
           Refusal{"Events: {E: {Type: HttpApi, Properties: {Path: /, Method: get}}, F: {Type: "
                   "HttpApi, Properties: {Path: /, Method: GET}}}",
                   "defined multiple times for path '/'"},
       }) {
    expect_refused(
        "  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Runtime: r, "
        "Handler: h, " +
            std::string(one.yaml) + "}}\n",
        one.says);
  }
}

TEST(SamExpand, NamesWhatItDoesNotSupportElsewhere) {
  for (const Refusal& one : {
           Refusal{"Api}", "AWS::Serverless::Api is not supported"},
           Refusal{"StateMachine}", "AWS::Serverless::StateMachine is not supported"},
           Refusal{"Application}", "AWS::Serverless::Application is not supported"},
           Refusal{"Function, Properties: {}}", "'InlineCode' or 'CodeUri'"},
           Refusal{"Function, Properties: {CodeUri: s3://b/k}}", "Runtime and Handler"},
           Refusal{"Function, Properties: {CodeUri: here}}", "'CodeUri' is not a valid S3 Uri"},
           Refusal{"Function, Properties: {CodeUri: {Bucket: b}}}", "requires Bucket and Key"},
           Refusal{"Function, Properties: {CodeUri: 7}}", "type dict or string"},
           Refusal{"Function, Properties: {PackageType: Image}}", "'ImageUri' must be set"},
           Refusal{"Function, Properties: {PackageType: Jar}}", "invalid 'PackageType' : Jar"},
           Refusal{"Function, Properties: 5}", "must be an object"},
           Refusal{"Function, IgnoreGlobals: 7}", "invalid resource attribute 'IgnoreGlobals'"},
           Refusal{"Function, IgnoreGlobals: [Role]}", "on item '\"Role\"'"},
           Refusal{"LayerVersion}", "Missing required property 'ContentUri'"},
           Refusal{"LayerVersion, Properties: {ContentUri: s3://b/k, RetentionPolicy: x}}",
                   "'RetentionPolicy' must be one of"},
           Refusal{"LayerVersion, Properties: {ContentUri: s3://b/k, CompatibleArchitectures: "
                   "[z80]}}",
                   "'x86_64' or 'arm64'"},
           Refusal{"SimpleTable, Properties: {PrimaryKey: {Name: a}}}", "'PrimaryKey.Type'"},
           Refusal{"SimpleTable, Properties: {PrimaryKey: {Name: a, Type: X}}}", "Invalid 'Type'"},
           Refusal{"HttpApi, Properties: {DefinitionUri: here}}", "not a valid S3 Uri"},
           Refusal{"HttpApi, Properties: {DefinitionUri: s3://b/k, Tags: {a: b}}}",
                   "Tags works only with inline OpenApi"},
           Refusal{"HttpApi, Properties: {DefinitionUri: s3://b/k, DefinitionBody: {}}}",
                   "and not both"},
           Refusal{"HttpApi, Connectors: 7}", "'Connectors' should be a map"},
           Refusal{"HttpApi, Connectors: {C: {}}}", "Connectors.C.Properties should be a map"},
           Refusal{"Connector}", "Missing required property 'Source'"},
           Refusal{"Connector, Properties: {Source: {Id: A}, Destination: {Id: B}, Permissions: "
                   "[Read]}}",
                   "Unable to find resource with logical ID 'B'"},
           Refusal{"Connector, Properties: {Source: {Type: AWS::Lambda::Function}, Destination: "
                   "{Type: AWS::SQS::Queue}, Permissions: [Read]}}",
                   "connector from AWS::Lambda::Function to AWS::SQS::Queue"},
           Refusal{"Connector, Properties: {Source: {Type: AWS::Lambda::Function}, Destination: "
                   "{Type: AWS::DynamoDB::Table}, Permissions: [Own]}}",
                   "valid values are: Read, Write."},
           Refusal{"Connector, Properties: {Source: {Type: AWS::Lambda::Function}, Destination: "
                   "{Type: AWS::DynamoDB::Table}, Permissions: []}}",
                   "'Permissions' cannot be empty"},
           Refusal{"Connector, Properties: {Source: {Type: AWS::Lambda::Function}, Destination: "
                   "{Type: AWS::DynamoDB::Table}, Permissions: [Read]}}",
                   "Unable to get IAM role name from 'Source'"},
           Refusal{"Connector, Properties: {Source: {}, Destination: {Id: A, Type: x}, "
                   "Permissions: [Read]}}",
                   "Must provide 'Id'"},
       }) {
    expect_refused("  A: {Type: AWS::Serverless::" + std::string(one.yaml) + "\n", one.says,
                   "Globals: {Function: {Timeout: 1}}\n");
  }
  const std::string function =
      "  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Runtime: r, Handler: "
      "h}}\n";
  expect_refused(function + "  ARole: {Type: T}\n", "id [ARole] is invalid. A resource with that");
  expect_refused("  ARole: {Type: T}\n" + function, "id [ARole] is invalid. A resource with that");
  expect_refused("  ARole: {Type: AWS::Serverless::HttpApi}\n" + function, "id [ARole]");
  const std::string other = "  A: {Type: T}\n";
  expect_refused(other, "'Api' is not a supported section", "Globals: {Api: {}}\n");
  expect_refused(other, "'Role' is not a supported property", "Globals: {Function: {Role: r}}\n");
  expect_refused(other, "must be a dictionary", "Globals: {Function: 7}\n");
  expect_refused(other, "It must be a non-empty dictionary", "Globals: 7\n");
}

}  // namespace
}  // namespace stator::cloudformation::sam
