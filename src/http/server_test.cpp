#include "http/server.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "base/check.hpp"
#include "http/test_socket.hpp"

namespace stator::http {
namespace {

using testing::TestWithParam;
using namespace std::chrono_literals;

Response text(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

/// Responders that handlers left for the test to answer.
class Parked {
 public:
  void put(Responder responder) {
    const std::lock_guard lock(mutex_);
    responders_.push_back(std::move(responder));
    arrived_.notify_all();
  }
  Responder take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !responders_.empty(); });
    auto responder = std::move(responders_.front());
    responders_.erase(responders_.begin());
    return responder;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Responder> responders_;
};

class HttpServer : public testing::Test {
 protected:
  void serve(Handler handler, ServerOptions options = {}) {
    if (options.loops == 0) options.loops = 2;
    server_.emplace(std::move(options), std::move(handler), clock_, logger_);
    server_->start();
  }
  /// Answers "METHOD target body".
  static void echo(Request&& request, Responder responder) {
    std::move(responder).send(text(request.method + " " + request.target + " " + request.body));
  }
  [[nodiscard]] TestSocket connect() const { return TestSocket(server_->port()); }

  SystemClock clock_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  Parked parked_;
  std::optional<Server> server_;
};

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(HttpServer, AnswersAndKeepsTheConnection) {
  serve(echo);
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")) << answer;
    EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
    EXPECT_EQ(answer.find("Connection:"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nPOST /x hi")) << answer;
  }
}

TEST_F(HttpServer, TellsTheHandlerWhoCalls) {
  serve([](Request&& request, Responder responder) {
    std::move(responder).send(text(request.peer));
  });
  auto client = connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().ends_with("\r\n127.0.0.1"));
}

TEST_F(HttpServer, TakesOneByteAtATime) {
  serve(echo);
  auto client = connect();
  for (const char byte : std::string_view("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked"
                                          "\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")) {
    client.send(std::string_view(&byte, 1));
  }
  EXPECT_TRUE(client.read_answer().ends_with("PUT /x abc"));
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
  // The first is answered last, by another thread; more come than may be under way at once.
  serve([&](Request&& request, Responder responder) {
    if (request.target == "/0") return parked_.put(std::move(responder));
    echo(std::move(request), std::move(responder));
  });
  constexpr int kCount = 50;
  std::string requests;
  for (int i = 0; i < kCount; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  auto client = connect();
  client.send(requests);
  parked_.take().send(text("GET /0 "));
  for (int i = 0; i < kCount; ++i) {
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.ends_with("\r\nGET /" + std::to_string(i) + " ")) << answer;
  }
}

TEST_F(HttpServer, AnswersLaterFromAnotherThread) {
  serve([this](Request&&, Responder responder) { parked_.put(std::move(responder)); });
  auto client = connect();
  for (int i = 0; i < 20; ++i) {
    client.send(kGet);
    parked_.take().send(text("later"));
    EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nlater"));
  }
}

TEST_F(HttpServer, AnswersWithManyConnectionsAtOnce) {
  serve([this](Request&&, Responder responder) { parked_.put(std::move(responder)); });
  std::vector<TestSocket> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(connect());
  for (auto& client : clients) client.send(kGet);
  for (int i = 0; i < 50; ++i) parked_.take().send(text("ok"));
  for (auto& client : clients) EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nok"));
}

TEST_F(HttpServer, SendsNoBodyToHead) {
  serve([](Request&& request, Responder responder) {
    auto response = text(request.target == "/made" ? "12345" : "");
    if (request.target == "/told") response.headers.add("Content-Length", "77");
    std::move(responder).send(std::move(response));
  });
  auto client = connect();
  client.send("HEAD /made HTTP/1.1\r\nHost: h\r\n\r\nHEAD /told HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.read_to("\r\n\r\n").find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_NE(client.read_to("\r\n\r\n").find("Content-Length: 77\r\n"), std::string::npos);
}

TEST_F(HttpServer, SendsNoBodyWhereTheStatusForbidsOne) {
  serve([](Request&& request, Responder responder) {
    std::move(responder).send(text("dropped", request.target == "/304" ? 304 : 204));
  });
  auto client = connect();
  client.send("GET /204 HTTP/1.1\r\nHost: h\r\n\r\nGET /304 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.read_to("\r\n\r\n").starts_with("HTTP/1.1 204 No Content\r\n"));
  const auto second = client.read_to("\r\n\r\n");
  EXPECT_TRUE(second.starts_with("HTTP/1.1 304 ")) << second;
  EXPECT_EQ(second.find("Content-Length"), std::string::npos);
}

TEST_F(HttpServer, Answers500WhenAHandlerFails) {
  serve([](Request&& request, Responder responder) {
    if (request.target == "/throws") throw BugError("fault");
    if (request.target == "/splits") {
      auto response = text("x");
      response.headers.add("X", "a\r\nSet-Cookie: forged");
      return std::move(responder).send(std::move(response));
    }
    // else dropped
  });
  auto client = connect();
  for (const auto* target : {"/throws", "/splits", "/drops"}) {
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n")) << answer;
    EXPECT_EQ(answer.find("forged"), std::string::npos);
  }
}

TEST_F(HttpServer, SendsContinueWhenTheBodyIsAwaited) {
  serve(echo);
  auto client = connect();
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_TRUE(client.read_answer().ends_with("PUT /x ab"));
  // Not when the body came along.
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServer, SendsContinueAfterTheAnswersBefore) {
  serve([this](Request&& request, Responder responder) {
    if (request.method == "GET") return parked_.put(std::move(responder));
    echo(std::move(request), std::move(responder));
  });
  auto client = connect();
  client.send(std::string(kGet) +
              "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  parked_.take().send(text("first"));
  EXPECT_TRUE(client.read_answer().ends_with("first"));
  EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_TRUE(client.read_answer().ends_with("PUT /x ab"));
}

TEST_F(HttpServer, RefusesALargeBodyBeforeItIsSent) {
  serve(echo, {.body_bytes_max = 10});
  auto client = connect();
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  const auto answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 Content Too Large\r\n")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(HttpServer, LetsTheRefusalArriveWhileTheClientStillSends) {
  serve(echo, {.body_bytes_max = 1000});
  auto client = connect();
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
  client.send(std::string(3'000'000, 'x'));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpServer, BoundsWhatAllClientsUploadAtOnce) {
  // On one loop, what was sent first is read first, so an answer means that earlier bytes arrived.
  serve(echo, {.loops = 1, .in_flight_bytes_max = 1000});
  const std::string head = "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n";
  auto first = connect();
  first.send(head + std::string(600, 'x'));
  auto second = connect();
  second.send(kGet);
  EXPECT_TRUE(second.read_answer().starts_with("HTTP/1.1 200 "));
  second.send(head + std::string(600, 'x'));
  EXPECT_TRUE(second.read_all().starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  first.send(std::string(300, 'x'));
  EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200 "));
  // What was counted in is free again.
  auto third = connect();
  third.send(head + std::string(600, 'x'));
  first.send(kGet);
  EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200 "));
  third.send(std::string(300, 'x'));
  EXPECT_TRUE(third.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, RefusesMalformedRequestsAndCloses) {
  serve(echo, {.header_bytes_max = 200});
  const std::pair<std::string, std::string> cases[] = {
      {"GET / HTTP/1.1\n\n", "400"},
      {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", "505"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400"},
      {"GET /" + std::string(300, 'x'), "431"},
  };
  for (const auto& [input, status] : cases) {
    auto client = connect();
    client.send(std::string(kGet) + input + std::string(kGet));
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 ")) << input;
    const auto answer = client.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status)) << answer;
    EXPECT_EQ(answer.find("HTTP/1.1 200"), std::string::npos) << "what followed was served";
  }
}

TEST_F(HttpServer, ClosesWhenAsked) {
  serve(echo);
  auto client = connect();
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + std::string(kGet));
  const auto answer = client.read_all();
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("GET /1 ")) << answer;
}

TEST_F(HttpServer, ServesHttp10) {
  serve(echo);
  auto client = connect();
  client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(client.read_answer().find("Connection: keep-alive\r\n"), std::string::npos);
  client.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_NE(client.read_all().find("Connection: close\r\n"), std::string::npos);
}

TEST_F(HttpServer, AnswersAClientThatShutsItsSendingSide) {
  std::promise<void> gone;
  serve([&](Request&&, Responder responder) {
    responder.on_disconnect([&] { gone.set_value(); });
    parked_.put(std::move(responder));
  });
  auto client = connect();
  client.send(kGet);
  client.shut_sending();
  auto responder = parked_.take();
  gone.get_future().wait();
  std::move(responder).send(text("still"));
  EXPECT_TRUE(client.read_all().ends_with("still"));
}

TEST_F(HttpServer, SeesAClientGoWhileItsAnswerIsParked) {
  std::promise<void> gone;
  serve([&](Request&&, Responder responder) {
    responder.on_disconnect([&] { gone.set_value(); });
    parked_.put(std::move(responder));
  });
  auto client = connect();
  client.send(kGet);
  auto responder = parked_.take();
  client.close();
  gone.get_future().wait();
  std::move(responder).send(text("to nobody"));
}

TEST_F(HttpServer, ForgetsADisconnectCallbackOnceAnswered) {
  auto guard = std::make_shared<int>(0);
  std::weak_ptr<int> watch = guard;
  serve([&](Request&&, Responder responder) {
    responder.on_disconnect([held = std::exchange(guard, nullptr)] { FAIL(); });
    std::move(responder).send(text("ok"));
  });
  auto client = connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().ends_with("ok"));
  client.close();
  server_->stop(0s);
  EXPECT_TRUE(watch.expired());
}

TEST_F(HttpServer, StreamsABody) {
  serve([](Request&&, Responder responder) {
    auto writer = std::move(responder).stream(text("first "));
    std::thread([writer = std::move(writer)]() mutable {
      EXPECT_TRUE(writer.write("second "));
      EXPECT_TRUE(writer.write(""));
      EXPECT_TRUE(writer.write("third"));
      writer.finish();
    }).detach();
  });
  auto client = connect();
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    const auto head = client.read_to("\r\n\r\n");
    EXPECT_NE(head.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_EQ(client.read_to("\r\n0\r\n\r\n"),
              "6\r\nfirst \r\n7\r\nsecond \r\n5\r\nthird\r\n0\r\n\r\n");
  }
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_to("\r\n\r\n").find("chunked"), std::string::npos);
  EXPECT_EQ(client.read_all(), "first second third");
}

