#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/uio.h>

#include "http/loop.hpp"
#include "http/message.hpp"
#include "http/wire.hpp"

namespace stator::http::detail {

class Connection;

/// What of the request the answer's form depends on.
struct RequestTraits {
  bool is_head = false;
  bool is_http10 = false;
  bool keep_alive = true;
};

/// One request's answer on its way: made by any thread, sent by the connection's loop. Shared by
/// the connection, which sends in the order of requests, and the Responder or BodyWriter.
class Exchange final : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<Loop> loop, std::weak_ptr<Connection> connection, RequestTraits traits);

  // The answering side: any one thread at a time.

  void answer(Response response);
  void begin(Response head);
  [[nodiscard]] bool write(std::string_view piece);
  [[nodiscard]] bool is_behind(std::function<void()> caught_up);
  void finish();
  void cut();
  void on_disconnect(std::function<void()> gone);

  // The sending side: the loop's thread.

  /// The client will send no more; whether it still listens is not known.
  void notify_gone();
  /// Nothing can be sent any more.
  void abandon();
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] bool is_cut() const { return is_cut_; }
  [[nodiscard]] bool closes_connection() const { return !keep_alive_; }
  [[nodiscard]] bool has_unsent() const { return !out_.empty(); }
  /// Appends what is to be sent, up to `count_max` vectors in all.
  void gather(std::vector<iovec>& out, std::size_t count_max) const;
  /// Takes what was sent off the front; returns how many of the bytes were not of this exchange.
  [[nodiscard]] std::size_t sent(std::size_t bytes);

 private:
  template <class Task>
  void on_loop(Task task);
  void deliver(Response response, bool is_stream);
  void enqueue(std::string bytes);
  void wake();
  void tell_caught_up();

  const std::shared_ptr<Loop> loop_;
  const std::weak_ptr<Connection> connection_;
  const RequestTraits traits_;

  std::atomic<bool> is_gone_{false};
  std::atomic<std::size_t> unsent_bytes_{0};
  std::atomic<unsigned> posted_{0};  ///< tasks on their way to the loop: later ones queue behind

  BodyFraming framing_ = BodyFraming::kLength;  ///< of a stream; the answering side's
  bool is_discarding_ = false;                  ///< the body is not sent; the answering side's

  std::function<void()> gone_;
  std::function<void()> caught_up_;
  std::deque<std::string> out_;
  std::size_t offset_ = 0;  ///< into the first of out_
  bool keep_alive_ = true;
  bool is_notified_ = false;
  bool is_complete_ = false;
  bool is_cut_ = false;
};

}  // namespace stator::http::detail
