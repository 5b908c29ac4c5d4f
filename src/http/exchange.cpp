#include "http/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "http/channel.hpp"

namespace stator::http {

namespace detail {

namespace {

constexpr std::size_t kUnsentBytesMax = 8u << 20;
constexpr std::size_t kUnsentBytesBehind = 1u << 20;

Response internal_error() {
  Response response;
  response.status = 500;
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"message":"Internal Server Error"})";
  return response;
}

/// An answer to HEAD may say how long the body would be without making it.
std::size_t announced_length(const Response& response, bool is_head) {
  const auto given = response.headers.get("content-length");
  std::size_t length = 0;
  if (!is_head || !response.body.empty() || given.empty()) return response.body.size();
  const auto read = std::from_chars(given.data(), given.data() + given.size(), length);
  return read.ec == std::errc() ? length : 0;
}

}  // namespace

Exchange::Exchange(std::shared_ptr<Loop> loop, std::weak_ptr<Channel> channel,
                   std::shared_ptr<Load> load, RequestTraits traits)
    : loop_(std::move(loop)),
      channel_(std::move(channel)),
      load_(std::move(load)),
      traits_(traits),
      keep_alive_(traits.keep_alive) {
  load_->requests.fetch_add(1, std::memory_order_relaxed);
  if (traits.body_bytes != 0) {
    load_->bytes.fetch_add(traits.body_bytes, std::memory_order_relaxed);
  }
}

Exchange::~Exchange() {
  load_->requests.fetch_sub(1, std::memory_order_relaxed);
  const auto held = traits_.body_bytes + unsent_bytes_.load(std::memory_order_relaxed);
  if (held != 0) load_->bytes.fetch_sub(held, std::memory_order_relaxed);
}

void Exchange::count_in(std::size_t bytes) {
  unsent_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  load_->bytes.fetch_add(bytes, std::memory_order_relaxed);
}

template <class Task>
void Exchange::on_loop(Task task) {
  if (loop_->is_current() && posted_.load(std::memory_order_acquire) == 0) return task(*this);
  posted_.fetch_add(1, std::memory_order_relaxed);
  loop_->post([self = shared_from_this(), task = std::move(task)]() mutable {
    self->posted_.fetch_sub(1, std::memory_order_release);
    task(*self);
  });
}

void Exchange::answer(Response response) {
  on_loop([response = std::move(response)](Exchange& self) mutable {
    self.deliver(std::move(response), false);
  });
}

void Exchange::begin(Response head) {
  framing_ = is_bodiless(head.status) ? BodyFraming::kNone
             : traits_.stream != 0    ? BodyFraming::kLength
             : traits_.is_http10      ? BodyFraming::kUntilClose
                                      : BodyFraming::kChunked;
  is_discarding_ = traits_.is_head || framing_ == BodyFraming::kNone || !is_sendable(head);
  on_loop(
      [head = std::move(head)](Exchange& self) mutable { self.deliver(std::move(head), true); });
}

bool Exchange::write(std::string_view piece) {
  if (is_gone_.load(std::memory_order_acquire)) return false;
  if (piece.empty() || is_discarding_) return true;
  if (unsent_bytes_.load(std::memory_order_relaxed) > kUnsentBytesMax) return false;
  auto bytes = framing_ == BodyFraming::kChunked ? encode_chunk(piece) : std::string(piece);
  count_in(bytes.size());
  on_loop([bytes = std::move(bytes)](Exchange& self) mutable {
    self.out_.push_back(std::move(bytes));
    self.wake();
  });
  return true;
}

bool Exchange::is_behind(std::function<void()> caught_up) {
  if (is_gone_.load(std::memory_order_acquire)) return false;
  if (unsent_bytes_.load(std::memory_order_relaxed) <= kUnsentBytesBehind) return false;
  on_loop([caught_up = std::move(caught_up)](Exchange& self) mutable {
    self.caught_up_ = std::move(caught_up);
    self.tell_caught_up();
  });
  return true;
}

void Exchange::tell_caught_up() {
  const bool is_behind = !is_gone_.load(std::memory_order_relaxed) &&
                         unsent_bytes_.load(std::memory_order_relaxed) > kUnsentBytesBehind;
  if (!caught_up_ || is_behind) return;
  loop_->guard(std::exchange(caught_up_, nullptr));
}

void Exchange::finish() {
  const bool has_last_chunk = framing_ == BodyFraming::kChunked && !is_discarding_;
  on_loop([has_last_chunk](Exchange& self) {
    if (self.is_complete_) return;
    if (has_last_chunk) self.enqueue(std::string(kLastChunk));
    self.is_complete_ = true;
    self.gone_ = nullptr;
    self.wake();
  });
}

void Exchange::cut() {
  on_loop([](Exchange& self) {
    if (self.is_complete_) return;
    self.is_complete_ = self.is_cut_ = true;
    self.gone_ = nullptr;
    self.wake();
  });
}

void Exchange::on_disconnect(std::function<void()> gone) {
  on_loop([gone = std::move(gone)](Exchange& self) mutable {
    if (self.is_complete_) return;
    if (self.is_notified_) return self.loop_->guard(gone);
    self.gone_ = std::move(gone);
  });
}

void Exchange::notify_gone() {
  if (is_complete_) return;
  is_notified_ = true;
  if (const auto gone = std::exchange(gone_, nullptr)) loop_->guard(gone);
}

