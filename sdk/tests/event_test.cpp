#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "lambda/lambda.hpp"
#include "model.hpp"

namespace {

/// An event as its service sends it.
std::string golden(const std::string& name) {
  std::ifstream file(std::string(STATOR_SDK_EVENTS) + "/" + name, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (text.empty()) throw std::runtime_error("there is no event " + name);
  return text;
}

using Texts = std::vector<std::string_view>;

TEST(HttpRequest, IsReadFromAnHttpApisEvent) {
  const lambda::HttpRequest request(golden("http_api_v2.json"));
  EXPECT_EQ(request.payload_version(), 2);
  EXPECT_EQ(request.method(), "PUT");
  EXPECT_EQ(request.path(), "/items/a b");
  EXPECT_EQ(request.raw_query(), "x=1&y=");
  EXPECT_EQ(request.route_key(), "PUT /items/{id}");
  EXPECT_EQ(request.stage(), "$default");
  EXPECT_EQ(request.source_ip(), "192.0.2.1");
  EXPECT_EQ(request.request_id(), "R");
  EXPECT_EQ(request.domain_name(), "api.example.com");
  EXPECT_EQ(request.path_parameter("id"), "a b");
  EXPECT_EQ(request.path_parameter("no"), "");
  EXPECT_EQ(request.query("x"), "1");
  EXPECT_EQ(request.query("y"), "");
  EXPECT_FALSE(request.query("z"));
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(request.stage_variable("colour"), "blue");
  EXPECT_EQ(request.body(), std::string_view("hi\0", 3));
  EXPECT_EQ(request.cookies(), (Texts{"c=1", "d=2"}));
  EXPECT_EQ(request.authorizer(), R"({"jwt": {"claims": {"sub": "u"}, "scopes": null}})");
}

TEST(HttpRequest, IsReadFromARestApisEventAlike) {
  const lambda::HttpRequest request(golden("rest_api.json"));
  EXPECT_EQ(request.payload_version(), 1);
  EXPECT_EQ(request.method(), "PUT");
  EXPECT_EQ(request.path(), "/items/a b");
  EXPECT_EQ(request.raw_query(), "x=1&x=2%20a&y=");
  EXPECT_EQ(request.route_key(), "PUT /items/{id}");
  EXPECT_EQ(request.stage(), "prod");
  EXPECT_EQ(request.source_ip(), "192.0.2.1");
  EXPECT_EQ(request.request_id(), "R");
  EXPECT_EQ(request.path_parameter("id"), "a b");
  EXPECT_EQ(request.query("x"), "1,2 a");
  EXPECT_EQ(request.query("y"), "");
  EXPECT_EQ(request.header("x-two"), "a,b");
  EXPECT_EQ(request.cookies(), (Texts{"c=1", "d=2"}));
  EXPECT_EQ(request.stage_variable("colour"), std::nullopt);
  EXPECT_EQ(request.body(), "hi");
}

TEST(HttpRequest, IsReadFromAFunctionUrlsEvent) {
  const lambda::HttpRequest request(golden("function_url.json"));
  EXPECT_EQ(request.method(), "POST");
  EXPECT_EQ(request.route_key(), "$default");
  EXPECT_EQ(request.domain_name(), "abc.lambda-url.eu-west-1.on.aws");
  EXPECT_EQ(request.body(), R"({"a":1})");
}

TEST(HttpRequest, RefusesOtherEvents) {
  const auto problem = [](std::string_view event) -> std::string {
    try {
      const lambda::HttpRequest request(event);
      return "";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  };
  EXPECT_EQ(problem(R"({"version":"2.0"})"), "");
  EXPECT_EQ(problem(R"({"version":"1.0"})"),
            "the event: is no event of an HTTP API, a REST API or a function URL");
  EXPECT_EQ(problem(R"({"version":"2.0","routeArn":"arn:a"})"),
            "the event: is one to an authorizer");
  EXPECT_EQ(problem("[]"), "the event: must be an object");
  EXPECT_EQ(problem("{"), "the event: is not JSON: the text ends too early");
  EXPECT_EQ(problem(R"({"version":"2.0","headers":{"a":5}})"),
            "the event: headers.a: must be a string");
  EXPECT_EQ(problem(R"({"version":"2.0","body":"?","isBase64Encoded":true})"),
            "the event: body: is not base64");
}

TEST(HttpResponse, TakesTheFormThatTheGatewayReads) {
  EXPECT_EQ(lambda::to_event_json(lambda::message(404, "no \"x\"")),
            R"({"statusCode":404,"headers":{"content-type":"application/json"},)"
            R"("body":"{\"message\":\"no \\\"x\\\"\"}","isBase64Encoded":false})");
  EXPECT_EQ(lambda::to_event_json({.status = 200, .body = "\xFF", .cookies = {"a=1"}}),
            R"({"statusCode":200,"headers":{},"cookies":["a=1"],"body":"/w==",)"
            R"("isBase64Encoded":true})");
}

TEST(HttpResponse, ValuesOfOneNameAreOneMember) {
  const lambda::HttpResponse response{
      .status = 200, .headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}}, .cookies = {"c=1", "d=2"}};
  EXPECT_EQ(lambda::to_event_json(response),
            R"({"statusCode":200,"headers":{"a":"1,3","b":"2"},"cookies":["c=1","d=2"],)"
            R"("body":"","isBase64Encoded":false})");
  EXPECT_EQ(lambda::to_event_json(response, 1),
            R"({"statusCode":200,"multiValueHeaders":{"a":["1","3"],"b":["2"],)"
            R"("set-cookie":["c=1","d=2"]},"body":"","isBase64Encoded":false})");
}

TEST(Authorizer, ReadsWhatAnHttpApiAsks) {
  const lambda::AuthorizerRequest request(golden("authorizer_v2.json"));
  EXPECT_EQ(request.arn(), "arn:aws:execute-api:eu-west-1:1:a/$default/GET/items");
  EXPECT_EQ(request.identity(), (Texts{"Bearer t", "q"}));
  EXPECT_EQ(request.token(), "t");
  EXPECT_EQ(request.method(), "GET");
  EXPECT_EQ(request.path(), "/items");
}

TEST(Authorizer, ReadsWhatARestApiAsks) {
  const lambda::AuthorizerRequest by_token(golden("authorizer_token.json"));
  EXPECT_EQ(by_token.token(), "t");
  EXPECT_EQ(by_token.arn(), "arn:aws:execute-api:eu-west-1:1:a/prod/GET/items");
  const lambda::AuthorizerRequest by_request(golden("authorizer_v1.json"));
  EXPECT_EQ(by_request.token(), "t");
  EXPECT_EQ(by_request.method(), "GET");
  EXPECT_EQ(by_request.query("q"), "1");
  EXPECT_EQ(by_request.identity(), (Texts{"Bearer t"}));
  EXPECT_THROW(lambda::AuthorizerRequest(golden("rest_api.json")), std::invalid_argument);
}

TEST(Authorizer, AnswersInBothForms) {
  EXPECT_EQ(lambda::allow().context("user", "u").context("level", 7).to_event_json(),
            R"({"isAuthorized":true,"context":{"user":"u","level":7}})");
  EXPECT_EQ(lambda::deny().to_event_json(), R"({"isAuthorized":false,"context":{}})");
  EXPECT_EQ(lambda::allow("u", "arn:a").deny("arn:b").context("admin", true).to_event_json(),
            R"({"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[)"
            R"({"Action":"execute-api:Invoke","Effect":"Allow","Resource":"arn:a"},)"
            R"({"Action":"execute-api:Invoke","Effect":"Deny","Resource":"arn:b"}]},)"
            R"("context":{"admin":true}})");
}

TEST(StreamEvent, GivesItsRecordsAsModels) {
  const std::string text = golden("dynamodb_stream.json");
  const lambda::StreamEvent event(text);
  ASSERT_EQ(event.size(), 3u);
  const auto& inserted = event.records()[0];
  EXPECT_EQ(inserted.event_name(), "INSERT");
  EXPECT_EQ(inserted.sequence_number(), "100000000003498069978");
  EXPECT_EQ(inserted.view_type(), "NEW_AND_OLD_IMAGES");
  EXPECT_EQ(inserted.created_at(), "1479499740");
  EXPECT_EQ(inserted.keys(), R"({"id": {"S": "a"}})");
  ASSERT_TRUE(inserted.new_item<shop::Counter>());
  EXPECT_EQ(inserted.new_item<shop::Counter>()->count, 1);
  EXPECT_FALSE(inserted.old_item<shop::Counter>());
  const auto& modified = event.records()[1];
  EXPECT_EQ(modified.old_item<shop::Counter>()->count, 1);
  EXPECT_EQ(modified.new_item<shop::Counter>()->count, 2);
  EXPECT_FALSE(modified.is_expiry());
  EXPECT_EQ(event.records()[2].event_name(), "REMOVE");
  EXPECT_TRUE(event.records()[2].is_expiry());
}

TEST(StreamEvent, RefusesWhatIsNone) {
  EXPECT_THROW(lambda::StreamEvent("{}"), std::invalid_argument);
  EXPECT_THROW(lambda::StreamEvent(R"({"Records":[{"eventName":5}]})"), std::invalid_argument);
  const lambda::StreamEvent event(R"({"Records":[{"dynamodb":{"NewImage":{"id":{"N":"1"}}}}]})");
  EXPECT_THROW((void)event.records()[0].new_item<shop::Counter>(), std::invalid_argument);
}

TEST(StreamEvent, AFailedRecordAndAllBehindItComeAgain) {
  const std::string text = golden("dynamodb_stream.json");
  const lambda::StreamEvent event(text);
  std::string handled;
  const auto response = lambda::each(event, [&](const lambda::StreamRecord& record) {
    handled += record.event_name() + " ";
    if (record.event_name() == "MODIFY") throw std::runtime_error("as asked");
  });
  EXPECT_EQ(handled, "INSERT MODIFY ");
  EXPECT_EQ(response.to_event_json(),
            R"({"batchItemFailures":[{"itemIdentifier":"100000000003498069979"}]})");
  EXPECT_EQ(lambda::each(event, [](const lambda::StreamRecord&) {}).to_event_json(),
            R"({"batchItemFailures":[]})");
}

}  // namespace
