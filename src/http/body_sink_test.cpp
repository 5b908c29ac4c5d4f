#include "http/body_sink.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>

#include "http/body_pipe.hpp"
#include "http/server.hpp"
#include "http/test_socket.hpp"

namespace stator::http {
namespace {

using namespace std::chrono_literals;

/// Keeps what it is given; stops the reading after `stop_after` bytes when that is set.
class Recorder final : public BodySink {
 public:
  explicit Recorder(std::size_t stop_after = 0) : stop_after_(stop_after) {}

  bool write(std::string_view piece, const Resume& resume) override {
    const std::lock_guard lock(mutex_);
    body_ += piece;
    resume_ = resume;
    changed_.notify_all();
    return stop_after_ == 0 || body_.size() < stop_after_;
  }
  void end(Headers trailers, Responder responder) override {
    const std::lock_guard lock(mutex_);
    ended_ = "end " + std::string(trailers.get("x-sum"));
    Response response;
    response.body = "took " + std::to_string(body_.size());
    std::move(responder).send(std::move(response));
    changed_.notify_all();
  }
  void broken() override {
    const std::lock_guard lock(mutex_);
    ended_ = "broken";
    changed_.notify_all();
  }

  [[nodiscard]] std::string wait_for(std::size_t bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return body_.size() >= bytes; });
    return body_;
  }
  [[nodiscard]] std::string wait_for_end() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return !ended_.empty(); });
    return ended_;
  }
  void resume() {
    Resume resume;
    {
      const std::lock_guard lock(mutex_);
      stop_after_ = 0;
      resume = resume_;
    }
    resume();
  }
  [[nodiscard]] std::size_t size() {
    const std::lock_guard lock(mutex_);
    return body_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t stop_after_;
  std::string body_;
  std::string ended_;
  Resume resume_;
};

class HttpBodySink : public testing::Test {
 protected:
  /// Bodies for "/sink" go to the recorder, others to an echo.
  void serve(std::shared_ptr<Recorder> recorder, std::chrono::milliseconds body_timeout = 20s) {
    ServerOptions options{.loops = 1, .body_bytes_max = 1000, .body_timeout = body_timeout};
    server_.emplace(
        options, [](Request&&, Responder) {}, clock_, logger_);
    server_->start();
    server_->adopt(
        listen_somewhere(port_),
        [](Request&& request, Responder responder) {
          Response response;
          response.body = "echo " + request.body;
          std::move(responder).send(std::move(response));
        },
        0ms,
        [recorder](const Request& head) -> std::shared_ptr<BodySink> {
          if (head.path() == "/throw") throw std::runtime_error("no sink");
          return head.path() == "/sink" ? recorder : nullptr;
        });
  }

  SystemClock clock_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  std::optional<Server> server_;
  std::uint16_t port_ = 0;
};

constexpr std::string_view kHead =
    "POST /sink HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(HttpBodySink, TakesABodyPieceByPieceAndItsTrailers) {
  const auto recorder = std::make_shared<Recorder>();
  serve(recorder);
  TestSocket client(port_);
  client.send(kHead);
  client.send("3\r\nabc\r\n");
  EXPECT_EQ(recorder->wait_for(3), "abc") << "before the rest has been sent";
  client.send("2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n");
  EXPECT_TRUE(client.read_answer().ends_with("took 5"));
  EXPECT_EQ(recorder->wait_for_end(), "end 5");
}

TEST_F(HttpBodySink, OtherRequestsOfTheConnectionAreGathered) {
  const auto recorder = std::make_shared<Recorder>();
  serve(recorder);
  TestSocket client(port_);
  const std::string plain = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";
  const std::string trailed =
      "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 9"
      "\r\n\r\n";
  const std::string fixed = "POST /sink HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nho";
  client.send(plain + trailed + fixed + plain);
  EXPECT_TRUE(client.read_answer().ends_with("echo hi"));
  EXPECT_TRUE(client.read_answer().ends_with("echo a"));
  EXPECT_TRUE(client.read_answer().ends_with("took 2"));
  EXPECT_TRUE(client.read_answer().ends_with("echo hi"));
  EXPECT_EQ(recorder->wait_for_end(), "end ") << "an earlier request's trailers are not its own";
}

