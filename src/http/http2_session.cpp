#include "http/http2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.hpp"
#include "base/strings.hpp"
#include "http/wire.hpp"

namespace stator::http::detail {

namespace {

constexpr std::uint32_t kStreamsMax = 100;
constexpr std::uint32_t kStreamWindowBytes = 256u << 10;
constexpr std::int32_t kWindowBytes = 1 << 20;
/// More than the gateway lets a function say.
constexpr std::size_t kAnswerHeadBytesMax = 8u << 20;
/// A client whose frames carry less than this part of requests and answers, beyond a first
/// allowance, only keeps us busy (pings, empty frames, settings, windows of one byte).
constexpr std::uint64_t kUselessBytesMax = 1u << 20;
constexpr std::uint64_t kUsefulPart = 8;

template <class T, void (*Delete)(T*)>
struct Freed {
  void operator()(T* pointer) const { Delete(pointer); }
};
using Options = std::unique_ptr<nghttp2_option, Freed<nghttp2_option, &::nghttp2_option_del>>;

/// Fields that speak of an HTTP/1 connection, or that are written here.
bool is_left_out(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "connection",       "content-length",    "date",   "keep-alive",
      "proxy-connection", "transfer-encoding", "upgrade"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

nghttp2_nv field_of(std::string_view name, std::string_view value) {
  // nghttp2 copies both, and changes neither.
  return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
          value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string_view view_of(nghttp2_rcbuf* buffer) {
  const auto text = ::nghttp2_rcbuf_get_buf(buffer);
  return {reinterpret_cast<const char*>(text.base), text.len};
}

}  // namespace

/// nghttp2's way back to the session. No exception may pass through it.
struct Http2Callbacks {
  template <class Call>
  static int guarded(void* user, const Call& call) {
    try {
      call(*static_cast<Http2Session*>(user));
      return 0;
    } catch (const std::exception&) {
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
  }

  static bool is_request(const nghttp2_frame& frame) {
    return frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST;
  }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (!is_request(*frame)) return 0;
    return guarded(user, [&](Http2Session& self) { self.begin(frame->hd.stream_id); });
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                       nghttp2_rcbuf* value, std::uint8_t, void* user) {
    // Trailers have no place in a Request.
    if (!is_request(*frame)) return 0;
    return guarded(user, [&](Http2Session& self) {
      self.useful_bytes_ += view_of(name).size() + view_of(value).size();
      auto* incoming = self.find(frame->hd.stream_id);
      if (incoming != nullptr) incoming->fields.add(view_of(name), view_of(value));
    });
  }

  static int on_invalid_header(nghttp2_session*, const nghttp2_frame*, nghttp2_rcbuf*,
                               nghttp2_rcbuf*, std::uint8_t, void*) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // resets the stream: nothing is passed over
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    return guarded(user, [&](Http2Session& self) {
      auto* incoming = self.find(frame->hd.stream_id);
      if (incoming == nullptr) return;
      const bool is_last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
      if (is_request(*frame)) return self.end_head(frame->hd.stream_id, *incoming, is_last);
      if (is_last) self.end(frame->hd.stream_id, *incoming);
    });
  }

  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                     std::size_t size, void* user) {
    return guarded(user, [&](Http2Session& self) {
      self.take_body(stream, {reinterpret_cast<const char*>(bytes), size});
    });
  }

  static int on_frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
    const bool is_last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (!is_last) return 0;
    return guarded(user, [&](Http2Session& self) {
      const auto* incoming = self.find(frame->hd.stream_id);
      if (incoming == nullptr || incoming->is_whole) return;
      // Answered before all was said: the rest is not wanted (RFC 9113, section 8.1).
      ::nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                                  NGHTTP2_NO_ERROR);
    });
  }

  static int on_stream_close(nghttp2_session*, std::int32_t stream, std::uint32_t, void* user) {
    return guarded(user, [&](Http2Session& self) { self.close(stream); });
  }

  static ssize_t pull(nghttp2_session*, std::int32_t stream, std::uint8_t* into, std::size_t size,
                      std::uint32_t* flags, nghttp2_data_source*, void* user) {
    Http2Session::Owner::Piece piece;
    const int failed = guarded(user, [&](Http2Session& self) {
      piece = self.owner_.on_pull(stream, {reinterpret_cast<char*>(into), size});
      self.useful_bytes_ += piece.bytes;
    });
    if (failed != 0) return failed;
    if (piece.is_broken) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // resets the stream
    if (piece.is_last) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (piece.bytes == 0 && !piece.is_last) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(piece.bytes);
  }

  static nghttp2_session* open(Http2Session& self);
};

nghttp2_session* Http2Callbacks::open(Http2Session& self) {
  nghttp2_session_callbacks* made = nullptr;
  STATOR_CHECK(::nghttp2_session_callbacks_new(&made) == 0);
  const std::unique_ptr<nghttp2_session_callbacks, decltype(&::nghttp2_session_callbacks_del)>
      calls(made, &::nghttp2_session_callbacks_del);
  ::nghttp2_session_callbacks_set_on_begin_headers_callback(made, &on_begin_headers);
  ::nghttp2_session_callbacks_set_on_header_callback2(made, &on_header);
  ::nghttp2_session_callbacks_set_on_invalid_header_callback2(made, &on_invalid_header);
  ::nghttp2_session_callbacks_set_on_frame_recv_callback(made, &on_frame);
  ::nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &on_data);
  ::nghttp2_session_callbacks_set_on_frame_send_callback(made, &on_frame_sent);
  ::nghttp2_session_callbacks_set_on_stream_close_callback(made, &on_stream_close);
  nghttp2_option* chosen = nullptr;
  STATOR_CHECK(::nghttp2_option_new(&chosen) == 0);
  const Options options(chosen);
  ::nghttp2_option_set_no_closed_streams(chosen, 1);
  ::nghttp2_option_set_max_send_header_block_length(chosen, kAnswerHeadBytesMax);
  nghttp2_session* session = nullptr;
  STATOR_CHECK(::nghttp2_session_server_new2(&session, made, &self, chosen) == 0);
  return session;
}

