// What a server bounds, and what it says at the bound.
#include "http/test_server.hpp"

#include <future>

namespace stator::http {
namespace {

using namespace std::chrono_literals;

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

}  // namespace
}  // namespace stator::http
