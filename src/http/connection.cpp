#include "http/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace stator::http::detail {

namespace {

/// How long a closing connection reads on, so that unread input does not turn the close into a
/// reset that destroys the last answer on its way.
constexpr std::chrono::seconds kLingerTimeout{2};
/// So many bytes of a body earn it another body_timeout.
constexpr std::size_t kBodyProgressBytes = 16u << 10;
constexpr std::size_t kVectorsMax = 64;

}  // namespace

Connection::Connection(Loop& loop, std::shared_ptr<Site> site, Socket socket, std::string peer)
    : loop_(loop),
      site_(std::move(site)),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      parser_({site_->options.header_bytes_max, site_->options.body_bytes_max}) {}

void Connection::close() {
  if (is_closed_) return;
  const auto self = shared_from_this();
  is_closed_ = true;
  loop_.disarm(*this);
  count_upload(0);
  break_sink();
  NetError ignored;
  socket_.close(ignored);
  site_->connections.fetch_sub(1, std::memory_order_relaxed);
  loop_.remove(*this);
  const auto exchanges = std::exchange(exchanges_, {});
  for (const auto& exchange : exchanges) exchange->abandon();
}

void Connection::drain() {
  settle();
}

bool Connection::ends_with(const Exchange& exchange) const {
  return is_draining() && !exchanges_.empty() && exchanges_.back().get() == &exchange;
}

void Connection::on_ready() {
  if (is_pumping_ || is_closed_) return;
  write();
  if (has_input() && takes_requests()) {
    // Not from here: this may be another connection's handler, deep in its own work.
    loop_.post([self = shared_from_this()] { self->pump(); });
  } else {
    settle();
  }
}

void Connection::pump() {
  if (is_pumping_) return;
  is_pumping_ = true;
  do {
    parse();
    write();
  } while (has_input() && takes_requests());
  is_pumping_ = false;
  settle();
}

void Connection::parse() {
  while (has_input() && takes_requests()) {
    std::string_view input(buffer_.data() + begin_, end_ - begin_);
    const auto step = parser_.feed(input);
    begin_ = end_ - input.size();
    switch (step) {
      case RequestParser::Step::kMore:
        if (parser_.is_in_body()) sink_ != nullptr ? feed_sink() : admit_upload();
        break;
      case RequestParser::Step::kHead:
        wait_ = Wait::kNone;
        is_continue_wanted_ = parser_.expects_continue() && !has_input();
        open_sink();
        break;
      case RequestParser::Step::kDone:
        sink_ != nullptr ? end_sink() : dispatch();
        break;
      case RequestParser::Step::kFailed:
        refuse(parser_.failure());
        break;
    }
  }
}

std::shared_ptr<Exchange> Connection::new_exchange(RequestTraits traits) {
  auto exchange = std::make_shared<Exchange>(loop_.shared_from_this(), weak_from_this(), traits);
  exchanges_.push_back(exchange);
  return exchange;
}

void Connection::admit_upload() {
  count_upload(parser_.body_bytes());
  const auto all = site_->upload_bytes.load(std::memory_order_relaxed);
  if (all > site_->options.uploads_bytes_max) refuse({503, "too much is being uploaded at once"});
}

void Connection::count_upload(std::size_t bytes) {
  if (bytes == upload_bytes_) return;
  // Unsigned wrap-around makes one addition of a rise and of a fall.
  site_->upload_bytes.fetch_add(bytes - upload_bytes_, std::memory_order_relaxed);
  upload_bytes_ = bytes;
}

void Connection::open_sink() {
  if (!site_->streams) return;
  loop_.guard([this] { sink_ = site_->streams(parser_.request()); });
  if (sink_ == nullptr) return;
  parser_.take_in_pieces();
  resume_ = [loop = loop_.shared_from_this(), weak = weak_from_this()] {
    loop->post([weak] {
      if (const auto self = weak.lock()) self->resume_sink();
    });
  };
}

void Connection::feed_sink() {
  const auto piece = parser_.take_piece();
  if (!piece.empty() && !sink_->write(piece, resume_)) is_paused_ = true;
}

void Connection::end_sink() {
  feed_sink();
  is_paused_ = false;
  const auto sink = std::exchange(sink_, nullptr);
  auto trailers = parser_.take_trailers();
  (void)parser_.take();
  sink->end(std::move(trailers), new_responder());
}

void Connection::break_sink() {
  is_paused_ = false;
  if (const auto sink = std::exchange(sink_, nullptr)) sink->broken();
}

void Connection::resume_sink() {
  if (!is_paused_ || is_closed_) return;
  is_paused_ = false;
  pump();
}

Responder Connection::new_responder() {
  wait_ = Wait::kNone;
  is_continue_wanted_ = false;
  const bool keep_alive = parser_.keep_alive() && !is_draining();
  refuses_input_ = !keep_alive;
  return Responder(new_exchange({parser_.is_head_method(), parser_.is_http10(), keep_alive}));
}

void Connection::dispatch() {
  count_upload(0);
  auto responder = new_responder();
  auto request = parser_.take();
  request.peer = peer_;
  try {
    site_->handler(std::move(request), std::move(responder));
  } catch (const std::exception& error) {
    // The responder was destroyed on the way here and has answered 500.
    loop_.logger().error("http", "a handler failed", {{"error", error.what()}});
  }
}