Http2Session::Http2Session(Limits limits, Owner& owner)
    : limits_(limits), owner_(owner), session_(Http2Callbacks::open(*this)) {
  const std::array<nghttp2_settings_entry, 4> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kStreamsMax},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindowBytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits.header_bytes)},
      {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
  }};
  ::nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  ::nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
}

Http2Session::~Http2Session() {
  ::nghttp2_session_del(session_);
}

bool Http2Session::receive(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto taken = ::nghttp2_session_mem_recv(session_, data, bytes.size());
  // Among them that its pings and settings are not being let answered.
  if (taken < 0) return false;
  received_bytes_ += bytes.size();
  if (received_bytes_ / kUsefulPart > useful_bytes_ + kUselessBytesMax) cut_off();
  return true;
}

std::string_view Http2Session::produce() {
  const std::uint8_t* bytes = nullptr;
  const auto size = ::nghttp2_session_mem_send(session_, &bytes);
  if (size <= 0) return {};
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Http2Session::Incoming* Http2Session::find(StreamId stream) {
  const auto found = incoming_.find(stream);
  return found == incoming_.end() ? nullptr : &found->second;
}

void Http2Session::begin(StreamId stream) {
  incoming_.emplace(stream, Incoming(limits_.header_bytes));
  owner_.on_begin(stream);
}

void Http2Session::end_head(StreamId stream, Incoming& incoming, bool is_whole) {
  incoming.is_whole = is_whole;
  if (const auto failure = incoming.fields.finish()) return refuse(stream, incoming, *failure);
  const bool expects_continue = incoming.fields.expects_continue();
  incoming.request = incoming.fields.take();
  if (is_whole) return end(stream, incoming);
  if (!owner_.on_body(stream, 0)) return refuse(stream, incoming, kOverload);
  if (!expects_continue) return;
  const auto interim = field_of(":status", "100");
  ::nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream, nullptr, &interim, 1, nullptr);
}

void Http2Session::take_body(StreamId stream, std::string_view bytes) {
  useful_bytes_ += bytes.size();
  auto* incoming = find(stream);
  if (incoming == nullptr || incoming->is_over || !incoming->request) return;
  auto& body = incoming->request->body;
  if (bytes.size() > limits_.body_bytes - body.size()) {
    return refuse(stream, *incoming, {413, "the body is too large"});
  }
  body.append(bytes);
  if (!owner_.on_body(stream, body.size())) refuse(stream, *incoming, kOverload);
}

void Http2Session::end(StreamId stream, Incoming& incoming) {
  incoming.is_whole = true;
  if (incoming.is_over || !incoming.request) return;
  incoming.is_over = true;
  auto request = *std::exchange(incoming.request, std::nullopt);
  owner_.on_request(stream, std::move(request));
}

void Http2Session::refuse(StreamId stream, const Failure& failure) {
  auto* incoming = find(stream);
  if (incoming != nullptr && !incoming->is_over) refuse(stream, *incoming, failure);
}

void Http2Session::refuse(StreamId stream, Incoming& incoming, const Failure& failure) {
  incoming.is_over = true;
  incoming.request.reset();
  owner_.on_refused(stream, failure);
}

void Http2Session::close(StreamId stream) {
  if (incoming_.erase(stream) != 0) owner_.on_stream_closed(stream);
}

void Http2Session::answer(StreamId stream, const AnswerHead& head, std::string_view date,
                          bool has_body) {
  const auto status = std::to_string(head.response.status);
  const auto length = head.content_length ? std::to_string(*head.content_length) : "";
  std::vector<std::string> names;  // HTTP/2 has them in lower case
  names.reserve(head.response.headers.fields().size());
  std::vector<nghttp2_nv> fields = {field_of(":status", status)};
  for (const auto& [name, value] : head.response.headers.fields()) {
    auto lower = to_lower(name);
    if (is_left_out(lower)) continue;
    names.push_back(std::move(lower));
    fields.push_back(field_of(names.back(), value));
  }
  if (head.content_length) fields.push_back(field_of("content-length", length));
  fields.push_back(field_of("date", date));
  nghttp2_data_provider provider{};
  provider.read_callback = &Http2Callbacks::pull;
  ::nghttp2_submit_response(session_, stream, fields.data(), fields.size(),
                            has_body ? &provider : nullptr);
}

void Http2Session::resume(StreamId stream) {
  (void)::nghttp2_session_resume_data(session_, stream);
}

void Http2Session::reset(StreamId stream) {
  ::nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
}

void Http2Session::go_away() {
  ::nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                          ::nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                          nullptr, 0);
}

void Http2Session::cut_off() {
  ::nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
}

bool Http2Session::is_over() const {
  return ::nghttp2_session_want_read(session_) == 0 && ::nghttp2_session_want_write(session_) == 0;
}

}  // namespace stator::http::detail
