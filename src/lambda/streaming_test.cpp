#include "lambda/streaming.hpp"

#include <gtest/gtest.h>

#include <future>
#include <map>

#include "base/limits.hpp"
#include "http/test_socket.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

/// Keeps what is streamed; with the end, as its caller sees both.
class Caller final : public ResponseStream, public std::enable_shared_from_this<Caller> {
 public:
  void begin(std::string_view content_type) override {
    const std::lock_guard lock(mutex_);
    text_ += "[" + std::string(content_type) + "]";
    changed_.notify_all();
  }
  bool write(std::string_view piece) override {
    const std::lock_guard lock(mutex_);
    text_ += piece;
    changed_.notify_all();
    return !is_gone;
  }
  void executes(std::string_view version) override { executed = version; }

  [[nodiscard]] InvokeDone done() {
    return [self = shared_from_this()](Result<InvokeResult> result) {
      const std::lock_guard lock(self->mutex_);
      self->result_ = std::make_unique<Result<InvokeResult>>(std::move(result));
      self->changed_.notify_all();
    };
  }
  [[nodiscard]] std::string wait_for(std::string_view part) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20),
                      [&] { return text_.find(part) != std::string::npos; });
    return text_;
  }
  /// What the end said: "" or the error's payload.
  [[nodiscard]] std::string wait_for_end() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return result_ != nullptr; });
    if (result_ == nullptr) return "(no end)";
    if (!*result_) return result_->error().message;
    return (*result_)->function_error + (*result_)->payload;
  }

  std::string executed;
  std::atomic<bool> is_gone{false};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::unique_ptr<Result<InvokeResult>> result_;
};

/// A runtime that writes its requests byte by byte.
class RawRuntime {
 public:
  explicit RawRuntime(std::shared_ptr<FakeProgram> program)
      : program_(std::move(program)), socket_(program_->ports.at(0)) {}

  /// Takes the next event and begins to stream an answer to it.
  void begin(const std::string& content_type = "text/plain") {
    take();
    socket_.send(path("response") +
                 "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
                 "Content-Type: " +
                 content_type + "\r\nTransfer-Encoding: chunked\r\n\r\n");
  }
  void take() {
    socket_.send("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto event = socket_.read_answer();
    constexpr std::string_view kName = "Lambda-Runtime-Aws-Request-Id: ";
    id_ = event.substr(event.find(kName) + kName.size(), 36);
  }
  void piece(const std::string& text) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    socket_.send(size + text + "\r\n");
  }
  /// The status line and body that the end is answered with.
  std::string end(const std::string& trailers = "") {
    socket_.send("0\r\n" + trailers + "\r\n");
    return socket_.read_answer();
  }
  std::string respond_plainly(const std::string& body) {
    http::TestSocket other(program_->ports.at(0));
    other.send(path("response") + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
               body);
    return other.read_answer();
  }
  [[nodiscard]] std::string path(const std::string& verb) const {
    return "POST /2018-06-01/runtime/invocation/" + id_ + "/" + verb + " HTTP/1.1\r\nHost: h\r\n";
  }
  void exit(int status) { program_->on_exit(sandbox::Exit{status, 0, false}); }
  void reconnect() { socket_ = http::TestSocket(program_->ports.at(0)); }
  [[nodiscard]] const std::string& id() const { return id_; }

 private:
  std::shared_ptr<FakeProgram> program_;
  http::TestSocket socket_;
  std::string id_;
};

class Streaming : public testing::Test {
 protected:
  Streaming() {
    EXPECT_TRUE(lab.create("f", R"("Timeout":60)"));
    lab.serve();
  }
  std::shared_ptr<Caller> call() {
    auto caller = std::make_shared<Caller>();
    Invocation invocation{.account = "000000000000", .region = "us-east-1", .function = "f"};
    invocation.payload = "{}";
    invocation.stream = caller;
    lab.functions->invoke(std::move(invocation), caller->done());
    return caller;
  }
  RawRuntime runtime() { return RawRuntime(lab.launcher.next()); }
  Lab lab;
};

TEST_F(Streaming, HandsPiecesOverAsTheyCome) {
  const auto caller = call();
  auto function = runtime();
  function.begin("text/html");
  EXPECT_EQ(caller->executed, "$LATEST");
  function.piece("one ");
  EXPECT_EQ(caller->wait_for("one"), "[text/html]one ");
  function.piece("two");
  EXPECT_TRUE(function.end().starts_with("HTTP/1.1 202 "));
  EXPECT_EQ(caller->wait_for_end(), "");
  EXPECT_EQ(caller->wait_for("two"), "[text/html]one two");
}