TEST_F(HttpBodySink, AChooserThatThrowsChoosesNone) {
  serve(std::make_shared<Recorder>());
  TestSocket client(port_);
  client.send("POST /throw HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_TRUE(client.read_answer().ends_with("echo hi"));
}

TEST_F(HttpBodySink, StopsReadingUntilResumed) {
  const auto recorder = std::make_shared<Recorder>(1);
  serve(recorder);
  TestSocket client(port_);
  client.send(kHead);
  constexpr std::size_t kBytes = 40'000'000;
  auto sending = std::async(std::launch::async, [&] {
    for (std::size_t sent = 0; sent < kBytes; sent += 1000) {
      client.send("3e8\r\n" + std::string(1000, 'x') + "\r\n");
    }
    return client.send("0\r\n\r\n");
  });
  (void)recorder->wait_for(1);
  EXPECT_LE(recorder->size(), 16384u) << "one buffer, whatever waits in the socket";
  recorder->resume();
  EXPECT_TRUE(sending.get());
  EXPECT_TRUE(client.read_answer().ends_with("took 40000000")) << "above the bound of plain bodies";
}

TEST_F(HttpBodySink, HearsOfABrokenBody) {
  const auto cut = std::make_shared<Recorder>();
  serve(cut);
  {
    TestSocket client(port_);
    client.send(kHead);
    client.send("3\r\nabc\r\n");
    (void)cut->wait_for(3);
  }
  EXPECT_EQ(cut->wait_for_end(), "broken");

  const auto malformed = std::make_shared<Recorder>();
  serve(malformed);
  TestSocket client(port_);
  client.send(kHead);
  client.send("3\r\nabc\r\nzz");
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 400 "));
  EXPECT_EQ(malformed->wait_for_end(), "broken");
}

TEST_F(HttpBodySink, HasNoTimeoutOfItsOwn) {
  const auto recorder = std::make_shared<Recorder>();
  serve(recorder, 1ms);
  TestSocket slow(port_);
  slow.send(kHead);
  slow.send("3\r\nabc\r\n");
  // A plain body that stalls is given up, which takes longer than the sink's would have.
  TestSocket plain(port_);
  plain.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nh");
  EXPECT_TRUE(plain.read_answer().starts_with("HTTP/1.1 408 "));
  slow.send("0\r\n\r\n");
  EXPECT_TRUE(slow.read_answer().ends_with("took 3"));
}

class HttpBodyPipe : public testing::Test {
 protected:
  void serve(std::function<Response()> make) {
    server_.emplace(
        ServerOptions{.loops = 1},
        [make](Request&&, Responder responder) { std::move(responder).send(make()); }, clock_,
        logger_);
    server_->start();
  }
  TestSocket ask() {
    TestSocket client(server_->port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    return client;
  }
  static Response answer(const std::shared_ptr<BodyPipe>& pipe) {
    Response response;
    response.body = "a";
    response.stream = body_of(pipe);
    return response;
  }

  SystemClock clock_;
  log::Logger logger_{clock_, log::Level::kError, [](std::string_view) {}};
  std::optional<Server> server_;
};

TEST_F(HttpBodyPipe, KeepsWhatComesBeforeTheHead) {
  const auto pipe = std::make_shared<BodyPipe>();
  EXPECT_TRUE(pipe->write("b"));
  EXPECT_TRUE(pipe->write("c"));
  serve([&] { return answer(pipe); });
  auto client = ask();
  EXPECT_TRUE(client.read_to("bc\r\n").ends_with("\r\n\r\n1\r\na\r\n2\r\nbc\r\n"));
  EXPECT_TRUE(pipe->write("d"));
  EXPECT_EQ(client.read_to("d\r\n"), "1\r\nd\r\n");
  pipe->finish();
  EXPECT_EQ(client.read_to("0\r\n\r\n"), "0\r\n\r\n");
  EXPECT_FALSE(pipe->write("e"));
}

TEST_F(HttpBodyPipe, MayEndBeforeTheHead) {
  std::shared_ptr<BodyPipe> pipe;
  bool is_whole = true;
  serve([&] {
    pipe = std::make_shared<BodyPipe>();
    EXPECT_TRUE(pipe->write("b"));
    is_whole ? pipe->finish() : pipe->cut();
    return answer(pipe);
  });
  EXPECT_TRUE(ask().read_to("0\r\n\r\n").ends_with("1\r\nb\r\n0\r\n\r\n"));
  is_whole = false;
  EXPECT_EQ(ask().read_all().find("0\r\n\r\n"), std::string::npos);
}

TEST_F(HttpBodyPipe, TellsWhenTheReaderHasCaughtUp) {
  const auto pipe = std::make_shared<BodyPipe>();
  EXPECT_FALSE(pipe->is_behind([] {}));
  const std::string piece(4u << 20, 'x');
  EXPECT_TRUE(pipe->write(piece));
  std::promise<void> caught_up;
  EXPECT_TRUE(pipe->is_behind([&] { caught_up.set_value(); }));
  serve([&] { return answer(pipe); });
  auto client = ask();
  auto told = caught_up.get_future();
  EXPECT_TRUE(client.read_to("400000\r\n").ends_with("400000\r\n"));
  EXPECT_EQ(client.read_bytes(piece.size()), piece);
  EXPECT_EQ(told.wait_for(20s), std::future_status::ready);
  pipe->finish();
}

TEST_F(HttpBodyPipe, KnowsWhenItsHeadWasDropped) {
  const auto pipe = std::make_shared<BodyPipe>();
  EXPECT_TRUE(pipe->write(std::string(2u << 20, 'x')));
  std::promise<void> caught_up;
  EXPECT_TRUE(pipe->is_behind([&] { caught_up.set_value(); }));
  { const Response dropped = answer(pipe); }
  EXPECT_EQ(caught_up.get_future().wait_for(20s), std::future_status::ready);
  EXPECT_FALSE(pipe->write("x"));
}

TEST_F(HttpBodyPipe, BoundsWhatItKeeps) {
  BodyPipe pipe;
  const std::string piece(1u << 20, 'x');
  std::size_t pieces = 0;
  while (pieces < 100 && pipe.write(piece)) ++pieces;
  EXPECT_EQ(pieces, 8u);
}

}  // namespace
}  // namespace stator::http