void Exchange::abandon() {
  is_gone_.store(true, std::memory_order_release);
  notify_gone();
  tell_caught_up();
  out_.clear();
}

void Exchange::deliver(Response response, bool is_stream) {
  const auto channel = channel_.lock();
  if (!channel || is_gone_.load(std::memory_order_relaxed)) return;
  bool is_whole = !is_stream;
  if (!is_sendable(response)) {
    loop_->logger().error("http", "a handler's response cannot be sent",
                          {{"status", std::to_string(response.status)}});
    response = internal_error();
    is_whole = true;
  }
  encode(std::move(response), is_whole, !channel->ends_with(*this));
  if (is_whole) {
    is_complete_ = true;
    gone_ = nullptr;
  }
  channel->on_ready(*this);
}

void Exchange::encode(Response response, bool is_whole, bool keeps_connection) {
  const bool is_bodiless = detail::is_bodiless(response.status);
  const bool has_no_body = traits_.is_head || is_bodiless;
  HeadOptions options;
  options.framing = is_bodiless ? BodyFraming::kNone : is_whole ? BodyFraming::kLength : framing_;
  options.content_length = announced_length(response, traits_.is_head);
  auto body = std::exchange(response.body, {});
  if (traits_.stream != 0) {
    head_.emplace(AnswerHead{std::move(response), std::nullopt});
    if (is_whole && !is_bodiless) head_->content_length = options.content_length;
  } else {
    if (options.framing == BodyFraming::kUntilClose) keep_alive_ = false;
    keep_alive_ = keep_alive_ && keeps_connection;
    options.date = loop_->date();
    options.is_http10 = traits_.is_http10;
    options.keep_alive = keep_alive_;
    enqueue(encode_head(response, options));
  }
  if (has_no_body || body.empty()) return;
  const bool is_chunk = options.framing == BodyFraming::kChunked;
  enqueue(is_chunk ? encode_chunk(body) : std::move(body));
}

void Exchange::enqueue(std::string bytes) {
  count_in(bytes.size());
  out_.push_back(std::move(bytes));
}

void Exchange::wake() {
  if (is_gone_.load(std::memory_order_relaxed)) return out_.clear();
  if (const auto channel = channel_.lock()) channel->on_ready(*this);
}

std::size_t Exchange::take_body(std::span<char> into) {
  std::size_t taken = 0;
  while (taken != into.size() && !out_.empty()) {
    const auto& bytes = out_.front();
    const auto count = std::min(bytes.size() - offset_, into.size() - taken);
    std::memcpy(into.data() + taken, bytes.data() + offset_, count);
    taken += count;
    (void)sent(count);
  }
  return taken;
}

void Exchange::gather(std::vector<iovec>& out, std::size_t count_max) const {
  std::size_t skip = offset_;
  for (const auto& bytes : out_) {
    if (out.size() == count_max) return;
    out.push_back({const_cast<char*>(bytes.data()) + skip, bytes.size() - skip});
    skip = 0;
  }
}

std::size_t Exchange::sent(std::size_t bytes) {
  const auto before = bytes;
  while (bytes != 0 && !out_.empty()) {
    const auto left = out_.front().size() - offset_;
    const auto taken = std::min(left, bytes);
    bytes -= taken;
    offset_ += taken;
    if (taken < left) break;
    out_.pop_front();
    offset_ = 0;
  }
  if (bytes != before) {
    unsent_bytes_.fetch_sub(before - bytes, std::memory_order_relaxed);
    load_->bytes.fetch_sub(before - bytes, std::memory_order_relaxed);
  }
  if (caught_up_) tell_caught_up();
  return bytes;
}

}  // namespace detail

Responder::Responder(std::shared_ptr<detail::Exchange> exchange) : exchange_(std::move(exchange)) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  Responder(std::move(other)).exchange_.swap(exchange_);
  return *this;
}

Responder::~Responder() {
  if (exchange_) exchange_->answer(detail::internal_error());
}

void Responder::send(Response response) && {
  if (const auto go_on = std::exchange(response.stream, nullptr)) {
    return go_on(std::move(*this).stream(std::move(response)));
  }
  std::exchange(exchange_, nullptr)->answer(std::move(response));
}

BodyWriter Responder::stream(Response head) && {
  exchange_->begin(std::move(head));
  return BodyWriter(std::exchange(exchange_, nullptr));
}

void Responder::on_disconnect(std::function<void()> gone) {
  exchange_->on_disconnect(std::move(gone));
}

BodyWriter::BodyWriter(std::shared_ptr<detail::Exchange> exchange)
    : exchange_(std::move(exchange)) {}

BodyWriter& BodyWriter::operator=(BodyWriter&& other) noexcept {
  BodyWriter(std::move(other)).exchange_.swap(exchange_);
  return *this;
}

BodyWriter::~BodyWriter() {
  if (exchange_) exchange_->cut();
}

bool BodyWriter::write(std::string_view piece) {
  return exchange_->write(piece);
}

bool BodyWriter::is_behind(std::function<void()> caught_up) {
  return exchange_->is_behind(std::move(caught_up));
}

void BodyWriter::finish() {
  std::exchange(exchange_, nullptr)->finish();
}

}  // namespace stator::http
