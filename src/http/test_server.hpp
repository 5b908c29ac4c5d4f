#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/server.hpp"
#include "http/test_socket.hpp"

/// What the tests of the server share.
namespace stator::http {

inline Response text(std::string body, int status = 200) {
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

inline constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

}  // namespace stator::http