void Connection::refuse(const Failure& failure) {
  refuses_input_ = true;
  is_continue_wanted_ = false;
  count_upload(0);
  break_sink();
  begin_ = end_ = 0;
  Response response;
  response.status = failure.status;
  response.headers.add("Content-Type", "application/json");
  response.body.append(R"({"message":")").append(failure.why).append("\"}");
  new_exchange({.keep_alive = false})->answer(std::move(response));
}

void Connection::write() {
  while (!is_closed_ && !is_awaiting_writable_ && write_some()) {
  }
}

bool Connection::write_some() {
  if (is_continue_wanted_ && exchanges_.empty()) {
    is_continue_wanted_ = false;
    interim_ = kContinue;
  }
  std::vector<iovec> vectors;
  vectors.reserve(4);
  if (!interim_.empty()) vectors.push_back({const_cast<char*>(interim_.data()), interim_.size()});
  for (const auto& exchange : exchanges_) {
    exchange->gather(vectors, kVectorsMax);
    if (!exchange->is_complete() || vectors.size() == kVectorsMax) break;
  }
  if (vectors.empty()) {
    const auto before = exchanges_.size();
    take_sent(0);
    return exchanges_.size() != before;
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = vectors.size();
  const auto count = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
  if (count >= 0) {
    take_sent(static_cast<std::size_t>(count));
    return true;
  }
  if (errno == EINTR) return true;
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    await_writable();
  } else {
    close();
  }
  return false;
}

void Connection::take_sent(std::size_t count) {
  if (wait_ == Wait::kWrite) wait_ = Wait::kNone;
  const auto interim = std::min(count, interim_.size());
  interim_.remove_prefix(interim);
  count -= interim;
  while (!exchanges_.empty()) {
    auto& front = *exchanges_.front();
    count = front.sent(count);
    if (!front.is_complete() || front.has_unsent()) return;
    if (front.is_cut()) return reset();
    const bool closes = front.closes_connection();
    exchanges_.pop_front();
    if (!closes) continue;
    refuses_input_ = true;
    const auto late = std::exchange(exchanges_, {});
    for (const auto& exchange : late) exchange->abandon();
  }
}

void Connection::await_writable() {
  is_awaiting_writable_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](NetError error) {
    self->is_awaiting_writable_ = false;
    if (error || self->is_closed_) return self->close();
    self->pump();
  });
}

void Connection::settle() {
  if (is_closed_) return;
  const bool is_quiet = exchanges_.empty() && interim_.empty();
  if (is_quiet && input_ended_) return close();
  if (is_quiet && is_draining() && parser_.is_idle() && !is_lingering_) return close();
  if (is_quiet && refuses_input_ && !is_lingering_) linger();
  read_more();
  update_deadline();
}

void Connection::read_more() {
  if (refuses_input_) begin_ = end_ = 0;
  // Input that waits for its turn: sixteen requests are being answered.
  if (is_reading_ || is_paused_ || input_ended_ || is_closed_ || has_input()) return;
  is_reading_ = true;
  socket_.async_receive(asio::buffer(buffer_),
                        [self = shared_from_this()](NetError error, std::size_t count) {
                          self->on_read(error, count);
                        });
}

void Connection::on_read(NetError error, std::size_t count) {
  is_reading_ = false;
  if (is_closed_) return;
  if (error && error != asio::error::eof) return close();
  if (error) {
    // Perhaps only its sending side: what is answered still goes out.
    input_ended_ = true;
    const auto exchanges = exchanges_;
    for (const auto& exchange : exchanges) exchange->notify_gone();
    return settle();
  }
  if (refuses_input_) return settle();
  begin_ = 0;
  end_ = count;
  body_bytes_ += count;
  pump();
}

void Connection::linger() {
  is_lingering_ = true;
  NetError ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Connection::reset() {
  NetError ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

Connection::Wait Connection::wait_for() const {
  if (is_awaiting_writable_) return Wait::kWrite;
  if (is_lingering_) return Wait::kLinger;
  if (!refuses_input_ && !parser_.is_idle() && !has_input()) {
    // A sink bounds the time of its body itself.
    if (sink_ != nullptr) return Wait::kNone;
    return parser_.is_in_body() ? Wait::kBody : Wait::kHead;
  }
  return exchanges_.empty() ? Wait::kIdle : Wait::kNone;
}

void Connection::update_deadline() {
  const auto wait = wait_for();
  const bool is_extended = wait == Wait::kBody && body_bytes_ >= kBodyProgressBytes;
  if (wait == wait_ && !is_extended) return;
  wait_ = wait;
  body_bytes_ = 0;
  const auto& options = site_->options;
  switch (wait) {
    case Wait::kNone:
      return loop_.disarm(*this);
    case Wait::kIdle:
      return loop_.arm(*this, options.idle_timeout);
    case Wait::kHead:
      return loop_.arm(*this, options.header_timeout);
    case Wait::kBody:
    case Wait::kWrite:
      return loop_.arm(*this, options.body_timeout);
    case Wait::kLinger:
      return loop_.arm(*this, kLingerTimeout);
  }
}

void Connection::on_deadline() {
  const auto self = shared_from_this();
  const auto wait = std::exchange(wait_, Wait::kNone);
  if (wait != Wait::kHead && wait != Wait::kBody) return close();
  refuse({408, "the request did not arrive in time"});
  settle();
}

}  // namespace stator::http::detail
