#include "apigateway/ops/test_control.hpp"

namespace stator::apigateway {
namespace {

class UpdateOps : public ControlLab {
 protected:
  UpdateOps() { make_api(); }
};

TEST_F(UpdateOps, AnApiKeepsWhatIsNotMentioned) {
  const auto changed =
      on("UpdateApi", "'description':'d','corsConfiguration':{'allowOrigins':['*'],'maxAge':5}");
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(json::find_string(*changed, "name"), "n");
  EXPECT_EQ(json::find_string(*changed, "description"), "d");
  EXPECT_EQ(json::find_string(*changed, "apiEndpoint"),
            "http://" + api + ".execute-api.localhost:4566");

  // What is given replaces as a whole, and empty texts remove.
  const auto again =
      on("UpdateApi", "'description':'','version':'1','corsConfiguration':{'maxAge':6}");
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->contains("description"));
  EXPECT_EQ(json::dump(again->at("corsConfiguration")), R"({"maxAge":6})");
  EXPECT_EQ(said("DeleteCorsConfiguration"), "{}");
  EXPECT_FALSE(on("GetApi")->contains("corsConfiguration"));
}

TEST_F(UpdateOps, ARefusedUpdateChangesNothing) {
  const std::string route = make_route("GET /a");
  const std::string before = said("GetRoute", "'routeId':'" + route + "'");
  EXPECT_EQ(said("UpdateRoute",
                 "'routeId':'" + route + "','operationName':'x','target':'integrations/no'"),
            "NotFoundException: Invalid Integration identifier specified no");
  EXPECT_EQ(said("GetRoute", "'routeId':'" + route + "'"), before);
}

TEST_F(UpdateOps, ARouteChangesKeyAndTarget) {
  const std::string a = make_route("GET /a");
  make_route("GET /b");
  const std::string id = "'routeId':'" + a + "'";
  EXPECT_EQ(said("UpdateRoute", id + ",'routeKey':'GET /b'"),
            "ConflictException: Route with key GET /b already exists for this API");
  ASSERT_TRUE(on("UpdateRoute", id + ",'routeKey':'GET /c','authorizationType':'AWS_IAM'"));
  EXPECT_EQ(text("GetRoute", id, "authorizationType"), "AWS_IAM");
  ASSERT_TRUE(on("UpdateRoute", id + ",'target':''"));
  EXPECT_FALSE(on("GetRoute", id)->contains("target"));
  EXPECT_EQ(text("GetRoute", id, "routeKey"), "GET /c");
}

TEST_F(UpdateOps, AnIntegrationsParametersMergeAndEmptyOnesGo) {
  const std::string id = "'integrationId':'" + make_integration() + "'";
  ASSERT_TRUE(on("UpdateIntegration",
                 id + ",'requestParameters':{'overwrite:header.a':'1','append:header.b':'2'},"
                      "'responseParameters':{'200':{'overwrite:header.c':'3'}}"));
  const auto changed =
      on("UpdateIntegration", id + ",'requestParameters':{'overwrite:header.a':''},"
                                   "'responseParameters':{'200':{}},'timeoutInMillis':50");
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(json::dump(changed->at("requestParameters")), R"({"append:header.b":"2"})");
  EXPECT_FALSE(changed->contains("responseParameters"));
  EXPECT_EQ(json::find_int(*changed, "timeoutInMillis"), 50);
  EXPECT_EQ(json::find_string(*changed, "integrationUri"), kFunction);
}

TEST_F(UpdateOps, AFunctionBecomesAUrl) {
  const std::string id = "'integrationId':'" + make_integration() + "'";
  EXPECT_EQ(said("UpdateIntegration", id + ",'integrationType':'HTTP_PROXY'").substr(0, 19),
            "BadRequestException");
  const auto changed =
      on("UpdateIntegration", id + ",'integrationType':'HTTP_PROXY','integrationMethod':'GET',"
                                   "'integrationUri':'https://example.com/{proxy}',"
                                   "'payloadFormatVersion':'1.0'");
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(json::find_string(*changed, "integrationMethod"), "GET");
}

TEST_F(UpdateOps, AStagesVariablesAndRouteSettingsMerge) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("dev", "'stageVariables':{'a':'1','b':'2'},'description':'d'").front(), '{');
  const std::string id = "'stageName':'dev'";
  EXPECT_EQ(said("UpdateStage", id + ",'routeSettings':{'GET /no':{}}"),
            "NotFoundException: Unable to find Route by key GET /no within the provided "
            "RouteSettings");
  const auto changed =
      on("UpdateStage", id + ",'stageVariables':{'a':'','c':'3'},"
                             "'routeSettings':{'GET /a':{'throttlingRateLimit':1.5}},"
                             "'defaultRouteSettings':{'throttlingBurstLimit':2}");
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(json::dump(changed->at("stageVariables")), R"({"b":"2","c":"3"})");
  EXPECT_EQ(json::dump(changed->at("routeSettings")),
            R"({"GET /a":{"throttlingRateLimit":1.5E0}})");
  EXPECT_EQ(json::find_string(*changed, "description"), "d");

  EXPECT_EQ(said("DeleteRouteSettings", id + ",'routeKey':'GET /a'"), "{}");
  EXPECT_EQ(said("DeleteRouteSettings", id + ",'routeKey':'GET /a'").substr(0, 17),
            "NotFoundException");
  EXPECT_EQ(json::dump(on("GetStage", id)->at("routeSettings")), "{}");
}

