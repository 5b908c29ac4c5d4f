#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/uio.h>

#include "http/loop.hpp"
#include "http/message.hpp"
#include "http/wire.hpp"

namespace stator::http::detail {

class Channel;

/// What of the request the answer's form depends on.
struct RequestTraits {
  bool is_head = false;
  bool is_http10 = false;
  bool keep_alive = true;
  std::size_t body_bytes = 0;  ///< that the request holds until it is answered
  std::int32_t stream = 0;     ///< of HTTP/2, else 0
};

/// One request's answer on its way: made by any thread, sent by the connection's loop. Shared by
/// the connection, which sends in the order of requests, and the Responder or BodyWriter. Counts as
/// under way, with what it holds, until all of them have let it go.
class Exchange final : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<Loop> loop, std::weak_ptr<Channel> channel, std::shared_ptr<Load> load,
           RequestTraits traits);
  Exchange(const Exchange&) = delete;
  ~Exchange();

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
  [[nodiscard]] std::int32_t stream() const { return traits_.stream; }
  /// Of HTTP/2: once, the head, when it has been given.
  [[nodiscard]] std::optional<AnswerHead> take_head() { return std::exchange(head_, std::nullopt); }
  /// Of HTTP/2: takes up to `into.size()` bytes of the body.
  [[nodiscard]] std::size_t take_body(std::span<char> into);
  /// Appends what is to be sent, up to `count_max` vectors in all.
  void gather(std::vector<iovec>& out, std::size_t count_max) const;
  /// Takes what was sent off the front; returns how many of the bytes were not of this exchange.
  [[nodiscard]] std::size_t sent(std::size_t bytes);

 private:
  template <class Task>
  void on_loop(Task task);
  void deliver(Response response, bool is_stream);
  void encode(Response response, bool is_whole, bool keeps_connection);
  void count_in(std::size_t bytes);
  void enqueue(std::string bytes);
  void wake();
  void tell_caught_up();

  const std::shared_ptr<Loop> loop_;
  const std::weak_ptr<Channel> channel_;
  const std::shared_ptr<Load> load_;
  const RequestTraits traits_;

  std::atomic<bool> is_gone_{false};
  std::atomic<std::size_t> unsent_bytes_{0};
  std::atomic<unsigned> posted_{0};  ///< tasks on their way to the loop: later ones queue behind

  BodyFraming framing_ = BodyFraming::kLength;  ///< of a stream; the answering side's
  bool is_discarding_ = false;                  ///< the body is not sent; the answering side's

  std::function<void()> gone_;
  std::function<void()> caught_up_;
  std::optional<AnswerHead> head_;
  std::deque<std::string> out_;
  std::size_t offset_ = 0;  ///< into the first of out_
  bool keep_alive_ = true;
  bool is_notified_ = false;
  bool is_complete_ = false;
  bool is_cut_ = false;
};

}  // namespace stator::http::detail
