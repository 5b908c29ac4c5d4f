#pragma once

#include <nghttp2/nghttp2.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"

namespace stator::http {

/// A client of HTTP/2 in memory, on nghttp2's client side: bytes come from output() and go into
/// receive().
class TestHttp2 {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  struct Answer {
    std::string status;
    std::map<std::string, std::string> headers;
    std::vector<std::string> interim;  ///< statuses before the last
    std::string body;
    bool is_over = false;
    std::uint32_t error = 0;
  };

  TestHttp2() {
    nghttp2_session_callbacks* calls = nullptr;
    STATOR_CHECK(::nghttp2_session_callbacks_new(&calls) == 0);
    ::nghttp2_session_callbacks_set_on_header_callback(calls, &on_header);
    ::nghttp2_session_callbacks_set_on_data_chunk_recv_callback(calls, &on_data);
    ::nghttp2_session_callbacks_set_on_stream_close_callback(calls, &on_close);
    ::nghttp2_session_callbacks_set_on_frame_recv_callback(calls, &on_frame);
    nghttp2_option* options = nullptr;
    STATOR_CHECK(::nghttp2_option_new(&options) == 0);
    ::nghttp2_option_set_no_http_messaging(options, 1);  // it may say what it should not
    STATOR_CHECK(::nghttp2_session_client_new2(&session_, calls, this, options) == 0);
    ::nghttp2_option_del(options);
    ::nghttp2_session_callbacks_del(calls);
    ::nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  TestHttp2(const TestHttp2&) = delete;
  ~TestHttp2() { ::nghttp2_session_del(session_); }

  /// Begins a request of exactly these fields; without `is_whole` its body goes on for ever.
  std::int32_t send(const Fields& fields, std::string body = "", bool is_whole = true) {
    std::vector<nghttp2_nv> pairs;
    for (const auto& [name, value] : fields) {
      pairs.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(), 0});
    }
    nghttp2_data_provider provider{};
    provider.read_callback = &pull;
    auto kept = std::make_unique<Body>(Body{std::move(body), is_whole});
    provider.source.ptr = kept.get();
    const bool has_body = !kept->rest.empty() || !is_whole;
    const auto stream = ::nghttp2_submit_request(session_, nullptr, pairs.data(), pairs.size(),
                                                 has_body ? &provider : nullptr, nullptr);
    STATOR_CHECK(stream > 0);
    bodies_.push_back(std::move(kept));
    answers_[stream];
    return stream;
  }
  static Fields get(const std::string& path, const std::string& method = "GET") {
    return {{":method", method}, {":scheme", "https"}, {":authority", "h"}, {":path", path}};
  }

  /// What there is to say now.
  std::string output() {
    std::string all;
    const std::uint8_t* bytes = nullptr;
    for (auto size = ::nghttp2_session_mem_send(session_, &bytes); size > 0;
         size = ::nghttp2_session_mem_send(session_, &bytes)) {
      all.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    }
    return all;
  }
  bool receive(std::string_view bytes) {
    return ::nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                      bytes.size()) >= 0;
  }
  [[nodiscard]] const Answer& answer(std::int32_t stream) { return answers_[stream]; }
  [[nodiscard]] bool has_goaway() const { return has_goaway_; }
  [[nodiscard]] std::uint32_t goaway() const { return goaway_; }
  [[nodiscard]] nghttp2_session* session() const { return session_; }

  /// A frame as bytes, sound or not.
  static std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                           std::string_view payload) {
    std::string all;
    for (const int shift : {16, 8, 0}) all += static_cast<char>(payload.size() >> shift);
    all += static_cast<char>(type);
    all += static_cast<char>(flags);
    for (const int shift : {24, 16, 8, 0}) all += static_cast<char>(stream >> shift);
    return all.append(payload);
  }

 private:
  struct Body {
    std::string rest;
    bool is_whole;
  };
  static std::uint8_t* bytes_of(const std::string& text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  }
  static TestHttp2& self(void* user) { return *static_cast<TestHttp2*>(user); }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user) {
    auto& answer = self(user).answers_[frame->hd.stream_id];
    const std::string key(reinterpret_cast<const char*>(name), name_size);
    const std::string text(reinterpret_cast<const char*>(value), value_size);
    if (key != ":status") {
      answer.headers[key] = text;
    } else if (text.starts_with('1')) {
      answer.interim.push_back(text);
    } else {
      answer.status = text;
    }
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                     std::size_t size, void* user) {
    self(user).answers_[stream].body.append(reinterpret_cast<const char*>(bytes), size);
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t error, void* user) {
    auto& answer = self(user).answers_[stream];
    answer.is_over = true;
    answer.error = error;
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type != NGHTTP2_GOAWAY) return 0;
    self(user).has_goaway_ = true;
    self(user).goaway_ = frame->goaway.error_code;
    return 0;
  }
  static ssize_t pull(nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t size,
                      std::uint32_t* flags, nghttp2_data_source* source, void*) {
    auto& body = *static_cast<Body*>(source->ptr);
    const auto count = body.rest.copy(reinterpret_cast<char*>(into), size);
    body.rest.erase(0, count);
    if (body.rest.empty() && body.is_whole) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (count == 0 && !body.is_whole) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(count);
  }

  nghttp2_session* session_ = nullptr;
  std::vector<std::unique_ptr<Body>> bodies_;
  std::map<std::int32_t, Answer> answers_;
  bool has_goaway_ = false;
  std::uint32_t goaway_ = 0;
};

}  // namespace stator::http
