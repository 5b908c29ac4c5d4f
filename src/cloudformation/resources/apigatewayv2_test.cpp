#include "cloudformation/resources/apigatewayv2.hpp"

#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation::resources::apigatewayv2 {
namespace {

TEST(ApiGatewayProperties, TakeTheApisNames) {
  const Mapped table[] = {{"Plain", "plain"},
                          {"Cors", "cors", Shape::kStructure},
                          {"Settings", "settings", Shape::kStructures},
                          {"List", "list", Shape::kList},
                          {"Absent", "absent"}};
  const json::Object properties = *json::parse_object(
      R"({"Plain":{"Kept":1},"Cors":{"AllowOrigins":["*"],"maxAge":1},"Settings":{"GET /":{"Rate":1}},)"
      R"("List":[{"CertificateArn":"a"}],"Other":1})");
  EXPECT_EQ(json::dump(input_of(properties, table)),
            R"({"plain":{"Kept":1},"cors":{"allowOrigins":["*"],"maxAge":1},)"
            R"("settings":{"GET /":{"rate":1}},"list":[{"certificateArn":"a"}]})");
}

TEST(ApiGatewayProperties, UpdatesResetWhatIsNoLongerThere) {
  const Mapped table[] = {{"Required", "required"},
                          {"Description", "description", Shape::kSame, ""},
                          {"Never", "never", Shape::kSame, ""},
                          {"Variables", "variables", Shape::kTexts}};
  const auto update = [&](const char* before, const char* after) {
    return json::dump(update_of(*json::parse_object(before), *json::parse_object(after), table));
  };
  EXPECT_EQ(update(R"({"Required":1,"Description":"d","Variables":{"a":"1","b":"2"}})",
                   R"({"Required":2,"Variables":{"b":"3"}})"),
            R"({"required":2,"variables":{"b":"3","a":""},"description":""})");
  EXPECT_EQ(update(R"({"Variables":{"a":"1"}})", "{}"), R"({"variables":{"a":""}})");
}

class ApiGatewayStacks : public StackLab {
 protected:
  std::string input(const char* operation) { return json::dump(world_.last_input(operation)); }
};

constexpr const char* kStack = R"(
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: n, ProtocolType: HTTP, Tags: {a: '1', b: '2'}}
  Hook:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationUri: https://x.example
      ResponseParameters:
        '200': {ResponseParameters: [{Destination: 'append:header.x', Source: y}]}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: prod
      RouteSettings: {'GET /': {ThrottlingRateLimit: 3}, 'GET /a': {ThrottlingRateLimit: 4}}
      AccessLogSettings: {DestinationArn: d, Format: f}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST_F(ApiGatewayStacks, PropertiesChangeInPlace) {
  ASSERT_TRUE(deploy("CreateStack", kStack));
  ASSERT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_NE(input("apigateway:CreateIntegration")
                .find(R"("responseParameters":{"200":{"append:header.x":"y"}})"),
            std::string::npos);
  EXPECT_NE(input("apigateway:CreateStage")
                .find(R"("accessLogSettings":{"destinationArn":"d","format":"f"})"),
            std::string::npos);
  std::string body = replaced(kStack, "a: '1', b: '2'", "b: '3'");
  body = replaced(body, "'GET /a': {ThrottlingRateLimit: 4}", "");
  body = replaced(body, "      AccessLogSettings: {DestinationArn: d, Format: f}\n", "");
  body = replaced(body, "'200'", "'404'");
  world_.forget();
  ASSERT_TRUE(deploy("UpdateStack", body));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.listed(),
            "apigateway:UpdateApi apigateway:UntagResource apigateway:TagResource "
            "apigateway:UpdateIntegration apigateway:DeleteRouteSettings apigateway:UpdateStage ");
  EXPECT_NE(input("apigateway:UntagResource").find(R"("tagKeys":["a"])"), std::string::npos);
  EXPECT_NE(input("apigateway:UpdateIntegration")
                .find(R"("responseParameters":{"404":{"append:header.x":"y"},"200":{}})"),
            std::string::npos);
  EXPECT_NE(input("apigateway:DeleteRouteSettings").find(R"("routeKey":"GET /a")"),
            std::string::npos);
  EXPECT_NE(input("apigateway:UpdateStage")
                .find(R"("accessLogSettings":{"destinationArn":"","format":""})"),
            std::string::npos);
}

constexpr const char* kDocument = R"(
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Description: above
      Tags: {team: blue}
      FailOnWarnings: true
      Body: {openapi: 3.0.1, info: {title: t}, paths: {}}
)";

TEST_F(ApiGatewayStacks, ABodyIsImportedAndWhatStandsBesideItGoesBefore) {
  ASSERT_TRUE(deploy("CreateStack", kDocument));
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_EQ(world_.listed(), "apigateway:ImportApi apigateway:UpdateApi ");
  EXPECT_EQ(
      input("apigateway:ImportApi"),
      R"({"body":"{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"t\"},\"paths\":{},\"tags\":)"
      R"([{\"name\":\"team\",\"x-amazon-apigateway-tag-value\":\"blue\"}]}","failOnWarnings":true})");
  world_.forget();
  ASSERT_TRUE(deploy("UpdateStack", replaced(kDocument, "title: t", "title: u")));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.listed(), "apigateway:ReimportApi apigateway:UpdateApi ");
}

TEST_F(ApiGatewayStacks, WithoutItsBodyAnApiIsMadeAnew) {
  // The protocol that stands in the body's place is given at creation only.
  ASSERT_TRUE(deploy("CreateStack", kDocument));
  world_.forget();
  ASSERT_TRUE(deploy("UpdateStack",
                     "Resources: {Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: n, "
                     "ProtocolType: HTTP}}}"));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.listed(), "apigateway:CreateApi apigateway:DeleteApi ");
}

TEST_F(ApiGatewayStacks, AnApiNeedsANameOrABody) {
  ASSERT_TRUE(deploy("CreateStack",
                     "Resources: {Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: n}}}"));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_TRUE(world_.calls.empty());
}

}  // namespace
}  // namespace stator::cloudformation::resources::apigatewayv2
