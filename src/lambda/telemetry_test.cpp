#include "lambda/telemetry.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <condition_variable>
#include <future>
#include <optional>

#include "http/server.hpp"
#include "http/test_socket.hpp"
#include "json/json.hpp"

namespace stator::lambda {
namespace {

/// A subscriber on this machine's loopback.
class Subscriber {
 public:
  explicit Subscriber(const Clock& clock, const log::Logger& logger, std::uint16_t port = 0)
      : server_(
            http::ServerOptions{.port = port, .loops = 1},
            [this](http::Request&& request, http::Responder responder) {
              const std::lock_guard lock(mutex_);
              EXPECT_TRUE(json::parse(request.body)) << request.body;
              received_ += request.target + " " + request.body + "\n";
              std::move(responder).send(http::Response{});
              changed_.notify_all();
            },
            clock, logger) {
    server_.start();
  }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  /// All that came, once it contains `part`.
  [[nodiscard]] std::string wait_for(std::string_view part) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20),
                      [&] { return received_.find(part) != std::string::npos; });
    return received_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string received_;
  http::Server server_;
};

class TelemetryApi : public testing::Test {
 protected:
  TelemetryApi() {
    std::vector<UniqueFd> connectors;
    for (int i = 0; i < 2; ++i) {
      connectors.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }
    telemetry = std::make_shared<Telemetry>(TelemetryParts{scheduler, threads, clock, "t"},
                                            std::move(connectors));
  }
  ~TelemetryApi() override { telemetry->close(); }

  http::Response subscribe(const std::string& body) {
    http::Request request;
    request.method = "PUT";
    request.body = body;
    return telemetry->subscribe(request, "agent", clock.wall());
  }
  http::Response subscribe(std::uint16_t port,
                           const std::string& types = R"("platform","function")") {
    return subscribe(R"({"schemaVersion":"2022-07-01","types":[)" + types +
                     R"(],"buffering":{"timeoutMs":25},"destination":{"protocol":"HTTP",)"
                     R"("URI":"http://sandbox.localdomain:)" +
                     std::to_string(port) + "/in\"}}");
  }

  SystemClock clock;
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
  TimerThread scheduler;
  StartQueue threads{{.threads_max = 2, .at_once_max = 2}};
  std::shared_ptr<Telemetry> telemetry;
};

TEST_F(TelemetryApi, OwnsItsPath) {
  EXPECT_TRUE(Telemetry::owns("/2022-07-01/telemetry"));
  EXPECT_FALSE(Telemetry::owns("/2020-08-15/logs"));
}

TEST_F(TelemetryApi, RefusesWhatItCannotDo) {
  const std::string destination =
      R"("destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:80"})";
  const std::string types = R"("types":["platform"],)";
  const std::string bad[] = {
      "",
      "{" + destination + "}",
      R"({"types":[],)" + destination + "}",
      R"({"types":["all"],)" + destination + "}",
      "{" + types + R"("buffering":1,)" + destination + "}",
      "{" + types + R"("buffering":{"maxItems":999},)" + destination + "}",
      "{" + types + R"("buffering":{"maxBytes":1048577},)" + destination + "}",
      "{" + types + R"("buffering":{"timeoutMs":"25"},)" + destination + "}",
      "{" + types + R"("destination":"here"})",
      "{" + types + R"("destination":{"protocol":"TCP","port":80}})",
      "{" + types + R"("destination":{"protocol":"HTTP","URI":"http://example.com:80"}})",
      "{" + types + R"("destination":{"protocol":"HTTP","URI":"https://sandbox:80"}})",
      "{" + types + R"("destination":{"protocol":"HTTP","URI":"sandbox"}})",
  };
  for (const auto& body : bad) {
    const auto answer = subscribe(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_NE(answer.body.find("Telemetry.ValidationError"), std::string::npos);
  }
  EXPECT_EQ(subscribe("{" + types + destination + "}").status, 200);
  EXPECT_EQ(subscribe("{" + types + destination + "}").status, 200);
  EXPECT_EQ(subscribe("{" + types + destination + "}").status, 403) << "no socket is left";
}

TEST_F(TelemetryApi, ClosesWithTheInitPhase) {
  telemetry->close_registration();
  const auto answer = subscribe(80);
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("Telemetry.SubscriptionClosed"), std::string::npos);
}

TEST_F(TelemetryApi, SendsWhatCameBeforeAndWhatComes) {
  Subscriber all(clock, logger), lines(clock, logger);
  telemetry->add(Telemetry::Kind::kPlatform, R"({"n":1})");
  EXPECT_EQ(subscribe(all.port()).body, "OK");
  EXPECT_EQ(subscribe(lines.port(), R"("function","extension")").status, 200);
  telemetry->close_registration();
  telemetry->add(Telemetry::Kind::kFunction, R"({"n":2})");
  telemetry->add(Telemetry::Kind::kPlatform, R"({"n":3})");
  const auto seen = all.wait_for(R"({"n":3})");
  EXPECT_TRUE(seen.starts_with("/in [{\"time\":")) << seen;
  EXPECT_NE(seen.find(R"("record":{"name":"agent","state":"Subscribed",)"
                      R"("types":["platform","function"]}},{"n":1})"),
            std::string::npos)
      << seen;
  EXPECT_LT(seen.find(R"({"n":2})"), seen.find(R"({"n":3})"));
  // A second batch takes the same way.
  telemetry->add(Telemetry::Kind::kFunction, R"({"n":4})");
  EXPECT_NE(all.wait_for(R"([{"n":4}])").find(R"([{"n":4}])"), std::string::npos);
  const auto few = lines.wait_for(R"({"n":4})");
  EXPECT_NE(few.find(R"({"n":2})"), std::string::npos);
  EXPECT_EQ(few.find(R"({"n":3})"), std::string::npos);
}

TEST_F(TelemetryApi, TriesAgainUntilSomebodyListens) {
  std::uint16_t port = 0;
  http::listen_somewhere(port).reset();
  ASSERT_EQ(subscribe(port).status, 200);
  telemetry->add(Telemetry::Kind::kFunction, R"({"n":1})");
  Subscriber late(clock, logger, port);
  EXPECT_NE(late.wait_for(R"({"n":1})").find(R"({"n":1})"), std::string::npos);
}

TEST_F(TelemetryApi, CountsWhatIsLost) {
  Subscriber slow(clock, logger);
  // No thread sends before all is there: a batch is on its way, and more than may wait behind it.
  std::promise<void> go;
  const auto gate = go.get_future().share();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(threads.post("t", [gate] { gate.wait(); }));
  ASSERT_EQ(subscribe(slow.port()).status, 200);
  const std::string padding(10'000, 'x');
  for (int i = 0; i < 100; ++i) {
    telemetry->add(Telemetry::Kind::kFunction,
                   "{\"n\":" + std::to_string(i) + ",\"x\":\"" + padding + "\"}");
  }
  go.set_value();
  const auto seen = slow.wait_for("{\"n\":99,");
  EXPECT_NE(seen.find("{\"n\":99,"), std::string::npos);
  EXPECT_NE(seen.find("platform.logsDropped"), std::string::npos);
  EXPECT_EQ(seen.find("{\"n\":40,"), std::string::npos) << "the oldest of those that waited";
}

}  // namespace
}  // namespace stator::lambda
