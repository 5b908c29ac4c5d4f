#include "http/connection.hpp"

#include <algorithm>

#include "http/http2_connection.hpp"

namespace stator::http::detail {

namespace {

/// So many bytes of a body earn it another body_timeout.
constexpr std::size_t kBodyProgressBytes = 16u << 10;
constexpr std::size_t kVectorsMax = 64;
/// What a client that sends without pause may have read before others get their turn.
constexpr int kReadsInARow = 4;

}  // namespace

Connection::Connection(Loop& loop, Line line)
    : Channel(loop, std::move(line)),
      parser_({site().options.header_bytes_max, site().options.body_bytes_max}) {}

void Connection::on_closed() {
  count_upload(0);
  break_sink();
  const auto exchanges = std::exchange(exchanges_, {});
  for (const auto& exchange : exchanges) exchange->abandon();
}

bool Connection::ends_with(const Exchange& exchange) const {
  return is_draining() && !exchanges_.empty() && exchanges_.back().get() == &exchange;
}

void Connection::on_ready(Exchange&) {
  if (is_pumping_ || is_closed()) return;
  write();
  if (has_input() && takes_requests()) {
    // Not from here: this may be another connection's handler, deep in its own work.
    loop_.post([self = shared_from_this()] { static_cast<Connection&>(*self).pump(); });
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
    switch (parser_.feed(input_)) {
      case RequestParser::Step::kMore:
        if (parser_.is_in_body()) sink_ != nullptr ? feed_sink() : admit_upload();
        break;
      case RequestParser::Step::kHead:
        wait_ = Wait::kNone;
        is_continue_wanted_ = parser_.expects_continue() && !has_input();
        is_overloaded() ? refuse(kOverload) : open_sink();
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
  auto exchange =
      std::make_shared<Exchange>(loop_.shared_from_this(), weak_from_this(), site().load, traits);
  exchanges_.push_back(exchange);
  return exchange;
}

void Connection::admit_upload() {
  count_upload(parser_.body_bytes());
  const auto all = site().load->bytes.load(std::memory_order_relaxed);
  if (all > site().options.in_flight_bytes_max) refuse(kOverload);
}

void Connection::count_upload(std::size_t bytes) {
  if (bytes == upload_bytes_) return;
  // Unsigned wrap-around makes one addition of a rise and of a fall.
  site().load->bytes.fetch_add(bytes - upload_bytes_, std::memory_order_relaxed);
  upload_bytes_ = bytes;
}

void Connection::open_sink() {
  if (!site().streams) return;
  loop_.guard([this] { sink_ = site().streams(parser_.request()); });
  if (sink_ == nullptr) return;
  parser_.take_in_pieces();
  resume_ = [loop = loop_.shared_from_this(), weak = weak_from_this()] {
    loop->post([weak] {
      if (const auto self = weak.lock()) static_cast<Connection&>(*self).resume_sink();
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
  sink->end(std::move(trailers), Responder(next_exchange()));
}

void Connection::break_sink() {
  is_paused_ = false;
  if (const auto sink = std::exchange(sink_, nullptr)) sink->broken();
}

void Connection::resume_sink() {
  if (!is_paused_ || is_closed()) return;
  is_paused_ = false;
  pump();
}

std::shared_ptr<Exchange> Connection::next_exchange() {
  wait_ = Wait::kNone;
  is_continue_wanted_ = false;
  const bool keep_alive = parser_.keep_alive() && !is_draining();
  refuses_input_ = !keep_alive;
  return new_exchange({.is_head = parser_.is_head_method(),
                       .is_http10 = parser_.is_http10(),
                       .keep_alive = keep_alive,
                       .body_bytes = parser_.body_bytes()});
}

void Connection::dispatch() {
  count_upload(parser_.body_bytes());
  const bool is_shed = is_overloaded();
  count_upload(0);  // the exchange's from here on
  auto exchange = next_exchange();
  auto request = parser_.take();
  if (is_shed) return exchange->answer(refusal(kOverload));
  serve(std::move(request), Responder(std::move(exchange)));
}

void Connection::refuse(const Failure& failure) {
  refuses_input_ = true;
  is_continue_wanted_ = false;
  count_upload(0);
  break_sink();
  input_ = {};
  new_exchange({.keep_alive = false})->answer(refusal(failure));
}

void Connection::write() {
  while (!is_closed() && !is_awaiting_writable() && write_some()) {
  }
}

bool Connection::write_some() {
  if (!flush()) return false;
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
  std::size_t count = 0;
  switch (line_.transport.write(vectors, count)) {
    case Io::kDone:
      take_sent(count);
      return true;
    case Io::kAgain:
      await_writable();
      return false;
    case Io::kEnd:
    case Io::kFailed:
      break;
  }
  close();
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

void Connection::settle() {
  if (is_closed()) return;
  const bool is_quiet = exchanges_.empty() && interim_.empty() && !is_awaiting_writable();
  if (is_quiet && input_ended_) return close();
  if (is_quiet && is_draining() && parser_.is_idle() && !is_lingering_) return close();
  if (is_quiet && refuses_input_ && !is_lingering_) linger();
  read_more();
  update_deadline();
}

void Connection::read_more() {
  if (refuses_input_) input_ = {};
  if (!has_input() && !kept_.empty()) kept_ = std::string();
  // Input that waits for its turn: sixteen requests are being answered.
  if (is_reading_ || is_paused_ || input_ended_ || has_input()) return;
  is_reading_ = true;
  if (line_.transport.tls() != nullptr) return await_readable();
  line_.transport.socket().async_receive(
      asio::buffer(first_), [self = shared_from_this()](NetError error, std::size_t count) {
        static_cast<Connection&>(*self).on_received(error, count);
      });
}

void Connection::on_received(NetError error, std::size_t count) {
  if (is_closed()) return;
  if (error && error != asio::error::eof) return close();
  if (error) return on_input_end();
  if (!refuses_input_) on_input({first_.data(), count});
  read_on(count == first_.size());
}

void Connection::read_on(bool may_have_more) {
  for (int i = 0; i < kReadsInARow && may_have_more; ++i) {
    if (is_closed() || is_paused_ || has_input()) break;
    const auto scratch = loop_.scratch();
    std::size_t count = 0;
    const auto io = line_.transport.read(scratch, count);
    if (io == Io::kFailed) return close();
    if (io == Io::kEnd) return on_input_end();
    if (io == Io::kAgain) break;
    if (!refuses_input_) on_input({scratch.data(), count});
    may_have_more = line_.transport.has_unread();
  }
  is_reading_ = false;
  settle();
}

void Connection::on_input(std::string_view bytes) {
  if (is_http2_preface(bytes)) {
    const auto next = std::make_shared<Http2Connection>(loop_, std::move(line_));
    hand_over(next);
    return next->begin(bytes);
  }
  is_fresh_ = false;
  input_ = bytes;
  body_bytes_ += bytes.size();
  pump();
  if (!has_input()) return;
  // The scratch is the loop's.
  kept_.assign(input_);
  input_ = kept_;
}

bool Connection::is_http2_preface(std::string_view bytes) const {
  // Its beginning is no request in HTTP/1. Over TLS a client says in the handshake what it speaks.
  return is_fresh_ && site().is_public && line_.transport.tls() == nullptr &&
         bytes.starts_with("PRI * HTTP/2.0\r\n");
}

void Connection::on_input_end() {
  // Perhaps only its sending side: what is answered still goes out.
  is_reading_ = false;
  input_ended_ = true;
  const auto exchanges = exchanges_;
  for (const auto& exchange : exchanges) exchange->notify_gone();
  settle();
}

void Connection::linger() {
  is_lingering_ = true;
  line_.transport.shut_sending();
}

void Connection::reset() {
  line_.transport.set_reset();
  close();
}

Connection::Wait Connection::wait_for() const {
  if (is_awaiting_writable()) return Wait::kWrite;
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
  const auto& options = site().options;
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