TEST_F(HttpServer, CutsTheConnectionOfAnUnfinishedBody) {
  serve([](Request&&, Responder responder) {
    auto writer = std::move(responder).stream(text(""));
    EXPECT_TRUE(writer.write("part"));
  });
  auto client = connect();
  client.send(kGet);
  EXPECT_EQ(client.read_all().find("0\r\n\r\n"), std::string::npos);
}

TEST_F(HttpServer, StopsAWriterWhoseClientDoesNotRead) {
  std::promise<std::size_t> written;
  serve([&](Request&&, Responder responder) {
    auto writer = std::move(responder).stream(text(""));
    const std::string piece(1 << 20, 'x');
    std::size_t pieces = 0;
    while (pieces < 1000 && writer.write(piece)) ++pieces;
    written.set_value(pieces);
  });
  auto client = connect();
  client.send(kGet);
  const auto pieces = written.get_future().get();
  EXPECT_GE(pieces, 8u);
  EXPECT_LT(pieces, 100u);
}

TEST_F(HttpServer, SendsALargeAnswerToASlowReader) {
  const std::string big(20'000'000, 'y');
  serve([&](Request&&, Responder responder) { std::move(responder).send(text(big)); });
  auto client = connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\n" + big));
}

TEST_F(HttpServer, GivesUpOnASlowHead) {
  serve(echo, {.header_timeout = 20ms});
  auto client = connect();
  client.send("GET / HT");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(HttpServer, GivesUpOnASlowBody) {
  serve(echo, {.body_timeout = 20ms});
  auto client = connect();
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(HttpServer, ClosesAnIdleConnection) {
  serve(echo, {.idle_timeout = 20ms});
  auto client = connect();
  EXPECT_EQ(client.read_all(), "");
  auto again = connect();
  again.send(kGet);
  EXPECT_TRUE(again.read_all().ends_with("GET /x "));
}

TEST_F(HttpServer, GivesUpOnAClientThatDoesNotTakeItsAnswer) {
  std::promise<void> gone;
  serve(
      [&](Request&& request, Responder responder) {
        if (request.target == "/second") {
          responder.on_disconnect([&] { gone.set_value(); });
          return parked_.put(std::move(responder));
        }
        std::move(responder).send(text(std::string(20'000'000, 'z')));
      },
      {.body_timeout = 20ms});
  auto client = connect();
  client.send(std::string(kGet) + "GET /second HTTP/1.1\r\nHost: h\r\n\r\n");
  gone.get_future().wait();
}

TEST_F(HttpServer, RefusesConnectionsAboveItsBound) {
  serve(echo, {.connections_max = 1});
  auto first = connect();
  first.send(kGet);
  EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200 "));
  auto second = connect();
  EXPECT_TRUE(second.read_answer().starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_EQ(second.read_all(), "");
  first.send(kGet);
  EXPECT_TRUE(first.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, ShedsRequestsAboveItsBound) {
  serve(
      [this](Request&& request, Responder responder) {
        if (request.target == "/park") return parked_.put(std::move(responder));
        echo(std::move(request), std::move(responder));
      },
      {.loops = 1, .in_flight_requests_max = 1});
  auto busy = connect();
  busy.send("GET /park HTTP/1.1\r\nHost: h\r\n\r\n");
  auto responder = parked_.take();
  auto client = connect();
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) << answer;
    EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
  }
  std::move(responder).send(text("done"));
  EXPECT_TRUE(busy.read_answer().ends_with("done"));
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, ShedsWhileClientsDoNotTakeTheirAnswers) {
  serve(
      [](Request&& request, Responder responder) {
        std::move(responder).send(
            text(request.target == "/big" ? std::string(20'000'000, 'z') : ""));
      },
      {.loops = 1, .in_flight_bytes_max = 1'000'000});
  auto slow = connect();
  slow.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto head = slow.read_to("\r\n\r\n");
  auto client = connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(slow.read_bytes(20'000'000).size(), 20'000'000u);
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, HoldsTheBodiesOfRequestsThatWaitAgainstItsBound) {
  serve([this](Request&&, Responder responder) { parked_.put(std::move(responder)); },
        {.loops = 1, .in_flight_bytes_max = 1000});
  auto first = connect();
  first.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'));
  const auto refused = first.read_answer();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503 ")) << refused;
  auto second = connect();
  const std::string head = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n";
  second.send(head + std::string(900, 'x'));
  auto responder = parked_.take();
  auto third = connect();
  third.send(head + std::string(200, 'x'));
  EXPECT_TRUE(third.read_all().starts_with("HTTP/1.1 503 "));
  std::move(responder).send(text("done"));
  EXPECT_TRUE(second.read_answer().ends_with("done"));
}

TEST_F(HttpServer, RefusesAPortThatIsTaken) {
  serve(echo);
  ServerOptions same;
  same.port = server_->port();
  EXPECT_THROW(Server(same, echo, clock_, logger_), ConfigError);
  EXPECT_THROW(Server({.address = "nowhere"}, echo, clock_, logger_), ConfigError);
}

TEST_F(HttpServer, StopsAfterTheRunningRequests) {
  // On one loop, the end of the idle connection means that the busy one is being drained too.
  serve([this](Request&&, Responder responder) { parked_.put(std::move(responder)); },
        {.loops = 1});
  auto idle = connect();
  idle.send(kGet);
  parked_.take().send(text("ok"));
  EXPECT_TRUE(idle.read_answer().ends_with("ok"));
  auto busy = connect();
  busy.send(kGet);
  auto responder = parked_.take();
  std::thread stopper([this] { server_->stop(20s); });
  EXPECT_EQ(idle.read_all(), "");
  std::move(responder).send(text("done"));
  const auto answer = busy.read_all();
  EXPECT_TRUE(answer.ends_with("done")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  stopper.join();
  EXPECT_FALSE(connect().is_connected());
}

TEST_F(HttpServer, StopsInTheMiddleWhenGraceIsOver) {
  std::promise<void> gone;
  serve([&](Request&&, Responder responder) {
    responder.on_disconnect([&] { gone.set_value(); });
    parked_.put(std::move(responder));
  });
  auto client = connect();
  client.send(kGet);
  auto responder = parked_.take();
  server_->stop(1ms);
  gone.get_future().wait();
  EXPECT_EQ(client.read_all(), "");
  server_.reset();
  std::move(responder).send(text("after the server"));
}

TEST_F(HttpServer, StopsWithoutHavingStarted) {
  server_.emplace(ServerOptions{.loops = 2}, echo, clock_, logger_);
  server_->stop(1s);
  server_->stop(1s);
}

TEST_F(HttpServer, ServesAnAdoptedListenerUntilItIsRetired) {
  serve(echo, {.idle_timeout = 20ms});
  std::uint16_t port = 0;
  const auto id = server_->adopt(
      listen_somewhere(port),
      [this](Request&&, Responder responder) { parked_.put(std::move(responder)); }, 0ms);
  TestSocket silent(port);
  TestSocket client(port);
  client.send(kGet);
  parked_.take().send(text("adopted"));
  EXPECT_TRUE(client.read_answer().ends_with("adopted"));
  EXPECT_EQ(connect().read_all(), "") << "the public side still has its idle timeout";
  silent.send(kGet);
  parked_.take().send(text("silence is allowed"));
  EXPECT_TRUE(silent.read_answer().ends_with("allowed"));
  server_->retire(id);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_FALSE(TestSocket(port).is_connected());
}

TEST_F(HttpServer, KeepsAdoptedListenersWhileRequestsFinish) {
  serve([this](Request&&, Responder responder) { parked_.put(std::move(responder)); });
  std::uint16_t port = 0;
  server_->adopt(listen_somewhere(port), echo, 0ms);
  auto client = connect();
  client.send(kGet);
  auto responder = parked_.take();
  auto idle = connect();
  std::thread stopper([this] { server_->stop(20s); });
  EXPECT_EQ(idle.read_all(), "");  // the stop has begun
  TestSocket runtime(port);
  runtime.send(kGet);
  EXPECT_TRUE(runtime.read_answer().starts_with("HTTP/1.1 200 "));
  std::move(responder).send(text("done"));
  EXPECT_TRUE(client.read_all().ends_with("done"));
  stopper.join();
  EXPECT_EQ(runtime.read_all(), "");
}

TEST_F(HttpServer, AdoptsAUnixSocket) {
  serve(echo);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // In the abstract namespace: nothing to clean up.
  const auto name = "stator-http-test-" + std::to_string(server_->port());
  name.copy(address.sun_path + 1, name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), generic, size), 0);
  ASSERT_EQ(::listen(listener.get(), 8), 0);
  server_->adopt(std::move(listener), echo, 0ms);
  UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.get(), generic, size), 0);
  ASSERT_EQ(::send(client.get(), kGet.data(), kGet.size(), 0), static_cast<ssize_t>(kGet.size()));
  char answer[12];
  ASSERT_EQ(::recv(client.get(), answer, sizeof(answer), MSG_WAITALL), 12);
  EXPECT_EQ(std::string_view(answer, 12), "HTTP/1.1 200");
}

}  // namespace
}  // namespace stator::http
