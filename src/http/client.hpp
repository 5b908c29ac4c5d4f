#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "http/message.hpp"

namespace stator::http {

struct Endpoint {
  std::string host;
  std::uint16_t port = 80;
  bool is_secure = false;

  /// From "http://host:port" or "https://host"; kInvalid for anything else.
  [[nodiscard]] static Result<Endpoint> parse(std::string_view url);
  /// As the Host header names it, without the scheme's own port.
  [[nodiscard]] std::string authority() const;
};

/// A blocking HTTP/1.1 client over one kept-alive connection; https verifies the certificate
/// against the system's authorities. For commands and tests: never on an event loop. One thread at
/// a time.
class Client {
 public:
  explicit Client(Endpoint endpoint, std::chrono::milliseconds timeout = std::chrono::seconds(60));
  /// Gets a connected stream socket by other means than the endpoint's name, which only goes into
  /// Host. For plain HTTP.
  using Connect = std::function<Result<UniqueFd>(SteadyTime deadline)>;
  Client(Endpoint endpoint, std::chrono::milliseconds timeout, Connect connect);
  ~Client();
  Client(Client&&) noexcept;

  /// Sends `request` (Host and Content-Length are added where absent) and reads the whole answer,
  /// of at most 128 MiB. Tries once more on a kept-alive connection that the server had closed.
  /// kUnavailable when it cannot connect or the connection breaks, kTimeout when it takes too long.
  [[nodiscard]] Result<Response> send(const Request& request);

  /// The same for an answer that may go on for ever: the body of a 200 is handed over piece by
  /// piece as it comes, until it ends or `take` answers false, and no two pieces may be further
  /// apart than the timeout. What is returned then has no body. The connection is not kept.
  using Take = std::function<bool(std::string_view piece)>;
  [[nodiscard]] Result<Response> follow(const Request& request, const Take& take);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::http
