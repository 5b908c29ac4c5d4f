#include "http/http2_connection.hpp"

namespace stator::http::detail {

namespace {
/// So many bytes of a body earn it another body_timeout.
constexpr std::size_t kBodyProgressBytes = 16u << 10;
/// What is gathered for one turn at the socket.
constexpr std::size_t kOutBytes = 64u << 10;
constexpr int kReadsInARow = 4;
/// As many as may be open at once.
constexpr std::size_t kOrphansMax = 100;
}  // namespace

Http2Connection::Http2Connection(Loop& loop, Line line)
    : Channel(loop, std::move(line)),
      session_({site().options.header_bytes_max, site().options.body_bytes_max}, *this) {}

void Http2Connection::on_closed() {
  const auto streams = std::exchange(streams_, {});
  for (const auto& [number, stream] : streams) {
    loop_.disarm(*stream);
    count_upload(*stream, 0);
    if (stream->exchange) stream->exchange->abandon();
  }
}

void Http2Connection::drain() {
  if (!is_going_away_) session_.go_away();
  is_going_away_ = true;
  pump();
}

void Http2Connection::on_readable() {
  // What a client says makes us answer: one that takes no answers is not listened to.
  if (is_awaiting_writable()) return;
  for (int i = 0; i < kReadsInARow; ++i) {
    const auto scratch = loop_.scratch();
    std::size_t count = 0;
    const auto io = line_.transport.read(scratch, count);
    if (io == Io::kFailed) return close();
    if (io == Io::kAgain) break;
    if (io == Io::kEnd) return close();
    if (!is_lingering_ && !is_failed_) on_input({scratch.data(), count});
    if (is_closed()) return;
    if (!line_.transport.has_unread()) break;
  }
  settle();
}

void Http2Connection::on_input(std::string_view bytes) {
  is_busy_ = true;
  is_failed_ = !session_.receive(bytes);
  // Resets, asked for or provoked, would else make room for ever more work at once.
  if (orphans_.size() > kOrphansMax) session_.cut_off();
  is_busy_ = false;
  pump();
}

void Http2Connection::on_ready(Exchange& exchange) {
  auto* stream = find(exchange.stream());
  if (stream == nullptr || is_closed()) return;
  if (auto head = exchange.take_head()) {
    stream->has_head = true;
    const bool has_body = exchange.has_unsent() || !exchange.is_complete();
    session_.answer(stream->number, *head, loop_.date(), has_body);
  } else if (stream->has_head) {
    session_.resume(stream->number);
  }
  // From now on it is the client's turn to take what there is.
  if (exchange.has_unsent() && !stream->is_armed()) {
    loop_.arm(*stream, site().options.body_timeout);
  }
  if (!is_busy_) pump();
}

void Http2Connection::pump() {
  if (is_busy_ || is_closed()) return;
  is_busy_ = true;
  while (!is_closed() && !is_awaiting_writable() && write_some()) {
  }
  is_busy_ = false;
  settle();
}

bool Http2Connection::write_some() {
  if (!flush()) return false;
  while (out_.size() - offset_ < kOutBytes) {
    const auto more = session_.produce();
    if (more.empty()) break;
    out_.append(more);
  }
  if (offset_ == out_.size()) return false;
  const iovec rest{out_.data() + offset_, out_.size() - offset_};
  std::size_t count = 0;
  switch (line_.transport.write({&rest, 1}, count)) {
    case Io::kDone:
      break;
    case Io::kAgain:
      await_writable();
      return false;
    case Io::kEnd:
    case Io::kFailed:
      close();
      return false;
  }
  wait_ = wait_ == Wait::kWrite ? Wait::kNone : wait_;
  offset_ += count;
  if (offset_ == out_.size()) {
    out_ = std::string();  // its memory too
    offset_ = 0;
  }
  return true;
}

void Http2Connection::settle() {
  if (is_closed()) return;
  const bool is_quiet = out_.empty() && !is_awaiting_writable();
  const bool is_over = is_failed_ || session_.is_over() || (is_going_away_ && streams_.empty());
  if (is_quiet && is_over && !is_lingering_) {
    is_lingering_ = true;
    line_.transport.shut_sending();
  }
  if (!is_awaiting_writable()) await_readable();
  update_deadline();
}

void Http2Connection::update_deadline() {
  const auto wait = is_awaiting_writable() ? Wait::kWrite
                    : is_lingering_        ? Wait::kLinger
                    : streams_.empty()     ? Wait::kIdle
                                           : Wait::kNone;
  if (wait == wait_) return;
  wait_ = wait;
  switch (wait) {
    case Wait::kNone:
      return loop_.disarm(*this);
    case Wait::kIdle:
      return loop_.arm(*this, site().options.idle_timeout);
    case Wait::kWrite:
      return loop_.arm(*this, site().options.body_timeout);
    case Wait::kLinger:
      return loop_.arm(*this, kLingerTimeout);
  }
}

void Http2Connection::on_deadline() {
  const auto self = shared_from_this();
  if (std::exchange(wait_, Wait::kNone) != Wait::kIdle) return close();
  drain();
}

void Http2Connection::on_stream_deadline(Stream& stream) {
  const auto self = shared_from_this();
  if (stream.exchange != nullptr) {
    session_.reset(stream.number);
  } else if (stream.has_request_head) {
    session_.refuse(stream.number, {408, "the request did not arrive in time"});
  } else {
    session_.cut_off();  // nothing else can be said on the connection in the middle of a head
  }
  pump();
}

Http2Connection::Stream* Http2Connection::find(StreamId number) {
  const auto found = streams_.find(number);
  return found == streams_.end() ? nullptr : found->second.get();
}

void Http2Connection::count_upload(Stream& stream, std::size_t bytes) {
  if (bytes == stream.upload_bytes) return;
  // Unsigned wrap-around makes one addition of a rise and of a fall.
  site().load->bytes.fetch_add(bytes - stream.upload_bytes, std::memory_order_relaxed);
  stream.upload_bytes = bytes;
}

std::shared_ptr<Exchange> Http2Connection::new_exchange(Stream& stream, RequestTraits traits) {
  loop_.disarm(stream);
  count_upload(stream, 0);
  traits.stream = stream.number;
  stream.exchange =
      std::make_shared<Exchange>(loop_.shared_from_this(), weak_from_this(), site().load, traits);
  return stream.exchange;
}

void Http2Connection::on_begin(StreamId number) {
  auto stream = std::make_unique<Stream>(*this, number);
  loop_.arm(*stream, site().options.header_timeout);
  streams_.emplace(number, std::move(stream));
}

bool Http2Connection::on_body(StreamId number, std::size_t bytes) {
  auto* stream = find(number);
  if (stream == nullptr) return true;
  stream->has_request_head = true;
  count_upload(*stream, bytes);
  if (bytes == 0 || bytes - stream->progress_bytes >= kBodyProgressBytes) {
    stream->progress_bytes = bytes;
    loop_.arm(*stream, site().options.body_timeout);
  }
  const auto all = site().load->bytes.load(std::memory_order_relaxed);
  return bytes == 0 ? !is_overloaded() : all <= site().options.in_flight_bytes_max;
}

void Http2Connection::on_request(StreamId number, Request&& request) {
  auto* stream = find(number);
  if (stream == nullptr) return;
  const bool is_shed = is_overloaded() || orphans_.size() > kOrphansMax;
  auto exchange = new_exchange(
      *stream, {.is_head = request.method == "HEAD", .body_bytes = request.body.size()});
  if (is_shed) return exchange->answer(refusal(kOverload));
  serve(std::move(request), Responder(std::move(exchange)));
}

void Http2Connection::on_refused(StreamId number, const Failure& failure) {
  auto* stream = find(number);
  if (stream == nullptr || stream->exchange != nullptr) return;
  new_exchange(*stream, {})->answer(refusal(failure));
}

Http2Session::Owner::Piece Http2Connection::on_pull(StreamId number, std::span<char> into) {
  auto* stream = find(number);
  if (stream == nullptr || stream->exchange == nullptr) return {.is_broken = true};
  auto& exchange = *stream->exchange;
  Piece piece;
  piece.bytes = exchange.take_body(into);
  const bool is_done = exchange.is_complete() && !exchange.has_unsent();
  piece.is_broken = is_done && exchange.is_cut() && piece.bytes == 0;
  piece.is_last = is_done && !exchange.is_cut();
  if (!exchange.has_unsent()) {
    loop_.disarm(*stream);
  } else if (piece.bytes != 0) {
    loop_.arm(*stream, site().options.body_timeout);
  }
  return piece;
}

void Http2Connection::on_stream_closed(StreamId number) {
  const auto found = streams_.find(number);
  if (found == streams_.end()) return;
  const auto stream = std::move(found->second);
  streams_.erase(found);
  loop_.disarm(*stream);
  count_upload(*stream, 0);
  if (stream->exchange == nullptr) return;
  note_orphan(stream->exchange);
  stream->exchange->abandon();
}

void Http2Connection::note_orphan(const std::shared_ptr<Exchange>& exchange) {
  if (exchange->is_complete()) return;
  if (orphans_.size() == kOrphansMax) {
    std::erase_if(orphans_, [](const auto& orphan) { return orphan.expired(); });
  }
  orphans_.push_back(exchange);
}

}  // namespace stator::http::detail
