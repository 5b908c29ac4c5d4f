#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/response_parser.hpp"
#include "http/transport.hpp"

namespace stator::http::detail {

/// How one request fared.
struct UpstreamOutcome {
  Result<Response> answer;
  bool has_sent = false;   ///< a byte of the request went out
  bool has_begun = false;  ///< a byte of the answer came
};

/// One connection to a server, for one request at a time. On its loop's thread.
class UpstreamConnection final : public std::enable_shared_from_this<UpstreamConnection> {
 public:
  struct Options {
    Endpoint origin;
    std::string server_name;
    ssl_ctx_st* tls = nullptr;  ///< outlives it
    std::chrono::milliseconds connect_timeout{0};
    std::chrono::milliseconds idle_timeout{0};
    std::size_t body_bytes_max = 0;
  };
  UpstreamConnection(asio::io_context& io, Options options);

  using Connected = std::function<void(Result<void>)>;
  void connect(Connected done);

  using Answered = std::function<void(UpstreamOutcome)>;
  /// When connected and not busy. The connection is closed when it cannot be used again.
  void exchange(std::string bytes, bool is_to_head, Answered done);

  /// Waits unused until exchange(); `gone` is called when the server closes it or time is up.
  void rest(std::function<void()> gone);

  /// At once; an exchange that runs ends with kUnavailable.
  void close();
  [[nodiscard]] bool is_open() const { return transport_.has_value(); }

 private:
  using Endpoints = std::vector<asio::ip::tcp::endpoint>;

  void resolve();
  void try_next();
  void on_connected(NetError error);
  void shake_hands();
  void connected(Result<void> result);
  void send();
  void receive();
  void on_bytes(std::string_view input);
  void finish(Result<Response> answer);
  void wait(Socket::wait_type what, void (UpstreamConnection::*then)());
  void arm(std::chrono::milliseconds delay, std::function<void()> then);

  asio::io_context& io_;
  const Options options_;
  asio::ip::basic_resolver<asio::ip::tcp, asio::io_context::executor_type> resolver_;
  asio::steady_timer timer_;
  std::optional<Socket> connecting_;
  std::optional<Transport> transport_;
  Endpoints endpoints_;  ///< still to be tried, the next one last
  std::string last_error_;

  Connected on_connected_;
  Answered on_answered_;
  std::function<void()> on_gone_;
  unsigned turn_ = 0;  ///< waits of an earlier turn mean nothing any more
  std::string out_;
  std::size_t sent_ = 0;
  bool has_begun_ = false;
  std::optional<ResponseParser> parser_;
};

}  // namespace stator::http::detail
