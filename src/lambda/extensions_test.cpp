#include "lambda/extensions.hpp"

#include <gtest/gtest.h>

#include <future>

#include "http/client.hpp"
#include "http/server.hpp"
#include "json/json.hpp"

namespace stator::lambda {
namespace {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// One instance's Extensions API behind HTTP.
class ExtensionsApi : public testing::Test {
 protected:
  ExtensionsApi()
      : extensions({"000000000000", "f", "$LATEST", "index.handler"}, {"agent"}, random),
        server(
            http::ServerOptions{.loops = 1},
            [this](http::Request&& request, http::Responder responder) {
              auto outcome = extensions.handle(request, std::move(responder));
              if (outcome.failure) failure = outcome.failure;
            },
            clock, logger) {
    server.start();
  }
  http::Response call(const std::string& method, const std::string& verb,
                      const HeaderList& headers = {}, const std::string& body = "") {
    http::Client client(http::Endpoint{"127.0.0.1", server.port(), false},
                        std::chrono::seconds(20));
    http::Request request;
    request.method = method;
    request.target = "/2020-01-01/extension/" + verb;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.body = body;
    auto response = client.send(request);
    return response ? *response : http::Response{.status = 0};
  }
  http::Response register_as(const std::string& name,
                             const std::string& events = R"(["INVOKE","SHUTDOWN"])") {
    return call("POST", "register", {{"Lambda-Extension-Name", name}},
                R"({"events":)" + events + "}");
  }
  std::string identifier_of(const std::string& name,
                            const std::string& events = R"(["INVOKE","SHUTDOWN"])") {
    return std::string(register_as(name, events).headers.get("Lambda-Extension-Identifier"));
  }
  /// Asks for an event, and returns once the question is there.
  std::future<http::Response> next(const std::string& identifier) {
    auto answer = std::async(std::launch::async, [this, identifier] {
      return call("GET", "event/next", {{"Lambda-Extension-Identifier", identifier}});
    });
    return answer;
  }
  void wait_until_ready() const {
    while (!extensions.are_ready()) std::this_thread::yield();
  }
  static std::string type_of(const http::Response& response) {
    const auto body = json::parse_object(response.body);
    return std::to_string(response.status) + " " +
           (body ? json::find_string(*body, "errorType").value_or("") : "");
  }
  static Delivery delivery() {
    Delivery delivery;
    delivery.request_id = "id";
    delivery.trace_id = "Root=1";
    delivery.deadline = from_epoch_ms(1'000);
    return delivery;
  }

  SystemClock clock;
  SystemRandom random;
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
  Extensions extensions;
  std::optional<Failure> failure;
  http::Server server;
};

TEST_F(ExtensionsApi, OwnsItsPaths) {
  EXPECT_TRUE(Extensions::owns("/2020-01-01/extension/register"));
  EXPECT_FALSE(Extensions::owns("/2018-06-01/runtime/invocation/next"));
  EXPECT_EQ(type_of(call("GET", "register")), "404 NotFound");
}

TEST_F(ExtensionsApi, RegistersAndTellsOfTheFunction) {
  EXPECT_TRUE(extensions.any());
  const auto plain = register_as("agent");
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.body,
            R"({"functionName":"f","functionVersion":"$LATEST","handler":"index.handler"})");
  EXPECT_EQ(plain.headers.get("Lambda-Extension-Identifier").size(), 36u);
  const auto with_account = call(
      "POST", "register",
      {{"Lambda-Extension-Name", "inner"}, {"Lambda-Extension-Accept-Feature", "other, accountId"}},
      "{}");
  EXPECT_NE(with_account.body.find(R"("accountId":"000000000000")"), std::string::npos);
}

TEST_F(ExtensionsApi, RefusesRegistrationsByType) {
  EXPECT_EQ(type_of(call("POST", "register")), "403 Extension.InvalidExtensionName");
  EXPECT_EQ(type_of(register_as("agent", "1")), "403 InvalidRequestFormat");
  EXPECT_EQ(type_of(register_as("agent", R"(["NOTHING"])")), "403 Extension.InvalidEventType");
  EXPECT_EQ(type_of(register_as("inner", R"(["SHUTDOWN"])")), "403 Extension.InvalidEventType")
      << "the runtime's own process gets no SHUTDOWN";
  EXPECT_EQ(register_as("agent").status, 200);
  EXPECT_EQ(type_of(register_as("agent")), "403 Extension.InvalidExtensionState");
  for (std::size_t i = 1; i < Extensions::kExtensionsMax; ++i) {
    EXPECT_EQ(register_as("inner" + std::to_string(i), "[]").status, 200);
  }
  EXPECT_EQ(type_of(register_as("more", "[]")), "403 Extension.TooManyExtensions");
  extensions.close_registration();
  EXPECT_EQ(type_of(register_as("late", "[]")), "403 Extension.RegistrationClosed");
}

TEST_F(ExtensionsApi, WantsAKnownIdentifier) {
  EXPECT_EQ(type_of(call("GET", "event/next")), "403 Extension.MissingExtensionIdentifier");
  EXPECT_EQ(type_of(call("GET", "event/next", {{"Lambda-Extension-Identifier", "x"}})),
            "403 Extension.UnknownExtensionIdentifier");
}

TEST_F(ExtensionsApi, IsReadyWhenAllWait) {
  EXPECT_FALSE(extensions.are_ready()) << "the external one has not registered";
  const auto agent = identifier_of("agent");
  const auto inner = identifier_of("inner", "[]");
  auto first = next(agent);
  auto second = next(inner);
  wait_until_ready();
  extensions.invoke(delivery(), "arn:f");
  EXPECT_FALSE(extensions.are_ready());
  const auto event = first.get();
  EXPECT_EQ(event.body, R"({"eventType":"INVOKE","deadlineMs":1000,"requestId":"id",)"
                        R"("invokedFunctionArn":"arn:f",)"
                        R"("tracing":{"type":"X-Amzn-Trace-Id","value":"Root=1"}})");
  EXPECT_FALSE(event.headers.get("Lambda-Extension-Event-Identifier").empty());
  first = next(agent);
  wait_until_ready();
  EXPECT_EQ(second.wait_for(std::chrono::seconds(0)), std::future_status::timeout)
      << "it has not asked for INVOKE";
  extensions.close();
}

TEST_F(ExtensionsApi, TellsOfTheShutdownOnce) {
  const auto agent = identifier_of("agent");
  auto waiting = next(agent);
  wait_until_ready();
  extensions.shut_down("SPINDOWN", from_epoch_ms(2'000));
  EXPECT_EQ(waiting.get().body,
            R"({"eventType":"SHUTDOWN","deadlineMs":2000,"shutdownReason":"SPINDOWN"})");
  waiting = next(agent);
  wait_until_ready();
  extensions.close();
  EXPECT_NE(waiting.get().status, 200);
}

TEST_F(ExtensionsApi, TellsOfTheShutdownWhenNextAsked) {
  const auto agent = identifier_of("agent");
  extensions.shut_down("TIMEOUT", from_epoch_ms(2'000));
  EXPECT_NE(next(agent).get().body.find(R"("shutdownReason":"TIMEOUT")"), std::string::npos);
}

TEST_F(ExtensionsApi, PassesErrorsOn) {
  const auto agent = identifier_of("agent");
  const HeaderList headers{{"Lambda-Extension-Identifier", agent},
                           {"Lambda-Extension-Function-Error-Type", "Extension.Bad"}};
  EXPECT_EQ(type_of(call("POST", "init/error", {{"Lambda-Extension-Identifier", agent}})),
            "403 Extension.MissingHeader");
  EXPECT_EQ(call("POST", "init/error", headers, R"({"errorMessage":"no key"})").status, 202);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->error_type, "Extension.InitError");
  EXPECT_EQ(failure->message, "Extension.Bad: no key");
  EXPECT_EQ(type_of(next(agent).get()), "403 Extension.InvalidExtensionState");
  EXPECT_EQ(type_of(call("POST", "exit/error", headers)), "403 Extension.InvalidExtensionState");

  const auto inner = identifier_of("inner", "[]");
  extensions.close_registration();
  EXPECT_EQ(call("POST", "exit/error",
                 {{"Lambda-Extension-Identifier", inner},
                  {"Lambda-Extension-Function-Error-Type", "Extension.Gone"}})
                .status,
            202);
  EXPECT_EQ(failure->error_type, "Extension.ExitError");
  EXPECT_EQ(failure->message, "Extension.Gone");
}

}  // namespace
}  // namespace stator::lambda
