#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/unique_fd.hpp"
#include "http/body_sink.hpp"
#include "http/message.hpp"
#include "http/tls_identity.hpp"
#include "log/log.hpp"

namespace stator::http {

namespace detail {
class Exchange;
}

/// Sends a body piece by piece in chunked coding. Any one thread at a time.
class BodyWriter {
 public:
  explicit BodyWriter(std::shared_ptr<detail::Exchange> exchange);
  BodyWriter(BodyWriter&&) noexcept = default;
  BodyWriter& operator=(BodyWriter&& other) noexcept;
  /// Destroyed before finish(), it cuts the connection, so that the client sees the body is not
  /// whole.
  ~BodyWriter();

  /// False when the client has gone or reads so slowly that more than 8 MiB wait: stop then.
  [[nodiscard]] bool write(std::string_view piece);
  /// True when more than 1 MiB waits for the client. Then `caught_up` is called once, on the
  /// connection's loop, when it has taken that or has gone; it must not block or write.
  [[nodiscard]] bool is_behind(std::function<void()> caught_up);
  void finish();

 private:
  std::shared_ptr<detail::Exchange> exchange_;
};

/// The right and duty to answer one request, once, from any thread, now or later. When the client
/// has gone the answer is dropped in silence. Destroyed unanswered, it answers 500.
class Responder {
 public:
  explicit Responder(std::shared_ptr<detail::Exchange> exchange);
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  /// A response with `stream` set is begun as by stream(), and its writer handed to that.
  void send(Response response) &&;
  /// Sends head now and the body as it comes; `head.body` is sent first.
  [[nodiscard]] BodyWriter stream(Response head) &&;

  /// Calls `gone` at most once, on the connection's loop, if the client closes before the answer.
  /// A client that shuts its sending side alone counts as gone, yet gets what is answered.
  void on_disconnect(std::function<void()> gone);

 private:
  std::shared_ptr<detail::Exchange> exchange_;
};

/// Runs on the loop that read the request and must not block. An exception that escapes becomes a
/// 500.
using Handler = std::function<void(Request&&, Responder)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one, see Server::port()
  /// Set: the same handler is served over TLS too, on a port of its own.
  TlsChooser tls = {};
  std::uint16_t tls_port = 0;    ///< 0: any free one, see Server::tls_port()
  std::string tls_address = {};  ///< "": the same as `address`
  unsigned loops = 0;            ///< 0: one per core
  std::size_t header_bytes_max = limits::kHeaderBytesMax;
  std::size_t body_bytes_max = limits::kBodyBytesMax;
  /// Of what requests under way hold, at the public listeners together and at each adopted one:
  /// bodies, from their first byte until the answer, and answers that clients have not taken. Past
  /// it a request gets 503 with Retry-After; at an adopted listener, one with a body.
  std::size_t in_flight_bytes_max = 1u << 30;
  /// Of requests that are not answered to the end, at the public listeners together; then the same.
  std::size_t in_flight_requests_max = 10'000;
  /// Ten thousand that are idle leave room for those that are not.
  std::size_t connections_max = 2 * limits::kConnectionsMax;
  std::chrono::milliseconds header_timeout = limits::kHeaderTimeout;
  std::chrono::milliseconds body_timeout = limits::kBodyTimeout;
  std::chrono::milliseconds idle_timeout = limits::kIdleTimeout;
};

/// An HTTP server: one event loop a core, each with listeners of its own (SO_REUSEPORT). HTTP/2
/// where a client of TLS asks for it (ALPN) or a plain one begins with its preface; else HTTP/1.1.
///
/// Keep-alive, pipelining (answers leave in the order of requests), chunked bodies both ways,
/// Expect: 100-continue, HEAD. Past a limit the client gets 431, 413 or 408 and the connection
/// closes; what is ambiguous (both Content-Length and Transfer-Encoding, a bare LF, …) is 400 and
/// closes. Above connections_max a connection gets 503 (of TLS: nothing) and closes. A client must
/// send 16 KiB of body per body_timeout, take some of an answer in the same time, and be through
/// with its TLS handshake within header_timeout.
class Server {
 public:
  using ListenerId = std::uint64_t;

  /// Binds and listens; throws ConfigError naming address and reason when it cannot.
  Server(ServerOptions options, Handler handler, const Clock& clock, const log::Logger& logger);
  /// Stops at once.
  ~Server();
  Server(const Server&) = delete;

  void start();
  /// Stops accepting, closes idle connections, lets running requests finish for `grace`, then
  /// closes the rest and joins the loops. Adopted listeners serve until the end: what runs may need
  /// them. Safe to call twice; never from a loop.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] std::uint16_t port() const;
  /// 0 without TLS.
  [[nodiscard]] std::uint16_t tls_port() const;

  /// Serves a listening socket made elsewhere (in a sandbox's network namespace) on one of the
  /// loops. Requests that arrive there go to `handler`. Any thread, also before start().
  /// `idle_timeout` zero: its connections may stay silent for ever (a runtime that waits for work).
  /// Bodies that `streams` finds a sink for go there and not to `handler`.
  ListenerId adopt(UniqueFd listener, Handler handler, std::chrono::milliseconds idle_timeout,
                   SinkChooser streams = {});
  /// Closes an adopted listener and its connections. Any thread.
  void retire(ListenerId id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::http