TEST_F(UpdateOps, AccessLogsAreSetAndDeleted) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("dev", "'autoDeploy':true").front(), '{');
  const std::string id = "'stageName':'dev',";
  const auto with = [&](const std::string& destination, const std::string& format) {
    return said("UpdateStage", id + "'accessLogSettings':{'destinationArn':'" + destination +
                                   "','format':'" + format + "'}");
  };
  const std::string group = "arn:aws:logs:us-east-1:123:log-group:g";
  EXPECT_EQ(with(group, "$context.requestId $context.status").front(), '{');
  EXPECT_EQ(with(group, "$context.status").substr(0, 19), "BadRequestException");
  EXPECT_NE(with("g", "$context.requestId").find("not a log group"), std::string::npos);
  EXPECT_EQ(said("DeleteAccessLogSettings", "'stageName':'dev'"), "{}");
  EXPECT_FALSE(on("GetStage", "'stageName':'dev'")->contains("accessLogSettings"));
}

TEST_F(UpdateOps, WhatIsReferredToStays) {
  const std::string route = make_route("GET /a");
  const std::string target = text("GetRoute", "'routeId':'" + route + "'", "target");
  const std::string integration = "'integrationId':'" + target.substr(target.find('/') + 1) + "'";
  EXPECT_EQ(said("DeleteIntegration", integration),
            "ConflictException: Cannot delete Integration because it is referenced by the "
            "following Routes with Ids: [" +
                route + "]");
  ASSERT_TRUE(on("DeleteRoute", "'routeId':'" + route + "'"));
  EXPECT_EQ(said("DeleteIntegration", integration), "{}");
}