TEST_F(Streaming, GathersForACallerThatWantsTheWhole) {
  auto pending = std::async(std::launch::async, [&] { return lab.invoke("f", "{}"); });
  auto function = runtime();
  function.begin("application/vnd.awslambda.http-integration-response");
  function.piece(R"({"statusCode":200})");
  function.piece(std::string(8, '\0') + "hi");
  EXPECT_TRUE(function.end().starts_with("HTTP/1.1 202 "));
  EXPECT_EQ(pending.get()->body, R"({"statusCode":200})" + std::string(8, '\0') + "hi");
}

TEST_F(Streaming, AnErrorOnTheWayComesInTheTrailers) {
  const auto caller = call();
  auto function = runtime();
  function.begin();
  function.piece("half");
  const std::string error = R"({"errorType":"Bad","errorMessage":"no"})";
  EXPECT_TRUE(function
                  .end("Lambda-Runtime-Function-Error-Type: Bad\r\n"
                       "Lambda-Runtime-Function-Error-Body: " +
                       base64_encode(error) + "\r\n")
                  .starts_with("HTTP/1.1 202 "));
  EXPECT_EQ(caller->wait_for_end(), "Unhandled" + error);

  const auto second = call();
  function.begin();
  function.end("Lambda-Runtime-Function-Error-Type: Worse\r\n");
  EXPECT_EQ(second->wait_for_end(), R"(Unhandled{"errorType":"Worse"})");
}

TEST_F(Streaming, AnExitOnTheWayEndsTheStream) {
  const auto caller = call();
  auto function = runtime();
  function.begin();
  function.piece("half");
  (void)caller->wait_for("half");
  function.exit(7 << 8);
  EXPECT_NE(caller->wait_for_end().find("Runtime exited with error: exit status 7"),
            std::string::npos);
}

TEST_F(Streaming, ABrokenAnswerFailsWhenTheRuntimeGoesOn) {
  const auto caller = call();
  auto function = runtime();
  function.begin();
  function.piece("half");
  (void)caller->wait_for("half");
  function.reconnect();
  auto next = std::async(std::launch::async, [&] {
    // The server may see the question before it sees the old connection go.
    for (;;) {
      function.take();
      if (!function.id().empty() && function.id().find("HTTP") == std::string::npos) return;
    }
  });
  EXPECT_NE(caller->wait_for_end().find("Runtime.TruncatedResponse"), std::string::npos);
  const auto second = call();
  next.get();
  EXPECT_TRUE(function.respond_plainly("1").starts_with("HTTP/1.1 202 "));
  EXPECT_EQ(second->wait_for_end(), "1") << "a function that does not stream answers by the end";
}

