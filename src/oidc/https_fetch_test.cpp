#include "oidc/https_fetch.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "http/server.hpp"

namespace stator::oidc {
namespace {

class HttpsFetch : public ::testing::Test {
 protected:
  HttpsFetch() {
    http::ServerOptions options;
    options.loops = 1;
    server.emplace(
        std::move(options),
        [this](http::Request&& request, http::Responder responder) {
          answer(request, std::move(responder));
        },
        clock, logger);
    server->start();
  }

  void answer(const http::Request& request, http::Responder responder) {
    http::Response response;
    response.body = request.method + " " + request.target;
    if (request.target == "/missing") response.status = 404;
    if (request.target == "/moved") {
      response.status = 302;
      response.headers.add("Location", url("/there"));
    }
    if (request.target == "/large") response.body = std::string(5'000, 'x');
    if (request.target == "/silent") return kept.emplace(std::move(responder)), void();
    std::move(responder).send(std::move(response));
  }

  [[nodiscard]] std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + std::string(path);
  }

  SystemClock clock;
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
  std::optional<http::Responder> kept;
  std::optional<http::Server> server;
};

TEST_F(HttpsFetch, ReadsOneSmallDocument) {
  const Fetch fetch = make_https_fetch({.bytes_max = 1'000});
  const auto page = fetch(url("/a/b?c"));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(*page, "GET /a/b?c");
  for (const auto* path : {"/missing", "/moved", "/large"}) {
    const auto refused = fetch(url(path));
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  }
  EXPECT_FALSE(fetch("file:///etc/hostname"));
  EXPECT_FALSE(fetch("not a url"));
}

TEST_F(HttpsFetch, GivesUp) {
  const Fetch fetch = make_https_fetch({.timeout = std::chrono::milliseconds(50)});
  EXPECT_EQ(fetch(url("/silent")).error().code, ErrorCode::kUnavailable);
  const std::string dead = url("/x");
  kept.reset();
  server.reset();
  EXPECT_EQ(fetch(dead).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace stator::oidc
