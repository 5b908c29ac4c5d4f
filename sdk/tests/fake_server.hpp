#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace stator::sdk::testing {

struct Seen {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

struct Answer {
  std::string bytes;          ///< the whole answer, exactly as it goes on the wire
  bool close = false;         ///< hang up after it
  bool byte_by_byte = false;  ///< in as many packets as it has bytes
};

/// 200 with a right Content-Length.
[[nodiscard]] Answer ok(std::string_view body, std::string_view extra_headers = "");
[[nodiscard]] Answer status(int code, std::string_view body);
/// A DynamoDB error.
[[nodiscard]] Answer aws_error(int code, std::string_view type, std::string_view message);

/// An HTTP server on a free port of 127.0.0.1 that answers with exactly the bytes it is told to,
/// right or wrong. A thread for each connection; all end with the object.
class FakeServer {
 public:
  using Script = std::function<Answer(const Seen&, int number)>;

  /// `script` is called for each request, with its number from 0.
  explicit FakeServer(Script script);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string url() const { return "http://" + address(); }
  [[nodiscard]] std::vector<Seen> seen() const;
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int fd);

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// Sets an environment variable for one scope; null unsets it.
class ScopedEnv {
 public:
  ScopedEnv(const char* name, const char* value);
  ~ScopedEnv();
  ScopedEnv(const ScopedEnv&) = delete;
  ScopedEnv& operator=(const ScopedEnv&) = delete;

 private:
  const std::string name_;
  std::string before_;
  bool was_set_ = false;
};

}  // namespace stator::sdk::testing
