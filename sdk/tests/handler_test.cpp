#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_runtime_api.hpp"
#include "lambda/lambda.hpp"

namespace {

using stator::sdk::testing::FakeRuntimeApi;

struct Question {
  std::string name{};
  std::optional<int> times{};
};
struct Greeting {
  std::string text{};
};

/// What the handler answers to the event.
template <class H>
std::string answer_of(H handler, const std::string& event) {
  FakeRuntimeApi api{.events = {event}};
  lambda::run(handler);
  return api.posts().size() == 1 ? api.posts()[0].body : "";
}

Greeting greet(const Question& question) {
  return {std::string("hello ") + question.name};
}

TEST(Handler, TakesAndAnswersPlainStructs) {
  EXPECT_EQ(answer_of(greet, R"({"name":"you"})"), R"({"text":"hello you"})");
  EXPECT_EQ(answer_of([](const std::vector<int>& numbers) { return numbers.size(); }, "[1,2]"),
            "2");
}

TEST(Handler, AnEventThatDoesNotFitIsNamed) {
  EXPECT_EQ(answer_of(greet, R"({"name":5})"),
            R"({"errorMessage":"the event: name: must be a string",)"
            R"("errorType":"std::invalid_argument","stackTrace":[]})");
  EXPECT_NE(answer_of(greet, "{}").find("name: is required"), std::string::npos);
}

TEST(Handler, MayTakeNothingAndAnswerNothing) {
  EXPECT_EQ(answer_of([] { return 7; }, R"({"any":1})"), "7");
  EXPECT_EQ(answer_of([] {}, "1"), "null");
  EXPECT_EQ(answer_of([](const lambda::Context& c) { return std::string(c.function_arn()); }, "1"),
            "arn:f");
}

TEST(Handler, TakesItsArgumentsInAnyOrder) {
  EXPECT_EQ(answer_of(
                [](const lambda::Context& context, const Question& question) {
                  return Greeting{question.name + std::string(context.request_id())};
                },
                R"({"name":"n"})"),
            R"({"text":"nid-0"})");
}

TEST(Handler, MayBeGeneric) {
  EXPECT_EQ(answer_of([](auto event) { return std::string(event); }, "[1]"), "[1]");
}

TEST(Handler, AnswersBytesOfAnyType) {
  FakeRuntimeApi api{.events = {"1"}};
  lambda::run([](std::string_view) { return lambda::Raw{"\x01\xFF", "image/x"}; });
  ASSERT_EQ(api.posts().size(), 1u);
  EXPECT_EQ(api.posts()[0].body, "\x01\xFF");
  EXPECT_EQ(api.posts()[0].headers.at("content-type"), "image/x");
}

TEST(Handler, AnswersARequestByTheVersionOfItsPayload) {
  const auto handler = [](const lambda::HttpRequest&) { return Greeting{"t"}; };
  EXPECT_EQ(answer_of(handler, R"({"version":"2.0"})"),
            R"({"statusCode":200,"headers":{"content-type":"application/json"},)"
            R"("body":"{\"text\":\"t\"}","isBase64Encoded":false})");
  EXPECT_EQ(answer_of(handler, R"({"httpMethod":"GET"})"),
            R"({"statusCode":200,"multiValueHeaders":{"content-type":["application/json"]},)"
            R"("body":"{\"text\":\"t\"}","isBase64Encoded":false})");
}

TEST(Handler, AnswersAuthorizersAndStreams) {
  EXPECT_EQ(answer_of([](const lambda::AuthorizerRequest&) { return lambda::deny(); },
                      R"({"type":"TOKEN","methodArn":"arn:a"})"),
            R"({"isAuthorized":false,"context":{}})");
  EXPECT_EQ(answer_of(
                [](const lambda::StreamEvent& event) {
                  return lambda::each(event, [](const lambda::StreamRecord&) { throw Question(); });
                },
                R"({"Records":[]})"),
            R"({"batchItemFailures":[]})");
}

/// What the routes answer to `method path`: the status, and the body behind a space.
std::string routed(const std::string& method, const std::string& path, const std::string& body = "",
                   const std::string& more = "") {
  const auto app = lambda::routes(
      lambda::route<"GET /items">([] {
        return std::vector<int>{1, 2};
      }),
      lambda::route<"GET /items/{id}">([](std::string_view id) { return std::string(id); }),
      lambda::route<"POST /items">(
          [](const Question& question) { return lambda::json(201, Greeting{question.name}); }),
      lambda::route<"DELETE /items/{id}">([](const std::string&) {}),
      lambda::route<"GET /sums/{a}/{b}">([](int a, int b) { return a + b; }),
      lambda::route<"PUT /items/{id}">([](const Question& q, std::string_view id,
                                          const lambda::HttpRequest& request,
                                          const lambda::Context& context) {
        return Greeting{q.name + std::string(id) + std::string(request.method()) +
                        std::string(context.request_id())};
      }),
      lambda::route<"ANY /files/{path+}">([](std::string_view rest) { return std::string(rest); }));
  std::string event = R"({"version":"2.0","rawPath":")" + path + R"(","body":")" + body +
                      R"(","requestContext":{"http":{"method":")" + method + "\"}" + more + "}}";
  stator1_invocation invocation{};
  const lambda::Context context(invocation);
  const auto response = app(lambda::HttpRequest(event), context);
  std::string allowed;
  for (const auto& [name, value] : response.headers) {
    if (name == "allow") allowed = " " + value;
  }
  return std::to_string(response.status) + " " + response.body + allowed;
}

TEST(Router, FindsTheRouteAndGivesItWhatItAsksFor) {
  EXPECT_EQ(routed("GET", "/items"), "200 [1,2]");
  EXPECT_EQ(routed("GET", "/items/a"), "200 \"a\"");
  EXPECT_EQ(routed("DELETE", "/items/a"), "204 ");
  EXPECT_EQ(routed("GET", "/sums/2/-3"), "200 -1");
  EXPECT_EQ(routed("POST", "/items", R"({\"name\":\"n\"})"), R"(201 {"text":"n"})");
  EXPECT_EQ(routed("PUT", "/items/7", R"({\"name\":\"n\"})"), R"(200 {"text":"n7PUT"})");
  EXPECT_EQ(routed("PATCH", "/files/a/b"), "200 \"a/b\"");
}

TEST(Router, TellsApartWhatItDoesNotServe) {
  EXPECT_EQ(routed("GET", "/nothing"), R"(404 {"message":"Not Found"})");
  EXPECT_EQ(routed("GET", "/items/"), R"(404 {"message":"Not Found"})");
  EXPECT_EQ(routed("GET", "/items/a/b"), R"(404 {"message":"Not Found"})");
  EXPECT_EQ(routed("GET", "/sums/2/x"), R"(404 {"message":"Not Found"})");
  EXPECT_EQ(routed("GET", "/sums/2/99999999999"), R"(404 {"message":"Not Found"})");
  EXPECT_EQ(routed("GET", "/files"), R"(404 {"message":"Not Found"})");
  EXPECT_EQ(routed("PATCH", "/items"), R"(405 {"message":"Method Not Allowed"} GET, POST)");
  EXPECT_EQ(routed("POST", "/items"), R"(400 {"message":"the body is missing"})");
  EXPECT_EQ(routed("POST", "/items", "{}"), R"(400 {"message":"name: is required"})");
}

TEST(Router, KnowsStagesAndTheGatewaysOwnRoutes) {
  EXPECT_EQ(routed("GET", "/prod/items", "", R"(,"stage":"prod")"), "200 [1,2]");
  EXPECT_EQ(routed("GET", "/products", "", R"(,"stage":"prod")"), R"(404 {"message":"Not Found"})");
  // What the gateway has found is not looked for again: an id may hold a slash.
  const auto app = lambda::routes(
      lambda::route<"GET /items/{id}">([](std::string_view id) { return std::string(id); }));
  const lambda::HttpRequest request(
      R"({"version":"2.0","routeKey":"GET /items/{id}","rawPath":"/items/a/b",)"
      R"("pathParameters":{"id":"a/b"},"requestContext":{"http":{"method":"GET"}}})");
  stator1_invocation invocation{};
  EXPECT_EQ(app(request, lambda::Context(invocation)).body, "\"a/b\"");
}

}  // namespace
