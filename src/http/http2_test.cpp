#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "http/server.hpp"
#include "http/test_http2.hpp"
#include "http/test_tls.hpp"

namespace stator::http {
namespace {

using namespace std::chrono_literals;

/// A client of HTTP/2 over a plain socket, or TLS.
template <class Wire>
class Http2Client : public TestHttp2 {
 public:
  template <class... Args>
  explicit Http2Client(Args&&... args) : wire_(std::forward<Args>(args)...) {}

  /// Talks until `is_enough()` or the connection ends.
  template <class Until>
  void talk(const Until& is_enough) {
    wire_.send(output());
    while (!is_enough()) {
      const auto bytes = wire_.read_some();
      if (bytes.empty() || !receive(bytes)) {
        is_ended_ = bytes.empty();
        return;
      }
      wire_.send(output());
    }
  }
  Answer ask(const Fields& fields, const std::string& body = "") {
    const auto stream = send(fields, body);
    talk([&] { return answer(stream).is_over; });
    return answer(stream);
  }
  void talk_to_end() {
    talk([] { return false; });
  }
  [[nodiscard]] bool is_ended() const { return is_ended_; }
  Wire& wire() { return wire_; }

 private:
  Wire wire_;
  bool is_ended_ = false;
};

using PlainClient = Http2Client<TestSocket>;
using TlsClient = Http2Client<TestTls>;

class Http2Server : public testing::Test {
 protected:
  void serve(ServerOptions options = {}) {
    if (options.loops == 0) options.loops = 2;
    options.tls = [context = own_.context()](std::string_view) { return context; };
    server_.emplace(
        std::move(options),
        [this](Request&& request, Responder responder) {
          if (request.target == "/park") return park(std::move(responder));
          if (request.target == "/hold") return hold(std::move(responder));
          if (request.target == "/stream") return stream(std::move(responder));
          Response response;
          response.headers.add("X-Host", std::string(request.headers.get("host")));
          response.body = std::string(request.protocol) + (request.is_secure ? " secure " : " ") +
                          request.method + " " + request.target + " " +
                          std::to_string(request.body.size());
          if (request.target == "/big") response.body.assign(20'000'000, 'y');
          if (request.target == "/204") response.status = 204;
          std::move(responder).send(std::move(response));
        },
        clock_, logger_);
    server_->start();
  }
  static void stream(Responder responder) {
    Response head;
    head.body = "first ";
    std::thread([writer = std::move(responder).stream(std::move(head))]() mutable {
      EXPECT_TRUE(writer.write("second "));
      EXPECT_TRUE(writer.write("third"));
      writer.finish();
    }).detach();
  }
  void park(Responder responder) {
    responder.on_disconnect([this] { gone_.set_value(); });
    const std::lock_guard lock(mutex_);
    parked_ = std::move(responder);
    arrived_.notify_all();
  }
  void hold(Responder responder) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(responder));
  }
  Responder take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return parked_.has_value(); });
    auto responder = *std::move(parked_);
    parked_.reset();
    return responder;
  }

  SystemClock clock_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  const TestCertificate own_{"own", "localhost"};
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::optional<Responder> parked_;
  std::vector<Responder> held_;
  std::promise<void> gone_;
  std::optional<Server> server_;
};

TEST_F(Http2Server, ServesWhereTlsAgreesOnIt) {
  serve();
  TlsClient client(server_->tls_port(), TestTlsOptions{.protocols = "\x02h2\x08http/1.1"});
  EXPECT_EQ(client.wire().protocol(), "h2");
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.ask(TestHttp2::get("/x"));
    EXPECT_EQ(answer.status, "200");
    EXPECT_EQ(answer.headers.at("x-host"), "h");
    EXPECT_EQ(answer.body, "HTTP/2.0 secure GET /x 0");
  }
  EXPECT_EQ(client.ask(TestHttp2::get("/", "PUT"), std::string(3'000'000, 'x')).body,
            "HTTP/2.0 secure PUT / 3000000");
  EXPECT_EQ(client.ask(TestHttp2::get("/big")).body, std::string(20'000'000, 'y'));
}