TEST_F(UpdateOps, RefusesByName) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("dev", "'autoDeploy':true").front(), '{');
  const std::string function = std::string(
                                   "'integrationType':'AWS_PROXY',"
                                   "'payloadFormatVersion':'2.0','integrationUri':'") +
                               kFunction + "',";
  const std::string url =
      "'integrationType':'HTTP_PROXY','integrationMethod':'GET','integrationUri':'http://x/',";
  struct Case {
    const char* operation;
    std::string members;
    const char* says;
  };
  for (const Case& c : {
           Case{"CreateIntegration", function + "'integrationSubtype':'SQS-SendMessage'",
                "integrationSubtype SQS-SendMessage is not supported"},
           Case{"CreateIntegration", function + "'integrationSubtype':'No-Such'",
                "Invalid integrationSubtype"},
           Case{"CreateIntegration", url + "'connectionType':'VPC_LINK'", "VPC_LINK"},
           Case{"CreateIntegration", url + "'payloadFormatVersion':'2.0'", "must be 1.0"},
           Case{"CreateIntegration", url + "'tlsConfig':{'serverNameToVerify':'a'}", "tlsConfig"},
           Case{"CreateIntegration", url + "'credentialsArn':'arn:aws:iam::*:user/*'", "caller"},
           Case{"CreateIntegration", url + "'credentialsArn':'x'", "Invalid ARN"},
           Case{"CreateIntegration", function + "'requestTemplates':{'a':'b'}", "requestTemplates"},
           Case{"CreateIntegration", function + "'passthroughBehavior':'NEVER'",
                "passthroughBehavior"},
           Case{"CreateIntegration", function + "'requestParameters':{'append:body':'1'}",
                "BadRequestException"},
           Case{"CreateIntegration", "'integrationType':'MOCK'", "[AWS_PROXY, HTTP_PROXY]"},
           Case{"CreateIntegration", "'integrationType':'HTTP_PROXY','integrationUri':'ftp://x'",
                "Invalid HTTP endpoint"},
           Case{
               "CreateIntegration",
               "'integrationType':'HTTP_PROXY','integrationUri':'http://x','integrationMethod':'X'",
               "Invalid HTTP method"},
           Case{"CreateRoute", "'routeKey':'GET /b','requestParameters':{'a':{'required':true}}",
                "requestParameters is supported only for WebSocket APIs"},
           Case{"CreateRoute", "'routeKey':'GET /b','apiKeyRequired':true", "ApiKeyRequired"},
           Case{"CreateStage", "'stageName':'s','clientCertificateId':'c'", "clientCertificateId"},
           Case{"CreateStage", "'stageName':'s','stageVariables':{'a-b':'1'}", "variable name"},
           Case{"CreateStage", "'stageName':'s','stageVariables':{'a':'<'}", "must match"},
           Case{"CreateStage", "'stageName':'s','defaultRouteSettings':{'loggingLevel':'INFO'}",
                "Execution logs"},
           Case{"CreateStage", "'stageName':'s','deploymentId':'no'", "Deployment identifier"},
           Case{"CreateStage", "'stageName':'dev'", "Stage already exists"},
           Case{"UpdateStage", "'stageName':'dev','deploymentId':'x'", "autoDeploy enabled"},
           Case{"UpdateApi", "'target':'" + std::string(kFunction) + "'", "quick create"},
           Case{"UpdateApi", "'ipAddressType':'ipv6'", "[ipv4, dualstack]"},
           Case{"UpdateApi", "'disableSchemaValidation':true", "disableSchemaValidation"},
           Case{"UpdateApi", "'tags':{'a':'b'}", "tags"},
           Case{"CreateModel", "'name':'m','schema':'{}'", "WebSocket"},
           Case{"CreateRouteResponse", "'routeId':'r'", "WebSocket"},
           Case{"POST /v2/vpclinks", "'name':'v'", "VPC links are not supported"},
           Case{"GET /restapis/{below+}", "'below':'x'", "REST APIs (API Gateway v1)"},
       }) {
    const std::string answer = said(c.operation, c.members);
    EXPECT_NE(answer.find(c.says), std::string::npos) << c.operation << ": " << answer;
    EXPECT_NE(answer.front(), '{') << c.operation << c.members;
  }
}

