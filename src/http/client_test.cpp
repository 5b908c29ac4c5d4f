#include "http/client.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "http/response_parser.hpp"
#include "http/server.hpp"
#include "http/test_socket.hpp"

namespace stator::http {
namespace {

using namespace std::chrono_literals;

TEST(Endpoint, ReadsUrls) {
  struct Case {
    std::string_view url;
    std::string_view host;
    int port;
    bool is_secure;
  };
  for (const auto& [url, host, port, is_secure] : {
           Case{"http://localhost:4566", "localhost", 4566, false},
           Case{"http://127.0.0.1/", "127.0.0.1", 80, false},
           Case{"https://dynamodb.eu-west-1.amazonaws.com", "dynamodb.eu-west-1.amazonaws.com", 443,
                true},
           Case{"http://[::1]:80", "::1", 80, false},
       }) {
    const auto endpoint = Endpoint::parse(url);
    ASSERT_TRUE(endpoint) << url;
    EXPECT_EQ(endpoint->host, host);
    EXPECT_EQ(endpoint->port, port);
    EXPECT_EQ(endpoint->is_secure, is_secure);
  }
  for (const auto* url :
       {"", "localhost:80", "ftp://x", "http://", "http://x:0", "http://x:99999", "http://x:1y",
        "http://x/path", "http://u@x", "http://[::1", "http://x:"}) {
    EXPECT_FALSE(Endpoint::parse(url)) << url;
  }
}

class HttpClient : public testing::Test {
 protected:
  HttpClient() { server_.start(); }
  [[nodiscard]] Endpoint endpoint() const { return {"localhost", server_.port(), false}; }

  static void handle(Request&& request, Responder responder) {
    Response response;
    response.headers.add("X-Host", std::string(request.headers.get("host")));
    response.body = request.method + " " + request.target + " " + request.body;
    if (request.target == "/streamed") {
      auto writer = std::move(responder).stream(std::move(response));
      (void)writer.write("!");
      return writer.finish();
    }
    std::move(responder).send(std::move(response));
  }

  SystemClock clock_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  Server server_{{.loops = 1, .idle_timeout = 5s}, handle, clock_, logger_};
};

TEST_F(HttpClient, FollowsABodyPieceByPiece) {
  Client client(endpoint());
  std::string body;
  const auto answer = client.follow({.method = "GET", .target = "/streamed"}, [&](auto piece) {
    body += piece;
    return true;
  });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(body, "GET /streamed !");
  int pieces = 0;
  EXPECT_TRUE(client.follow({.method = "GET", .target = "/streamed"}, [&](auto) {
    ++pieces;
    return false;
  }));
  EXPECT_EQ(pieces, 1);
}

TEST_F(HttpClient, SendsAndReads) {
  Client client(endpoint());
  const std::string large(3'000'000, 'x');
  for (const auto& body : {std::string("hi"), large}) {
    const auto answer = client.send({.method = "POST", .target = "/p?q", .body = body});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "POST /p?q " + body);
    EXPECT_EQ(answer->headers.get("x-host"), "localhost:" + std::to_string(server_.port()));
  }
  const auto streamed = client.send({.method = "GET", .target = "/streamed"});
  ASSERT_TRUE(streamed);
  EXPECT_EQ(streamed->body, "GET /streamed !");
  const auto head = client.send({.method = "HEAD", .target = "/h"});
  ASSERT_TRUE(head);
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(head->headers.get("content-length"), "8");
}

TEST_F(HttpClient, FindsNamesBelowLocalhost) {
  Client client({"a1b2.execute-api.localhost", server_.port(), false});
  const auto answer = client.send({.method = "GET", .target = "/"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->headers.get("x-host").starts_with("a1b2.execute-api.localhost:"));
}

TEST_F(HttpClient, RefusesToSendWhatWouldSplit) {
  Client client(endpoint());
  Request request{.method = "GET", .target = "/"};
  request.headers.add("X", "a\r\nY: b");
  EXPECT_EQ(client.send(request).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(client.send({.method = "GET", .target = "/ HTTP/1.1"}).error().code,
            ErrorCode::kInvalid);
}

/// Listens and hands each connection to `serve`, one after another.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::function<void(int)>> scripts) {
    listener_ = listen_somewhere(port_);
    thread_ = std::thread([this, scripts = std::move(scripts)] {
      for (const auto& script : scripts) {
        UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
        script(client.get());
      }
    });
  }
  ~ScriptedServer() { thread_.join(); }
  [[nodiscard]] Endpoint endpoint() const { return {"127.0.0.1", port_, false}; }

  static void read_request(int client) {
    std::string all;
    char byte = 0;
    while (!all.ends_with("\r\n\r\n") && ::recv(client, &byte, 1, 0) == 1) all.push_back(byte);
  }
  static void write(int client, std::string_view bytes) {
    (void)!::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

 private:
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::function<void(int)> answering(std::string bytes) {
  return [bytes = std::move(bytes)](int client) {
    ScriptedServer::read_request(client);
    ScriptedServer::write(client, bytes);
  };
}

TEST(HttpClientAlone, TriesOnceMoreWhenTheServerHadClosed) {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
  ScriptedServer server({answering(ok + "ab"), answering(ok + "cd")});
  Client client(server.endpoint());
  const Request request{.method = "GET", .target = "/"};
  EXPECT_EQ(client.send(request)->body, "ab");
  EXPECT_EQ(client.send(request)->body, "cd");
}

TEST(HttpClientAlone, PassesOverInterimAnswersAndReadsToTheEnd) {
  ScriptedServer server(
      {answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n\r\nto the end")});
  Client client(server.endpoint());
  EXPECT_EQ(client.send({.method = "GET", .target = "/"})->body, "to the end");
}

TEST(HttpClientAlone, ReportsBrokenAnswers) {
  for (const auto* bytes : {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", "SSH-2.0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
                            "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"}) {
    ScriptedServer server({answering(bytes)});
    Client client(server.endpoint());
    const auto answer = client.send({.method = "GET", .target = "/"});
    ASSERT_FALSE(answer) << bytes;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  }
}

TEST(HttpClientAlone, GivesUpInTime) {
  std::promise<void> over;
  ScriptedServer server({[&](int) { over.get_future().wait(); }});
  Client client(server.endpoint(), 20ms);
  EXPECT_EQ(client.send({.method = "GET", .target = "/"}).error().code, ErrorCode::kTimeout);
  over.set_value();
}

TEST(HttpClientAlone, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    ScriptedServer gone({});
    port = gone.endpoint().port;
  }
  Client client({"127.0.0.1", port, false});
  const auto answer = client.send({.method = "GET", .target = "/"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(answer.error().message.find(std::to_string(port)), std::string::npos);
}

TEST(HttpClientAlone, DoesNotTakePlainBytesForTls) {
  ScriptedServer server(
      {[](int client) { ScriptedServer::write(client, "HTTP/1.1 400 Bad Request\r\n\r\n"); }});
  auto endpoint = server.endpoint();
  endpoint.is_secure = true;
  Client client(endpoint);
  EXPECT_EQ(client.send({.method = "GET", .target = "/"}).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace stator::http