TEST_F(Http2Server, ServesWhoeverBeginsWithItsPreface) {
  serve();
  PlainClient client(server_->port());
  EXPECT_EQ(client.ask(TestHttp2::get("/x")).body, "HTTP/2.0 GET /x 0");
  EXPECT_EQ(client.ask(TestHttp2::get("/", "PUT"), std::string(3'000'000, 'x')).body,
            "HTTP/2.0 PUT / 3000000");
  EXPECT_EQ(client.ask(TestHttp2::get("/big")).body, std::string(20'000'000, 'y'));
  TestSocket late(server_->port());
  late.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
  late.read_answer();
  late.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  EXPECT_TRUE(late.read_all().starts_with("HTTP/1.1 ")) << "not in the middle of HTTP/1";
}

TEST_F(Http2Server, SendsNoBodyToHeadOrWhereTheStatusForbidsOne) {
  serve();
  PlainClient client(server_->port());
  const auto head = client.ask(TestHttp2::get("/x", "HEAD"));
  EXPECT_EQ(head.headers.at("content-length"), "18");
  EXPECT_EQ(head.body, "");
  const auto empty = client.ask(TestHttp2::get("/204"));
  EXPECT_EQ(empty.status, "204");
  EXPECT_EQ(empty.headers.count("content-length"), 0u);
  EXPECT_EQ(empty.body, "");
  EXPECT_EQ(client.ask(TestHttp2::get("/stream", "HEAD")).body, "");
}

TEST_F(Http2Server, StreamsABody) {
  serve();
  PlainClient client(server_->port());
  const auto answer = client.ask(TestHttp2::get("/stream"));
  EXPECT_EQ(answer.body, "first second third");
  EXPECT_EQ(answer.headers.count("content-length"), 0u);
  EXPECT_EQ(answer.error, 0u);
}

TEST_F(Http2Server, ResetsTheStreamOfABodyThatIsNotFinished) {
  serve();
  PlainClient client(server_->port());
  const auto stream = client.send(TestHttp2::get("/park"));
  client.wire().send(client.output());
  {
    auto writer = take().stream({});
    EXPECT_TRUE(writer.write("part"));
  }
  client.talk([&] { return client.answer(stream).is_over; });
  EXPECT_EQ(client.answer(stream).error, static_cast<std::uint32_t>(NGHTTP2_INTERNAL_ERROR));
  EXPECT_EQ(client.ask(TestHttp2::get("/x")).status, "200");
}

TEST_F(Http2Server, AnswersLaterOnesWhileOneWaits) {
  serve();
  PlainClient client(server_->port());
  const auto stream = client.send(TestHttp2::get("/park"));
  EXPECT_EQ(client.ask(TestHttp2::get("/x")).status, "200");
  take().send({.body = "late"});
  client.talk([&] { return client.answer(stream).is_over; });
  EXPECT_EQ(client.answer(stream).body, "late");
}

TEST_F(Http2Server, TellsTheHandlerOfARequestThatIsTakenBack) {
  serve();
  PlainClient client(server_->port());
  const auto stream = client.send(TestHttp2::get("/park"));
  client.wire().send(client.output());
  auto responder = take();
  ::nghttp2_submit_rst_stream(client.session(), 0, stream, NGHTTP2_CANCEL);
  client.wire().send(client.output());
  gone_.get_future().wait();
  std::move(responder).send({.body = "to nobody"});
  EXPECT_EQ(client.ask(TestHttp2::get("/x")).status, "200");
}

