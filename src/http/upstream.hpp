#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/client.hpp"
#include "http/message.hpp"

namespace stator::http {

struct UpstreamOptions {
  std::size_t in_flight_max = 1'000;       ///< past it: kThrottled
  std::size_t idle_max = 256;              ///< connections kept open for later
  std::size_t idle_per_origin_max = 64;    ///< of one origin
  std::size_t body_bytes_max = 10u << 20;  ///< of an answer; past it: kUnavailable
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds idle_timeout{30'000};
  std::string authorities_file = {};  ///< PEM; believed instead of the system's unless ""
};

/// A request to another server.
struct UpstreamRequest {
  Endpoint origin;
  Request
      message;  ///< Host and Content-Length are added; hop-by-hop fields are the caller's to drop
  std::chrono::milliseconds timeout{30'000};  ///< for all of it
  std::string server_name = {};  ///< that the certificate must be for, when not the origin's host
};

/// Sends requests to other servers and never blocks who asks: one thread of its own serves all its
/// connections, which are kept alive and used again by requests to the same origin.
///
/// A request that finds its kept connection closed is sent once more on a new one, unless the
/// server may have begun to act on it: bytes of an answer came, or the method is not idempotent
/// (RFC 9110, section 9.2.2) and something was sent.
class Upstream {
 public:
  using Done = std::function<void(Result<Response>)>;
  /// Gives a request up: `done` is then called with kUnavailable, unless it was called before. Any
  /// thread, any number of times.
  using Cancel = std::function<void()>;

  explicit Upstream(UpstreamOptions options = {});
  /// Stops at once; what was asked is answered with kUnavailable.
  ~Upstream();
  Upstream(const Upstream&) = delete;

  void start();
  void stop();

  /// Any thread. `done` is called once, on the client's own thread or before send() returns, and
  /// must not block. kTimeout when it takes too long, kThrottled past in_flight_max, kInvalid for a
  /// request that cannot be written, else kUnavailable saying why.
  Cancel send(UpstreamRequest request, Done done);

  /// Connections that wait for their next request.
  [[nodiscard]] std::size_t idle() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Takes away the fields that are between two neighbours only (RFC 9110, section 7.6.1), those that
/// Connection names too.
void remove_hop_by_hop(Headers& headers);

}  // namespace stator::http
