#include "http/upstream.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "http/server.hpp"
#include "http/test_certificates.hpp"
#include "http/test_socket.hpp"

namespace stator::http {
namespace {

using namespace std::chrono_literals;

/// A server by hand: gives each connection in turn to `serve`.
class RawServer {
 public:
  using Serve = std::function<void(int connection, unsigned number)>;
  explicit RawServer(unsigned connections, Serve serve) {
    listener_ = listen_somewhere(port_);
    thread_ = std::thread([this, connections, serve = std::move(serve)] {
      for (unsigned i = 0; i < connections; ++i) {
        const UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
        serve(client.get(), i);
      }
    });
  }
  ~RawServer() { thread_.join(); }
  [[nodiscard]] Endpoint endpoint() const { return {"127.0.0.1", port_, false}; }

  static void answer(int connection, std::string_view bytes) {
    char request[4096];
    if (::recv(connection, request, sizeof(request), 0) > 0) {
      (void)!::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
  }

 private:
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class UpstreamTest : public testing::Test {
 protected:
  UpstreamTest() { server_.start(); }

  [[nodiscard]] Endpoint endpoint() const { return {"localhost", server_.port(), false}; }

  static Result<Response> ask(Upstream& upstream, UpstreamRequest request) {
    std::promise<Result<Response>> answered;
    upstream.send(std::move(request),
                  [&answered](Result<Response> answer) { answered.set_value(std::move(answer)); });
    return answered.get_future().get();
  }
  [[nodiscard]] UpstreamRequest get(std::string target) const {
    return {endpoint(), {.method = "GET", .target = std::move(target)}};
  }

  SystemClock clock_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  std::promise<Responder> held_;
  Server server_{{.loops = 1},
                 [this](Request&& request, Responder responder) {
                   if (request.target == "/held") return held_.set_value(std::move(responder));
                   Response response;
                   response.headers.add("x-host", std::string(request.headers.get("host")));
                   response.body = request.method + " " + request.target + " " + request.body;
                   if (request.target == "/large") response.body.assign(3u << 20, 'x');
                   std::move(responder).send(std::move(response));
                 },
                 clock_,
                 logger_};
};

TEST_F(UpstreamTest, SendsAndReadsOverOneKeptConnection) {
  Upstream upstream;
  upstream.start();
  for (int i = 0; i < 3; ++i) {
    UpstreamRequest request{endpoint(), {.method = "POST", .target = "/a?b=1"}};
    request.message.body = "body";
    const auto answer = ask(upstream, std::move(request));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "POST /a?b=1 body");
    EXPECT_EQ(answer->headers.get("x-host"), "localhost:" + std::to_string(server_.port()));
    EXPECT_EQ(upstream.idle(), 1u);
  }
  EXPECT_EQ(ask(upstream, get("/large"))->body.size(), 3u << 20);
  UpstreamRequest large{endpoint(), {.method = "PUT", .target = "/"}};
  large.message.body.assign(4u << 20, 'y');
  EXPECT_EQ(ask(upstream, std::move(large))->body.size(), (4u << 20) + 6);
  UpstreamRequest head{endpoint(), {.method = "HEAD", .target = "/large"}};
  EXPECT_EQ(ask(upstream, std::move(head))->body, "");
  EXPECT_EQ(upstream.idle(), 1u);
}

TEST_F(UpstreamTest, SaysWhyThereIsNoAnswer) {
  Upstream upstream({.body_bytes_max = 1u << 20});
  upstream.start();
  std::uint16_t port = 0;
  listen_somewhere(port).reset();
  const auto refused =
      ask(upstream, {{"127.0.0.1", port, false}, {.method = "GET", .target = "/"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("refused"), std::string::npos);
  EXPECT_EQ(ask(upstream, get("/a b")).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(ask(upstream, get("/large")).error().message, "the body is too large");
  const RawServer broken(
      1, [](int client, unsigned) { RawServer::answer(client, "nonsense\r\n\r\n"); });
  EXPECT_EQ(ask(upstream, {broken.endpoint(), {.method = "GET", .target = "/"}}).error().code,
            ErrorCode::kUnavailable);
}

TEST_F(UpstreamTest, GivesUpWhenTimeIsOverOrWhenToldTo) {
  Upstream upstream;
  upstream.start();
  auto slow = get("/held");
  slow.timeout = 50ms;
  EXPECT_EQ(ask(upstream, std::move(slow)).error().code, ErrorCode::kTimeout);
  (void)held_.get_future().get();

  held_ = {};
  std::promise<Result<Response>> answered;
  const auto cancel = upstream.send(get("/held"), [&answered](Result<Response> answer) {
    answered.set_value(std::move(answer));
  });
  const Responder responder = held_.get_future().get();
  cancel();
  cancel();
  EXPECT_EQ(answered.get_future().get().error().message, "given up");
  EXPECT_EQ(upstream.idle(), 0u);
}

TEST_F(UpstreamTest, SendsNoMoreAtOnceThanItMay) {
  Upstream upstream({.in_flight_max = 1});
  upstream.start();
  std::promise<Result<Response>> answered;
  upstream.send(get("/held"),
                [&answered](Result<Response> answer) { answered.set_value(std::move(answer)); });
  EXPECT_EQ(ask(upstream, get("/")).error().code, ErrorCode::kThrottled);
  Responder responder = held_.get_future().get();
  std::move(responder).send({200, {}, "late"});
  EXPECT_EQ(answered.get_future().get()->body, "late");
  EXPECT_TRUE(ask(upstream, get("/")));
}

TEST_F(UpstreamTest, StoppingAnswersWhatIsOnItsWay) {
  std::promise<Result<Response>> answered;
  Upstream upstream;
  upstream.start();
  upstream.send(get("/held"),
                [&answered](Result<Response> answer) { answered.set_value(std::move(answer)); });
  const Responder responder = held_.get_future().get();
  upstream.stop();
  EXPECT_EQ(answered.get_future().get().error().message, "the server is stopping");
  EXPECT_EQ(ask(upstream, get("/")).error().code, ErrorCode::kUnavailable);
}

/// Answers the first connection once and closes it at the second request, unanswered.
void answer_once(int connection, unsigned number) {
  RawServer::answer(connection, kOk);
  char more[4096];
  if (number == 0) (void)!::recv(connection, more, sizeof(more), 0);
}

TEST_F(UpstreamTest, AsksAgainWhereThatDoesNoHarm) {
  Upstream upstream;
  upstream.start();
  const RawServer server(2, answer_once);
  for (int i = 0; i < 2; ++i) {
    const auto answer = ask(upstream, {server.endpoint(), {.method = "GET", .target = "/"}});
    ASSERT_TRUE(answer) << i << answer.error().message;
  }
}

TEST_F(UpstreamTest, DoesNotPostTwice) {
  Upstream upstream;
  upstream.start();
  const RawServer server(1, answer_once);
  const UpstreamRequest post{server.endpoint(), {.method = "POST", .target = "/"}};
  EXPECT_TRUE(ask(upstream, post));
  EXPECT_EQ(ask(upstream, post).error().code, ErrorCode::kUnavailable);
}

TEST_F(UpstreamTest, AnUnaskedAnswerEndsTheConnection) {
  Upstream upstream;
  upstream.start();
  const RawServer server(1, [](int client, unsigned) {
    RawServer::answer(client, std::string(kOk) + "HTTP/1.1 200 OK\r\n");
  });
  EXPECT_TRUE(ask(upstream, {server.endpoint(), {.method = "GET", .target = "/"}}));
  EXPECT_EQ(upstream.idle(), 0u);
}

TEST_F(UpstreamTest, SpeaksTlsWithWhomItTrusts) {
  const TestCertificate authority("authority");
  const TestCertificate own("own", "localhost", &authority);
  ServerOptions options{.loops = 1};
  options.tls = [context = own.context()](std::string_view) { return context; };
  Server server(
      std::move(options),
      [](Request&& request, Responder responder) {
        std::move(responder).send({200, {}, request.is_secure ? "secure" : "plain"});
      },
      clock_, logger_);
  server.start();
  const auto file = std::filesystem::path(testing::TempDir()) /
                    ("authority-" + std::to_string(server.tls_port()) + ".pem");
  std::ofstream(file) << authority.pem();
  Upstream trusting({.authorities_file = file.string()});
  trusting.start();
  const Endpoint secure{"localhost", server.tls_port(), true};
  for (int i = 0; i < 2; ++i) {
    const auto answer = ask(trusting, {secure, {.method = "GET", .target = "/"}});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "secure");
    EXPECT_EQ(trusting.idle(), 1u);
  }
  const auto other = ask(trusting, {secure, {.method = "GET", .target = "/"}, 5s, "other.example"});
  EXPECT_NE(other.error().message.find("not trusted"), std::string::npos) << other.error().message;
  const Endpoint by_address{"127.0.0.1", server.tls_port(), true};
  EXPECT_FALSE(ask(trusting, {by_address, {.method = "GET", .target = "/"}}));
  EXPECT_TRUE(ask(trusting, {by_address, {.method = "GET", .target = "/"}, 5s, "localhost"}));
  Upstream careful;
  careful.start();
  EXPECT_NE(
      ask(careful, {secure, {.method = "GET", .target = "/"}}).error().message.find("not trusted"),
      std::string::npos);
  std::filesystem::remove(file);
}

TEST(HopByHop, FieldsAreTakenAwayThoseThatConnectionNamesToo) {
  Headers headers;
  for (const auto& [name, value] : std::vector<Headers::Field>{{"Connection", "close, X-Own"},
                                                               {"x-own", "1"},
                                                               {"Keep-Alive", "5"},
                                                               {"TE", "trailers"},
                                                               {"Upgrade", "h2c"},
                                                               {"X-Kept", "2"}}) {
    headers.add(name, value);
  }
  remove_hop_by_hop(headers);
  ASSERT_EQ(headers.fields().size(), 1u);
  EXPECT_EQ(headers.get("x-kept"), "2");
}

}  // namespace
}  // namespace stator::http
