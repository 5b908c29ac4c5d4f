#include "cloudformation/sam/http_api.hpp"

#include <gtest/gtest.h>

#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr const char* kTransformLine = "Transform: AWS::Serverless-2016-10-31\n";

Result<json::Object> expand_text(const std::string& text) {
  const auto loaded = load_template(kTransformLine + text);
  if (!loaded) return loaded.error();
  return expand(*loaded);
}

json::Object made(const std::string& text) {
  const auto expanded = expand_text(text);
  EXPECT_TRUE(expanded) << (expanded ? "" : expanded.error().message);
  return expanded ? expanded->at("Resources").get_object() : json::Object{};
}

/// A template with an HttpApi of these properties and a function with these events.
std::string with(const std::string& api, const std::string& events) {
  return "Resources:\n  Api:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n" + api +
         "  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: s3://b/k\n    "
         "  Runtime: r\n      Handler: h\n"
         "      Events:\n" +
         events;
}

std::string event(const std::string& id, const std::string& properties) {
  return "        " + id + ": {Type: HttpApi, Properties: {ApiId: !Ref Api, " + properties + "}}\n";
}

const json::Value& body(const json::Object& resources) {
  return resources.at("Api").at("Properties").at("Body");
}

constexpr const char* kAuth = R"(
        Auth:
          EnableIamAuthorizer: true
          DefaultAuthorizer: J
          Authorizers:
            J:
              AuthorizationScopes: [s1]
              JwtConfiguration: {Issuer: 'https://i', audience: [a]}
              IdentitySource: $request.header.Authorization
            L:
              FunctionArn: !GetAtt F.Arn
              FunctionInvokeRole: arn:aws:iam::1:role/x
              AuthorizerPayloadFormatVersion: '2.0'
              EnableSimpleResponses: true
              EnableFunctionDefaultPermissions: true
              Identity:
                {Headers: [H], QueryStrings: [Q], StageVariables: [S], Context: [C],
                 ReauthorizeEvery: 30}
)";

// What the translator of AWS makes of the same template.
TEST(SamHttpApi, AuthorizersBecomeSecuritySchemes) {
  const json::Object resources = made(with(kAuth, event("A", "Path: /a, Method: get")));
  EXPECT_EQ(
      json::dump(body(resources).at("components")),
      R"({"securitySchemes":{"AWS_IAM":{"type":"apiKey","name":"Authorization","in":"header",)"
      R"("x-amazon-apigateway-authtype":"awsSigv4"},"J":{"type":"oauth2",)"
      R"("x-amazon-apigateway-authorizer":{"jwtConfiguration":{"issuer":"https://i","audience":)"
      R"(["a"]},"identitySource":"$request.header.Authorization","type":"jwt"}},"L":{"type":)"
      R"("apiKey","name":"Unused","in":"header","x-amazon-apigateway-authorizer":{"type":)"
      R"("request","authorizerUri":{"Fn::Sub":["arn:aws:apigateway:${AWS::Region}:)"
      R"(lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations",{"__FunctionArn__":)"
      R"({"Fn::GetAtt":["F","Arn"]}}]},"authorizerCredentials":"arn:aws:iam::1:role/x",)"
      R"("authorizerResultTtlInSeconds":30,"identitySource":["$request.header.H",)"
      R"("$request.querystring.Q","$stageVariables.S","$context.C"],)"
      R"("authorizerPayloadFormatVersion":"2.0","enableSimpleResponses":true}}}})");
  EXPECT_EQ(json::dump(resources.at("ApiLAuthorizerPermission").at("Properties").at("SourceArn")),
            R"({"Fn::Sub":["arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:)"
            R"(${__ApiId__}/authorizers/*",{"__ApiId__":{"Ref":"Api"}}]})");
}

TEST(SamHttpApi, EventsChooseAmongAuthorizers) {
  const json::Object resources =
      made(with(kAuth, event("A", "Path: /a, Method: get") +
                           event("B",
                                 "Path: /a, Method: put, Auth: "
                                 "{Authorizer: NONE}") +
                           event("C", "Path: /a, Method: post, Auth: {Authorizer: AWS_IAM}") +
                           event("D", "Path: /a, Method: patch, Auth: {AuthorizationScopes: [x]}") +
                           event("E", "Path: /a, Method: delete, Auth: {Authorizer: L}") +
                           event("G", "Path: /a, Method: options")));
  std::string text;
  for (const auto& operation : body(resources).at("paths").at("/a").get_object()) {
    const json::Value* security = json::find(operation.value().get_object(), "security");
    text += std::string(operation.key()) + " " +
            (security == nullptr ? "open" : json::dump(*security)) + "\n";
  }
  EXPECT_EQ(text,
            "get [{\"J\":[\"s1\"]}]\nput [{\"NONE\":[]}]\npost [{\"AWS_IAM\":[]}]\n"
            "patch [{\"J\":[\"x\"]}]\ndelete [{\"L\":[]}]\noptions open\n");
}

