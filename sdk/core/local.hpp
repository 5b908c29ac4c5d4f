#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "core/sigv4.hpp"
#include "stator/abi_lambda.h"

/// A function outside Lambda: the same executable under a debugger, with nothing else running.
namespace stator::sdk {

struct LocalOptions {
  std::string event_file;  ///< one event and out; "-" is standard input
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;        ///< 0 takes a free one
  bool is_http = false;             ///< requests are made into HTTP API events
  std::vector<std::string> routes;  ///< "GET /items/{id}"; without any, $default
  bool wants_help = false;
};

/// What stands behind the program's name; the failure says which part makes no sense.
[[nodiscard]] Outcome<LocalOptions> parse_local_options(const std::vector<std::string>& arguments);
[[nodiscard]] std::vector<std::string> process_arguments();

struct LocalAnswer {
  bool failed = false;
  std::string content_type;
  std::string body;  ///< of a failure the JSON of its fault
};

/// The handler and what it is told about itself; one invocation at a time.
class LocalFunction {
 public:
  LocalFunction(stator1_handler handler, void* user) : handler_(handler), user_(user) {}
  [[nodiscard]] LocalAnswer invoke(std::string_view event) const;

 private:
  stator1_handler handler_;
  void* user_;
};

struct LocalRequest {
  std::string method;
  std::string target;
  Headers headers;  ///< names in lower case
  std::string body;
};

/// The HTTP API event (payload format 2.0) of a request; nothing when no route takes it.
[[nodiscard]] std::optional<std::string> http_event_of(const LocalRequest& request,
                                                       const std::vector<std::string>& routes);
/// The HTTP/1.1 answer that a function's answer to such an event stands for, whole or streamed.
/// What is no such answer becomes a 500, as at the gateway.
[[nodiscard]] std::string http_answer_of(const LocalAnswer& answer);

/// Serves invocations (POST /2015-03-31/functions/function/invocations, as AWS's Runtime Interface
/// Emulator does) and, when asked, every other request as an HTTP API would. A request at a time,
/// a connection each.
class LocalServer {
 public:
  [[nodiscard]] static Outcome<LocalServer> listen(const LocalOptions& options,
                                                   const LocalFunction& function);
  LocalServer(LocalServer&& other) noexcept;
  LocalServer& operator=(LocalServer&&) = delete;
  ~LocalServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Waits for one connection and answers it.
  void serve_next();

 private:
  LocalServer(const LocalOptions& options, const LocalFunction& function, int listener);
  [[nodiscard]] std::string answer(const LocalRequest& request) const;

  LocalOptions options_;
  LocalFunction function_;
  int listener_;
  std::uint16_t port_ = 0;
};

/// Does what the arguments say; answers the exit status.
int run_locally(const std::vector<std::string>& arguments, stator1_handler handler, void* user);

}  // namespace stator::sdk