TEST_F(UpdateOps, QuickCreateMakesAllParts) {
  make_api(std::string(",'target':'") + kFunction + "'");
  EXPECT_TRUE(serves("$default", "/whatever"));
  const auto routes = on("GetRoutes");
  const json::Object& route = routes->at("items").as_array()[0].as_object();
  EXPECT_EQ(json::find_string(route, "routeKey"), "$default");
  EXPECT_EQ(json::find_bool(route, "apiGatewayManaged"), true);
  const std::string id = "'routeId':'" + *json::find_string(route, "routeId") + "'";
  EXPECT_NE(said("UpdateRoute", id + ",'routeKey':'GET /a'").find("managed"), std::string::npos);
  EXPECT_NE(said("DeleteRoute", id).find("managed by API Gateway"), std::string::npos);

  ASSERT_TRUE(on("UpdateApi", "'routeKey':'GET /a','target':'http://example.com'"));
  EXPECT_EQ(text("GetRoute", id, "routeKey"), "GET /a");
  const auto integrations = on("GetIntegrations");
  EXPECT_EQ(
      json::find_string(integrations->at("items").as_array()[0].as_object(), "integrationType"),
      "HTTP_PROXY");
}

TEST_F(UpdateOps, AFailedQuickCreateLeavesNoApi) {
  const auto outcome = run("CreateApi", "{'name':'n','protocolType':'HTTP','target':'ftp://x'}");
  EXPECT_FALSE(outcome);
  EXPECT_EQ(count("GetApis"), 1u);
}

TEST_F(UpdateOps, TagsAreOfApisAndStages) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("dev", "'tags':{'a':'1'}").front(), '{');
  const std::string arn = "arn:aws:apigateway:us-east-1::/apis/" + api;
  const auto tags = [&](const std::string& of) {
    const auto outcome = run("GetTags", "{'resourceArn':'" + of + "'}");
    return outcome ? json::dump(outcome->at("tags")) : outcome.error().aws_type;
  };
  ASSERT_TRUE(run("TagResource", "{'resourceArn':'" + arn + "','tags':{'k':'v','l':'w'}}"));
  ASSERT_TRUE(run("UntagResource", "{'resourceArn':'" + arn + "','tagKeys':['l','no']}"));
  EXPECT_EQ(tags(arn), R"({"k":"v"})");
  EXPECT_EQ(tags(arn + "/stages/dev"), R"({"a":"1"})");
  EXPECT_EQ(tags(arn + "/stages/no"), "NotFoundException");
  EXPECT_EQ(tags(arn + "/routes/r"), "BadRequestException");
  EXPECT_EQ(tags("arn:aws:apigateway:eu-west-1::/apis/" + api), "NotFoundException");
  EXPECT_EQ(tags("arn:aws:apigateway:us-east-1::/domainnames/x.y"), "NotFoundException");
  EXPECT_FALSE(run("TagResource", "{'resourceArn':'" + arn + "','tags':{'aws:k':'v'}}"));

  std::string many;
  for (int i = 0; i < 50; ++i) many += "'t" + std::to_string(i) + "':'v',";
  many.pop_back();
  EXPECT_FALSE(run("TagResource", "{'resourceArn':'" + arn + "','tags':{" + many + "}}"));
  EXPECT_EQ(tags(arn), R"({"k":"v"})");
}

TEST_F(UpdateOps, ConditionsSeeTheTagsOfWhatIsChanged) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("dev", "'tags':{'a':'1'}").front(), '{');
  const std::string arn = "arn:aws:apigateway:us-east-1::/apis/" + api;
  ASSERT_TRUE(run("TagResource", "{'resourceArn':'" + arn + "','tags':{'k':'v'}}"));
  EXPECT_EQ(
      authorizer.asked.at(0).resource,
      "arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2F" +
          api);
  using Keys = std::vector<std::string>;
  ASSERT_TRUE(on("UpdateApi", "'description':'d'"));
  EXPECT_EQ(authorizer.keys, Keys{"aws:ResourceTag/k=v"});
  ASSERT_TRUE(on("GetStage", "'stageName':'dev'"));
  EXPECT_EQ(authorizer.keys, Keys{"aws:ResourceTag/a=1"});
  ASSERT_TRUE(run("UntagResource", "{'resourceArn':'" + arn + "','tagKeys':['k']}"));
  EXPECT_EQ(authorizer.keys, (Keys{"aws:TagKeys=k", "aws:ResourceTag/k=v"}));
}

}  // namespace
}  // namespace stator::apigateway