TEST(SamHttpApi, PropertiesGoIntoTheDocumentAndTheStage) {
  const json::Object resources = made(with(
      R"(
      StageName: prod
      Name: nm
      Description: ds
      DisableExecuteApiEndpoint: true
      FailOnWarnings: true
      StageVariables: {a: b}
      Tags: {team: a}
      CorsConfiguration: {AllowOrigins: ['https://a'], MaxAge: 5, AllowCredentials: true}
      DefaultRouteSettings: {ThrottlingBurstLimit: 5}
      RouteSettings: {'GET /x': {ThrottlingBurstLimit: 6}}
      AccessLogSettings: {DestinationArn: arn, Format: $context.requestId}
)",
      event("A",
            "Path: '/a/{p+}', Method: any, TimeoutInMillis: 500, PayloadFormatVersion: '1.0', "
            "RouteSettings: {ThrottlingRateLimit: 3}") +
          "        B: {Type: HttpApi, Properties: {ApiId: !Ref Api}}\n"));
  const json::Value& document = body(resources);
  EXPECT_EQ(json::dump(document.at("info")),
            R"({"version":"1.0","title":"nm","description":"ds"})");
  EXPECT_EQ(json::dump(document.at("x-amazon-apigateway-cors")),
            R"({"allowOrigins":["https://a"],"maxAge":5,"allowCredentials":true})");
  EXPECT_EQ(json::dump(document.at("servers")), R"([{"x-amazon-apigateway-endpoint-configuration":)"
                                                R"({"disableExecuteApiEndpoint":true}}])");
  const json::Object& paths = document.at("paths").get_object();
  EXPECT_TRUE(paths.contains("/$default"));
  EXPECT_EQ(json::dump(paths.at("/a/{p+}")
                           .at("x-amazon-apigateway-any-method")
                           .at("x-amazon-apigateway-integration")
                           .at("timeoutInMillis")),
            "500");
  EXPECT_EQ(json::dump(resources.at("ApiprodStage").at("Properties")),
            R"({"ApiId":{"Ref":"Api"},"StageName":"prod","AccessLogSettings":{"DestinationArn":)"
            R"("arn","Format":"$context.requestId"},"DefaultRouteSettings":)"
            R"({"ThrottlingBurstLimit":5},"StageVariables":{"a":"b"},"RouteSettings":{"GET /x":)"
            R"({"ThrottlingBurstLimit":6},"ANY /a/{p+}":{"ThrottlingRateLimit":3}},)"
            R"("AutoDeploy":true,"Tags":{"team":"a","httpapi:createdBy":"SAM"}})");
  EXPECT_EQ(json::dump(resources.at("Api").at("Properties").at("FailOnWarnings")), "true");
}

TEST(SamHttpApi, AddsToADocumentOfOnesOwn) {
  const json::Object resources = made(with(
      R"(
      DefinitionBody:
        openapi: 3.0.1
        info: {title: mine, version: '7'}
        paths:
          /own: {get: {x-amazon-apigateway-integration: {type: http_proxy, uri: 'https://x'}}}
)",
      event("A", "Path: /own, Method: get") + event("B", "Path: /new, Method: get")));
  const json::Value& paths = body(resources).at("paths");
  EXPECT_EQ(paths.at("/own").at("get").at("x-amazon-apigateway-integration").at("type"),
            json::Value("http_proxy"));
  EXPECT_EQ(paths.at("/new").at("get").at("x-amazon-apigateway-integration").at("type"),
            json::Value("aws_proxy"));
  EXPECT_EQ(body(resources).at("info").at("title"), json::Value("mine"));
}

TEST(SamHttpApi, AConditionOfTheFunctionHoldsForItsOperations) {
  const json::Object resources = made(
      "Resources:\n  Api: {Type: AWS::Serverless::HttpApi}\n  F:\n    Type: "
      "AWS::Serverless::Function\n    Condition: C\n    Properties: {CodeUri: s3://b/k, Runtime: "
      "r, Handler: h, Events: "
      "{E: "
      "{Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /a, Method: get}}}}\n");
  const json::Value& path = body(resources).at("paths").at("/a").at("Fn::If");
  EXPECT_EQ(path.at(0), json::Value("C"));
  const json::Value& branches = path.at(1).at("get").at("Fn::If");
  EXPECT_EQ(branches.at(0), json::Value("C"));
  EXPECT_TRUE(branches.at(1).get_object().contains("x-amazon-apigateway-integration"));
  EXPECT_EQ(json::dump(branches.at(2)), R"({"Ref":"AWS::NoValue"})");
}

