#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "http/message.hpp"
#include "http/syntax.hpp"

namespace stator::http {

/// Reads the answer to one request from a stream of bytes, by the same strict grammar as requests.
/// Interim answers (100 Continue) are passed over. Knows no socket.
class ResponseParser {
 public:
  enum class Step {
    kMore,
    kDone,
    kFailed,  ///< see why()
  };

  ResponseParser(bool is_to_head, std::size_t body_bytes_max)
      : is_to_head_(is_to_head), body_bytes_max_(body_bytes_max) {}

  /// Takes bytes off the front of `input` up to the next step.
  [[nodiscard]] Step feed(std::string_view& input);
  /// The connection has ended: kDone when that is how the body ends.
  [[nodiscard]] Step end();

  [[nodiscard]] Response take() { return std::move(response_); }
  /// What has come so far of the answer, which has a status once its head has come.
  [[nodiscard]] const Response& so_far() const { return response_; }
  /// Takes what has come of the body; the bound is for what is not taken.
  [[nodiscard]] std::string take_body() { return std::exchange(response_.body, {}); }
  /// After kDone: another request may follow on this connection.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  [[nodiscard]] std::string_view why() const { return why_; }

 private:
  enum class Phase { kHead, kFixedBody, kChunkedBody, kBodyToEnd, kDone };

  [[nodiscard]] Step feed_head(std::string_view& input);
  [[nodiscard]] Step parse_head(std::string_view head);
  [[nodiscard]] Step begin_body();
  [[nodiscard]] Step append_body(std::string_view& input);
  [[nodiscard]] Step fail(std::string_view why);
  [[nodiscard]] Step done();

  const bool is_to_head_;
  const std::size_t body_bytes_max_;
  Phase phase_ = Phase::kHead;
  std::string head_;
  detail::HeadScanner scanner_;
  detail::ChunkDecoder chunks_;
  std::uint64_t body_left_ = 0;
  Response response_;
  std::string_view why_;
  bool is_http10_ = false;
  bool keep_alive_ = false;
};

}  // namespace stator::http
