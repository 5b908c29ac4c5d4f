// Where a server listens, and how it ends.
#include "http/test_server.hpp"

#include <sys/un.h>

#include <future>
#include <thread>

namespace stator::http {
namespace {

using namespace std::chrono_literals;

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