TEST_F(Streaming, TakesOneAnswer) {
  const auto caller = call();
  auto function = runtime();
  function.begin();
  function.piece("half");
  (void)caller->wait_for("half");
  EXPECT_TRUE(function.respond_plainly("1").starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(function.end().starts_with("HTTP/1.1 202 "));
  EXPECT_EQ(caller->wait_for_end(), "");
}

TEST_F(Streaming, BoundsWhatItGathers) {
  auto pending = std::async(std::launch::async, [&] { return lab.invoke("f", "{}"); });
  auto function = runtime();
  function.begin();
  function.piece(std::string(limits::kInvokeResponseBytesMax, 'x'));
  function.piece("x");
  const auto answer = pending.get();
  EXPECT_NE(answer->body.find("Function.ResponseSizeTooLarge"), std::string::npos);
  EXPECT_TRUE(function.end().starts_with("HTTP/1.1 413 "));
}

TEST_F(Streaming, AReaderThatGoesDoesNotStopTheFunction) {
  const auto caller = call();
  auto function = runtime();
  function.begin();
  caller->is_gone = true;
  function.piece("a");
  function.piece("b");
  EXPECT_TRUE(function.end().starts_with("HTTP/1.1 202 "));
  EXPECT_EQ(caller->wait_for_end(), "");
}

TEST(StreamGate, NothingComesAfterTheEnd) {
  const auto caller = std::make_shared<Caller>();
  Work work;
  work.stream = caller;
  work.done = caller->done();
  gate_stream(work);
  work.stream->begin("t");
  EXPECT_TRUE(work.stream->write("a"));
  work.done(InvokeResult{});
  EXPECT_FALSE(work.stream->write("b"));
  EXPECT_FALSE(work.stream->is_behind([] {}));
  EXPECT_EQ(caller->wait_for("a"), "[t]a");
}

/// The events of an event stream, each as "TYPE payload".
std::vector<std::string> events_of(std::string_view bytes) {
  const auto u32 = [](std::string_view at) {
    std::size_t number = 0;
    for (const char c : at.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(c);
    return number;
  };
  std::vector<std::string> out;
  while (bytes.size() >= 16 && u32(bytes) <= bytes.size()) {
    const auto message = bytes.substr(0, u32(bytes));
    bytes.remove_prefix(message.size());
    const auto headers = message.substr(12, u32(message.substr(4)));
    const std::size_t begin = 12 + headers.size();
    const std::string type = headers.find("PayloadChunk") != std::string_view::npos     ? "chunk "
                             : headers.find("InvokeComplete") != std::string_view::npos ? "end "
                                                                                        : "? ";
    out.push_back(type + std::string(message.substr(begin, message.size() - 4 - begin)));
  }
  EXPECT_TRUE(bytes.empty()) << "not a whole message";
  return out;
}

/// InvokeWithResponseStream over HTTP.
class EventStreamApi : public Streaming {
 protected:
  struct Held {
    http::Request request;
    http::Responder responder;
    aws::Call call;
    std::vector<std::pair<std::string, std::string>> labels;
  };
  EventStreamApi()
      : front(
            http::ServerOptions{.loops = 1},
            [this](http::Request&& request, http::Responder responder) {
              const std::string name(request.path().substr(1));
              auto held = std::make_shared<Held>(Held{std::move(request),
                                                      std::move(responder),
                                                      make_call(lab.clock),
                                                      {{"FunctionName", name}}});
              lab.find("InvokeWithResponseStream")
                  ->run_raw(held->call, aws::RawRequest{held->request, held->labels},
                            lab.authorizer, [held](Result<http::Response> result) {
                              if (!result) {
                                result =
                                    http::Response{.status = 400, .body = result.error().aws_type};
                              }
                              std::move(held->responder).send(std::move(*result));
                            });
            },
            lab.clock, lab.logger) {
    front.start();
  }
  http::TestSocket ask(const std::string& function, const std::string& headers = "") {
    http::TestSocket client(front.port());
    client.send("POST /" + function + " HTTP/1.1\r\nHost: h\r\n" + headers +
                "Content-Length: 2\r\n\r\n{}");
    return client;
  }
  static std::string unchunk(std::string body) {
    std::string out;
    for (std::size_t at = 0;;) {
      const auto line = body.find("\r\n", at);
      if (line == std::string::npos) return out;
      const auto size = std::stoul(body.substr(at, line - at), nullptr, 16);
      if (size == 0) return out;
      out += body.substr(line + 2, size);
      at = line + 2 + size + 2;
    }
  }
  http::Server front;
};

TEST_F(EventStreamApi, SendsAChunkForEachPieceAndAnEnd) {
  auto client = ask("f", "X-Amz-Log-Type: Tail\r\nConnection: close\r\n");
  auto function = runtime();
  function.begin();
  function.piece("one");
  const auto head = client.read_to("\r\n\r\n");
  EXPECT_NE(head.find("Content-Type: application/vnd.amazon.eventstream\r\n"), std::string::npos);
  EXPECT_NE(head.find("X-Amz-Executed-Version: $LATEST\r\n"), std::string::npos);
  const auto first = client.read_to("one");
  function.piece("two");
  function.end();
  auto parked = std::async(std::launch::async, [&] { function.take(); });
  const auto events = events_of(unchunk(first + client.read_all()));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0], "chunk one");
  EXPECT_EQ(events[1], "chunk two");
  EXPECT_TRUE(events[2].starts_with(R"(end {"LogResult":")")) << events[2];
  lab.functions->stop(std::chrono::milliseconds(0));
}

TEST_F(EventStreamApi, EndsWithTheErrorThatCutIn) {
  auto client = ask("f", "Connection: close\r\n");
  auto function = runtime();
  function.begin();
  function.piece("half");
  (void)client.read_to("\r\n\r\n");
  const auto first = client.read_to("half");
  function.exit(1 << 8);
  const auto events = events_of(unchunk(first + client.read_all()));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(events[1].starts_with(R"(end {"ErrorCode":"Unhandled","ErrorDetails":")"
                                    R"({\"errorType\":\"Runtime.ExitError\")"))
      << events[1];
}

TEST_F(EventStreamApi, ServesFunctionsThatDoNotStream) {
  auto client = ask("f", "Connection: close\r\n");
  auto function = runtime();
  function.take();
  function.respond_plainly("whole");
  (void)client.read_to("\r\n\r\n");
  EXPECT_EQ(events_of(unchunk(client.read_all())),
            (std::vector<std::string>{"chunk whole", "end {}"}));
}

TEST_F(EventStreamApi, RefusesLikeInvoke) {
  EXPECT_TRUE(ask("none").read_answer().ends_with("ResourceNotFoundException"));
  EXPECT_TRUE(ask("none", "X-Amz-Invocation-Type: DryRun\r\n")
                  .read_answer()
                  .ends_with("ResourceNotFoundException"));
  EXPECT_TRUE(
      ask("f", "X-Amz-Invocation-Type: DryRun\r\n").read_answer().starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(
      ask("f", "X-Amz-Invocation-Type: Event\r\n").read_answer().ends_with("ValidationException"));
}

}  // namespace
}  // namespace stator::lambda::test
