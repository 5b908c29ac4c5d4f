#include "server/own_pages.hpp"

#include <gtest/gtest.h>

#include <future>

#include "base/scheduler.hpp"
#include "http/client.hpp"
#include "log/log.hpp"
#include "storage/store.hpp"

namespace stator::server {
namespace {

/// Lets in whom the header names, and lets ann of account 123 read what it was told.
class Door final : public aws::Authenticator, public aws::Authorizer {
 public:
  Result<aws::Principal> authenticate(const http::Request& request, std::string_view service,
                                      WallTime) override {
    EXPECT_EQ(service, "apigateway");
    const auto caller = request.headers.find("x-caller");
    if (!caller) return Error{ErrorCode::kUnauthenticated, "no signature"};
    return aws::Principal{.account = std::string(*caller)};
  }
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    for (const auto& need : needs) {
      if (need.action + " " + need.resource != allowed) {
        return Error{ErrorCode::kAccessDenied, "not " + need.resource};
      }
    }
    return {};
  }
  std::string allowed = "apigateway:GET arn:aws:apigateway:eu-west-1::/apis";
};

class OwnPagesTest : public testing::Test {
 protected:
  OwnPagesTest() {
    call_.account = "123";
    call_.region = "eu-west-1";
    api_ = make_api();
    server_.start();
  }
  ~OwnPagesTest() override {
    watch_.followers().close();
    server_.stop(std::chrono::milliseconds(0));
  }

  std::string make_api() {
    const auto api = apis_.create(call_, apigateway::Kind::kApi, "", {{"name", "n"}});
    std::string id = *json::find_string(*api, "apiId");
    // An API without routes is not deployed.
    EXPECT_TRUE(apis_.create(call_, apigateway::Kind::kRoute, id, {{"routeKey", "$default"}}));
    EXPECT_TRUE(apis_.create(call_, apigateway::Kind::kStage, id, {{"stageName", "dev"}}));
    return id;
  }

  static http::Request request(const std::string& target, const char* caller = "123") {
    http::Request result{.method = "GET", .target = target};
    if (*caller != '\0') result.headers.add("x-caller", caller);
    return result;
  }
  http::Response send(const http::Request& request) {
    auto response = http::Client({"127.0.0.1", server_.port()}).send(request);
    EXPECT_TRUE(response);
    return response ? *std::move(response) : http::Response{};
  }

  FakeClock clock_;
  FakeScheduler scheduler_{clock_};
  SystemRandom random_;
  log::Logger logger_{clock_, log::Level::kError, log::stderr_sink()};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  apigateway::Apis apis_{*store_, random_, ".x"};
  apigateway::Watch watch_{{scheduler_, clock_}};
  Door door_;
  cloudformation::CustomResponses custom_responses_{random_, "http://127.0.0.1:1"};
  OwnPages pages_{
      {apis_, watch_, door_, door_, clock_, "eu-west-1", [] { return "{}"; }, custom_responses_}};
  http::Server server_{{.loops = 1},
                       [this](http::Request&& request, http::Responder responder) {
                         pages_.handle(std::move(request), std::move(responder));
                       },
                       clock_,
                       logger_};
  aws::Call call_;
  std::string api_;
};

TEST_F(OwnPagesTest, TellHealthToAnyone) {
  EXPECT_EQ(send(request("/_stator/health", "")).body, "{}");
  const auto missing = send(request("/_stator/nothing", ""));
  EXPECT_EQ(missing.status, 404);
  EXPECT_NE(missing.body.find("GET /_stator/nothing"), std::string::npos);
}

TEST_F(OwnPagesTest, TakeTheAnswersOfCustomResources) {
  const auto awaited = custom_responses_.open();
  ASSERT_TRUE(awaited->url().starts_with("http://127.0.0.1:1/"));
  http::Request answer{.method = "PUT", .target = awaited->url().substr(18)};
  answer.body = "yes";
  const auto answered = send(answer);
  EXPECT_EQ(answered.status, 200);
  EXPECT_EQ(awaited->wait(std::chrono::milliseconds(0)), "yes");
  EXPECT_EQ(send({.method = "PUT", .target = "/_stator/cloudformation/other"}).status, 404);
}

TEST_F(OwnPagesTest, TellTheOwnersFiguresToTheOwner) {
  EXPECT_EQ(send(request("/_stator/metrics", "")).status, 403);
  const auto page = send(request("/_stator/metrics"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(page.body.find("stator_apigateway_requests_total{api=\"" + api_), std::string::npos);
  EXPECT_NE(page.body.find("stator_apigateway_access_log_lines_lost_total 0\n"), std::string::npos);
  const auto other = send(request("/_stator/metrics", "456"));
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(other.body.find(api_), std::string::npos);
  door_.allowed = "";
  EXPECT_EQ(send(request("/_stator/metrics")).status, 403);
}

TEST_F(OwnPagesTest, LetNobodyFollowWhoMayNotReadTheApi) {
  EXPECT_EQ(send(request("/_stator/requests?api=" + api_)).status, 403);
  door_.allowed = "apigateway:GET arn:aws:apigateway:eu-west-1::/apis/" + api_;
  EXPECT_EQ(send(request("/_stator/requests?api=" + api_, "")).status, 403);
  EXPECT_EQ(send(request("/_stator/requests?api=" + api_, "456")).status, 404);
  EXPECT_EQ(send(request("/_stator/requests")).status, 400);
  EXPECT_EQ(send(request("/_stator/requests?api=a&api=b")).status, 400);
  EXPECT_FALSE(watch_.followers().any());
}

TEST_F(OwnPagesTest, TellAFollowerEachLineUntilTheEnd) {
  door_.allowed = "apigateway:GET arn:aws:apigateway:eu-west-1::/apis/" + api_;
  std::string body;
  std::promise<void> begun;
  auto followed = std::async(std::launch::async, [&] {
    return http::Client({"127.0.0.1", server_.port()})
        .follow(request("/_stator/requests?api=" + api_), [&](std::string_view piece) {
          if (body.empty()) begun.set_value();
          body += piece;
          return true;
        });
  });
  begun.get_future().wait();
  watch_.followers().publish(api_, "{\"a\":1}");
  watch_.followers().publish("other", "{\"b\":2}");
  watch_.followers().publish(api_, "{\"c\":3}");
  watch_.followers().close();
  const auto answer = followed.get();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.get("content-type"), "application/x-ndjson");
  EXPECT_EQ(body, "\n{\"a\":1}\n{\"c\":3}\n");
}

}  // namespace
}  // namespace stator::server
