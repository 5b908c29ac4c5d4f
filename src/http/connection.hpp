#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>

#include "http/channel.hpp"
#include "http/exchange.hpp"
#include "http/parser.hpp"

namespace stator::http::detail {

/// One client's connection in HTTP/1: reads requests, hands them to the site's handler and sends
/// the answers in order.
class Connection final : public Channel {
 public:
  Connection(Loop& loop, Line line);

  void start() override { settle(); }
  void drain() override { settle(); }
  [[nodiscard]] bool ends_with(const Exchange& exchange) const override;
  void on_ready(Exchange& exchange) override;

 private:
  /// What the deadline that is armed stands for.
  enum class Wait { kNone, kIdle, kHead, kBody, kWrite, kLinger };

  void on_deadline() override;
  void on_readable() override { read_on(true); }
  void on_writable() override { pump(); }
  void on_closed() override;
  void on_received(NetError error, std::size_t count);
  void read_on(bool may_have_more);
  void on_input(std::string_view bytes);
  void on_input_end();
  [[nodiscard]] bool is_http2_preface(std::string_view bytes) const;
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
  [[nodiscard]] std::shared_ptr<Exchange> next_exchange();
  void admit_upload();
  /// Counts this connection's part of a body in among what is under way.
  void count_upload(std::size_t bytes);
  [[nodiscard]] std::shared_ptr<Exchange> new_exchange(RequestTraits traits);

  void write();
  [[nodiscard]] bool write_some();
  void take_sent(std::size_t count);

  void settle();
  void read_more();
  void linger();
  void reset();
  [[nodiscard]] Wait wait_for() const;
  void update_deadline();

  [[nodiscard]] bool has_input() const { return !input_.empty(); }
  [[nodiscard]] bool takes_requests() const {
    return !is_closed() && !refuses_input_ && !is_paused_ &&
           exchanges_.size() < limits::kPipelinedMax;
  }

  RequestParser parser_;
  std::shared_ptr<BodySink> sink_;  ///< of the body that is arriving, where it has one
  BodySink::Resume resume_;
  std::deque<std::shared_ptr<Exchange>> exchanges_;  ///< at most kPipelinedMax and one refusal
  std::string_view interim_;                         ///< of "100 Continue", what is not sent yet

  Wait wait_ = Wait::kNone;
  std::size_t upload_bytes_ = 0;  ///< as counted in by count_upload()
  std::size_t body_bytes_ = 0;    ///< since the body's deadline was last moved
  bool is_pumping_ = false;
  bool is_continue_wanted_ = false;
  bool is_paused_ = false;      ///< the sink wants no more of the body now
  bool input_ended_ = false;    ///< the client has shut its side
  bool refuses_input_ = false;  ///< what still comes is dropped
  bool is_lingering_ = false;
  bool is_reading_ = false;  ///< or waiting for something to read
  bool is_fresh_ = true;     ///< nothing has come

  std::string_view input_;  ///< read and not parsed: in first_, the loop's scratch or kept_
  std::string kept_;        ///< what has to wait for its turn
  /// Most requests whole, in one system call: waiting without a buffer would cost one more each.
  std::array<char, 2048> first_;
};

}  // namespace stator::http::detail
