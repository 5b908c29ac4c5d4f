#pragma once

#include <memory>
#include <string>

#include "http/loop.hpp"
#include "http/transport.hpp"

namespace stator::http::detail {

class Exchange;

/// A connection's place among those that its site admits; given back when it goes.
class Admission {
 public:
  explicit Admission(std::shared_ptr<Load> load) : load_(std::move(load)) {
    load_->connections.fetch_add(1, std::memory_order_relaxed);
  }
  Admission(Admission&&) noexcept = default;
  ~Admission() {
    if (load_ != nullptr) load_->connections.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  std::shared_ptr<Load> load_;
};

/// One client's line to us, and what is known of the client: what moves on when another protocol
/// takes a connection over.
struct Line {
  std::shared_ptr<Site> site;
  Transport transport;
  Admission admission;
  std::string peer;
  std::string server_name = {};
  std::shared_ptr<const ClientCertificate> client_certificate = {};
};

/// A line and who speaks on it: the part that is the same for every protocol. Lives on its loop's
/// thread, held by the loop until close() or hand_over().
class Channel : public std::enable_shared_from_this<Channel>, protected Deadline {
 public:
  Channel(Loop& loop, Line line) : loop_(loop), line_(std::move(line)) {}

  virtual void start() = 0;
  /// Answers what has begun, then closes.
  virtual void drain() = 0;
  /// At once; what was not sent is lost and who waits for the client is told.
  void close();

  /// An exchange has something to send.
  virtual void on_ready(Exchange& exchange) = 0;
  /// True when the connection closes after this answer because the server is stopping.
  [[nodiscard]] virtual bool ends_with(const Exchange& exchange) const = 0;

  [[nodiscard]] const Site& site() const { return *line_.site; }

 protected:
  /// There may be something to read.
  virtual void on_readable() = 0;
  /// The socket takes more.
  virtual void on_writable() = 0;
  /// The line is closed.
  virtual void on_closed() = 0;

  /// Calls on_readable() later, once; a second call before that does nothing.
  void await_readable();
  void await_writable();
  /// Sends what TLS has kept; false when that has to wait, or the channel is closed.
  [[nodiscard]] bool flush();
  /// The other protocol's turn: `next` is given the line and this channel is nobody's any more.
  void hand_over(const std::shared_ptr<Channel>& next);

  /// Too much is under way for another request.
  [[nodiscard]] bool is_overloaded() const;
  /// Gives a request to the site's handler, as this client's.
  void serve(Request&& request, Responder responder);

  [[nodiscard]] bool is_closed() const { return is_closed_; }
  [[nodiscard]] bool is_awaiting_writable() const { return is_awaiting_writable_; }
  [[nodiscard]] bool is_draining() const { return loop_.is_draining() && site().is_public; }

  Loop& loop_;
  Line line_;

 private:
  bool is_awaiting_readable_ = false;
  bool is_awaiting_writable_ = false;
  bool is_closed_ = false;
};

}  // namespace stator::http::detail