TEST_F(Http2Server, CutsOffAClientThatLeavesMoreWorkThanItMayAskFor) {
  serve({.loops = 1});
  PlainClient client(server_->port());
  for (int i = 0; i < 150; ++i) {
    const auto stream = client.send(TestHttp2::get("/hold"));
    client.wire().send(client.output());
    ::nghttp2_submit_rst_stream(client.session(), 0, stream, NGHTTP2_CANCEL);
    client.wire().send(client.output());
  }
  client.talk_to_end();
  EXPECT_EQ(client.goaway(), static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  EXPECT_TRUE(client.is_ended());
  EXPECT_LE(held_.size(), 110u);
}

TEST_F(Http2Server, TellsTheHandlerOfAClientThatGoes) {
  serve();
  PlainClient client(server_->port());
  client.send(TestHttp2::get("/park"));
  client.wire().send(client.output());
  auto responder = take();
  client.wire().close();
  gone_.get_future().wait();
  std::move(responder).send({.body = "to nobody"});
}

TEST_F(Http2Server, GivesUpOnSlowHeadsAndBodies) {
  serve({.header_timeout = 20ms, .body_timeout = 20ms});
  PlainClient client(server_->port());
  const auto stream = client.send(TestHttp2::get("/", "PUT"), "some", false);
  client.talk([&] { return client.answer(stream).is_over; });
  EXPECT_EQ(client.answer(stream).status, "408");
  client.wire().send(TestHttp2::frame(NGHTTP2_HEADERS, 0, 3, "\x82"));
  client.talk_to_end();
  EXPECT_EQ(client.goaway(), static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  EXPECT_TRUE(client.is_ended());
}

TEST_F(Http2Server, GivesUpOnAClientThatOpensNoWindow) {
  serve({.body_timeout = 20ms});
  PlainClient client(server_->port());
  const nghttp2_settings_entry tiny{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 10};
  ::nghttp2_submit_settings(client.session(), 0, &tiny, 1);
  const auto stream = client.send(TestHttp2::get("/big"));
  client.wire().send(client.output());
  // What comes back is not answered, so that the window stays shut.
  while (!client.answer(stream).is_over) client.receive(client.wire().read_some());
  EXPECT_EQ(client.answer(stream).error, static_cast<std::uint32_t>(NGHTTP2_CANCEL));
  EXPECT_LE(client.answer(stream).body.size(), 10u);
}

TEST_F(Http2Server, ListensAgainWhenItsAnswersAreTaken) {
  serve({.loops = 1});
  PlainClient client(server_->port());
  const nghttp2_settings_entry wide{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0x7fffffff};
  ::nghttp2_submit_settings(client.session(), 0, &wide, 1);
  ::nghttp2_session_set_local_window_size(client.session(), 0, 0, 0x7fffffff);
  const auto big = client.send(TestHttp2::get("/big"));
  client.wire().send(client.output());
  // Heard when the first answer, which does not fit into the sockets' buffers, is being taken.
  const auto small = client.send(TestHttp2::get("/x"));
  client.wire().send(client.output());
  client.talk([&] { return client.answer(big).is_over && client.answer(small).is_over; });
  EXPECT_EQ(client.answer(big).body.size(), 20'000'000u);
  EXPECT_EQ(client.answer(small).status, "200");
}

TEST_F(Http2Server, ClosesAnIdleConnection) {
  serve({.idle_timeout = 20ms});
  PlainClient client(server_->port());
  client.talk_to_end();
  EXPECT_TRUE(client.has_goaway());
  EXPECT_EQ(client.goaway(), static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
}

TEST_F(Http2Server, StopsAfterTheRunningRequests) {
  serve({.loops = 1});
  PlainClient idle(server_->port());
  EXPECT_EQ(idle.ask(TestHttp2::get("/x")).status, "200");
  PlainClient busy(server_->port());
  const auto stream = busy.send(TestHttp2::get("/park"));
  busy.wire().send(busy.output());
  auto responder = take();
  std::thread stopper([this] { server_->stop(20s); });
  idle.talk_to_end();
  EXPECT_TRUE(idle.has_goaway());
  idle.wire().close();
  std::move(responder).send({.body = "done"});
  busy.talk_to_end();
  EXPECT_EQ(busy.answer(stream).body, "done");
  EXPECT_TRUE(busy.has_goaway());
  busy.wire().close();
  stopper.join();
}

TEST_F(Http2Server, ShedsWhatItCannotHold) {
  serve({.loops = 1, .in_flight_requests_max = 1});
  PlainClient client(server_->port());
  const auto stream = client.send(TestHttp2::get("/park"));
  const auto shed = client.ask(TestHttp2::get("/x"));
  EXPECT_EQ(shed.status, "503");
  EXPECT_EQ(shed.headers.at("retry-after"), "1");
  take().send({});
  client.talk([&] { return client.answer(stream).is_over; });
  EXPECT_EQ(client.ask(TestHttp2::get("/x")).status, "200");
}

}  // namespace
}  // namespace stator::http
