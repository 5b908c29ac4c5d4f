#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>

#include "http/exchange.hpp"
#include "http/loop.hpp"
#include "http/net.hpp"
#include "http/parser.hpp"

namespace stator::http::detail {

/// One client's connection: reads requests, hands them to the site's handler and sends the answers
/// in order. Lives on its loop's thread, held by the loop until close().
class Connection final : public std::enable_shared_from_this<Connection>, private Deadline {
 public:
  Connection(Loop& loop, std::shared_ptr<Site> site, Socket socket, std::string peer);

  void start() { settle(); }
  /// At once; what was not sent is lost and who waits for the client is told.
  void close();
  /// Answers what has begun, then closes.
  void drain();
  /// True when the connection closes after this answer because the server is stopping.
  [[nodiscard]] bool ends_with(const Exchange& exchange) const;
  /// An exchange has something to send.
  void on_ready();
  [[nodiscard]] const Site& site() const { return *site_; }

 private:
  /// What the deadline that is armed stands for.
  enum class Wait { kNone, kIdle, kHead, kBody, kWrite, kLinger };

  void on_deadline() override;
  void on_read(NetError error, std::size_t count);
  void pump();
  void parse();
  void dispatch();
  void refuse(const Failure& failure);

  // A body that goes to a sink.
  void open_sink();
  void feed_sink();
  void end_sink();
  void break_sink();
  void resume_sink();
  [[nodiscard]] Responder new_responder();
  void admit_upload();
  /// Counts this connection's part of a body in among the site's uploads.
  void count_upload(std::size_t bytes);
  [[nodiscard]] std::shared_ptr<Exchange> new_exchange(RequestTraits traits);

  void write();
  [[nodiscard]] bool write_some();
  void take_sent(std::size_t count);
  void await_writable();

  void settle();
  void read_more();
  void linger();
  void reset();
  [[nodiscard]] Wait wait_for() const;
  void update_deadline();

  [[nodiscard]] bool is_draining() const { return loop_.is_draining() && site_->is_public; }
  [[nodiscard]] bool has_input() const { return begin_ != end_; }
  [[nodiscard]] bool takes_requests() const {
    return !is_closed_ && !refuses_input_ && !is_paused_ &&
           exchanges_.size() < limits::kPipelinedMax;
  }

  Loop& loop_;
  const std::shared_ptr<Site> site_;
  Socket socket_;
  const std::string peer_;
  RequestParser parser_;
  std::shared_ptr<BodySink> sink_;  ///< of the body that is arriving, where it has one
  BodySink::Resume resume_;
  std::deque<std::shared_ptr<Exchange>> exchanges_;  ///< at most kPipelinedMax and one refusal
  std::string_view interim_;                         ///< of "100 Continue", what is not sent yet

  Wait wait_ = Wait::kNone;
  std::size_t upload_bytes_ = 0;  ///< as counted in by count_upload()
  std::size_t body_bytes_ = 0;    ///< since the body's deadline was last moved
  bool is_reading_ = false;
  bool is_awaiting_writable_ = false;
  bool is_pumping_ = false;
  bool is_continue_wanted_ = false;
  bool is_paused_ = false;      ///< the sink wants no more of the body now
  bool input_ended_ = false;    ///< the client has shut its side
  bool refuses_input_ = false;  ///< what still comes is dropped
  bool is_lingering_ = false;
  bool is_closed_ = false;

  std::size_t begin_ = 0;  ///< [begin_, end_) of buffer_ is read and not parsed
  std::size_t end_ = 0;
  std::array<char, 16384> buffer_;
};

}  // namespace stator::http::detail