TEST(SamHttpApi, ADomainBecomesANameAndItsMappings) {
  const json::Object resources = made(with(
      "      Domain: {DomainName: api.example.com, CertificateArn: arn:c, SecurityPolicy: TLS_1_2, "
      "BasePath: [v1, /v2]}\n",
      event("A", "Path: /a, Method: get")));
  std::string name;
  for (const auto& resource : resources) {
    if (resource.key().starts_with("ApiGatewayDomainNameV2")) name = resource.key();
  }
  EXPECT_EQ(json::dump(resources.at(name).at("Properties")),
            R"({"DomainName":"api.example.com","DomainNameConfigurations":[{"CertificateArn":)"
            R"("arn:c","EndpointType":"REGIONAL","SecurityPolicy":"TLS_1_2"}],"Tags":)"
            R"({"httpapi:createdBy":"SAM"}})");
  EXPECT_EQ(json::dump(resources.at("Apiv2ApiMapping").at("Properties")),
            R"({"ApiId":{"Ref":"Api"},"DomainName":{"Ref":")" + name +
                R"("},"Stage":{"Ref":"ApiApiGatewayDefaultStage"},"ApiMappingKey":"v2"})");
}

TEST(SamHttpApi, GlobalsHoldForTheImplicitApiToo) {
  const json::Object resources = made(
      "Globals: {HttpApi: {CorsConfiguration: true}}\nResources:\n  F:\n    Type: "
      "AWS::Serverless::Function\n    Properties: {CodeUri: s3://b/k, Runtime: r, Handler: h, "
      "Events: {E: {Type: HttpApi, "
      "Properties: {Path: /a, Method: get}}}}\n");
  EXPECT_EQ(json::dump(resources.at("ServerlessHttpApi")
                           .at("Properties")
                           .at("Body")
                           .at("x-amazon-apigateway-cors")),
            R"({"allowOrigins":["*"]})");
}

TEST(SamHttpApi, NamesWhatIsWrong) {
  const std::string one = event("E", "Path: /a, Method: get");
  struct Case {
    std::string text;
    const char* says;
  };
  for (const Case& c : {
           Case{with("      {}\n", one + event("G", "Path: /a, Method: GET")),
                "API method 'get' defined multiple times for path '/a'"},
           Case{with("      {}\n", event("E", "Path: /a, Method: get, Auth: {Authorizer: X}")),
                "it wasn't defined in the API's Authorizers"},
           Case{with("      {}\n", event("E", "Path: /a, Method: get, Auth: {Authorizer: NONE}")),
                "'NONE' is only a valid value"},
           Case{with("      {}\n", event("E", "Path: /a, Method: get, Auth: {}")),
                "requires either an explicit 'Authorizer'"},
           Case{with("      Auth: {DefaultAuthorizer: X}\n", one),
                "Unable to set DefaultAuthorizer because 'X'"},
           Case{with("      Auth: {Authorizers: {L: {FunctionArn: x}}}\n", one),
                "L Lambda Authorizer must define 'AuthorizerPayloadFormatVersion'"},
           Case{with("      Auth: {Authorizers: {J: {JwtConfiguration: {}}}}\n", one),
                "J OAuth2 Authorizer must define 'IdentitySource'"},
           Case{with("      Auth: {Cognito: 1}\n", one), "Property Auth.Cognito is not supported"},
           Case{with("      CorsConfiguration: {Colour: 1}\n", one), "Invalid key 'Colour'"},
           Case{with("      CorsConfiguration: {AllowOrigins: ['*'], AllowCredentials: true}\n",
                     one),
                "'AllowCredentials' can not be true"},
           Case{with("      DefinitionBody: {swagger: '2.0'}\n", one),
                "does not contain a valid OpenApi definition"},
           Case{with("      Domain: {DomainName: x}\n", one), "DomainName and CertificateArn"},
           Case{with("      Domain: {DomainName: x, CertificateArn: y, Route53: {}}\n", one),
                "Property Domain.Route53 is not supported"},
           Case{
               with(
                   "      {}\n",
                   "        E: {Type: HttpApi, Properties: {ApiId: abc, Path: /a, Method: get}}\n"),
               "ApiId must be a valid reference"},
       }) {
    const auto expanded = expand_text(c.text);
    ASSERT_FALSE(expanded) << c.text;
    EXPECT_NE(expanded.error().message.find(c.says), std::string::npos) << expanded.error().message;
  }
}

}  // namespace
}  // namespace stator::cloudformation::sam
