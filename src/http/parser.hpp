#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.hpp"
#include "http/message.hpp"
#include "http/syntax.hpp"

namespace stator::http {

/// Reads one HTTP/1.1 or 1.0 request after another from a stream of bytes. No input, however it is
/// cut into pieces, changes what comes out. Knows no socket. One thread at a time.
class RequestParser {
 public:
  struct Limits {
    std::size_t header_bytes = limits::kHeaderBytesMax;
    std::size_t body_bytes = limits::kBodyBytesMax;
  };

  enum class Step {
    kMore,    ///< all input is used up, more is wanted
    kHead,    ///< the head is whole and a body follows; said once a request
    kDone,    ///< take() gives the request
    kFailed,  ///< see failure(); nothing more can be read from this stream
  };

  RequestParser() : RequestParser(Limits()) {}
  explicit RequestParser(Limits limits) : limits_(limits) {}

  /// Takes bytes off the front of `input` up to the next step.
  [[nodiscard]] Step feed(std::string_view& input);

  /// The request of a kDone; the parser is ready for the next one.
  [[nodiscard]] Request take();

  /// Between a kHead and its kDone: the request so far.
  [[nodiscard]] const Request& request() const { return request_; }
  /// From a kHead on: the body will be taken in pieces, and in chunked coding may be of any size.
  void take_in_pieces() { is_in_pieces_ = true; }
  /// What of the body has come and was not taken.
  [[nodiscard]] std::string take_piece() { return std::exchange(request_.body, {}); }
  /// At a kDone: the fields behind a body in chunked coding.
  [[nodiscard]] Headers take_trailers() { return std::exchange(chunks_.trailers(), {}); }

  [[nodiscard]] const Failure& failure() const { return failure_; }

  /// True between requests, when not one byte of the next has come.
  [[nodiscard]] bool is_idle() const { return phase_ == Phase::kHead && head_.empty(); }
  [[nodiscard]] bool is_in_body() const {
    return phase_ == Phase::kFixedBody || phase_ == Phase::kChunkedBody;
  }

  /// What of a body has come and was not taken.
  [[nodiscard]] std::size_t body_bytes() const { return request_.body.size(); }

  /// Of the request whose head was read last, until the next head.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  [[nodiscard]] bool is_http10() const { return is_http10_; }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] bool is_head_method() const { return is_head_method_; }

 private:
  enum class Phase { kHead, kFixedBody, kChunkedBody, kDone, kFailed };

  [[nodiscard]] Step feed_head(std::string_view& input);
  [[nodiscard]] Step feed_fixed_body(std::string_view& input);
  [[nodiscard]] Step parse_head(std::string_view head);
  [[nodiscard]] bool parse_request_line(std::string_view line);
  [[nodiscard]] bool parse_version(std::string_view version);
  [[nodiscard]] bool parse_target(std::string_view target);
  [[nodiscard]] bool check_host();
  [[nodiscard]] bool read_expectation();
  [[nodiscard]] Step begin_body();
  [[nodiscard]] bool refuse(int status, std::string_view why);
  [[nodiscard]] Step fail(int status, std::string_view why);

  Limits limits_;
  Phase phase_ = Phase::kHead;
  std::string head_;  ///< a head that has not arrived whole
  detail::HeadScanner scanner_;
  detail::ChunkDecoder chunks_;
  std::uint64_t body_left_ = 0;
  bool is_in_pieces_ = false;
  Request request_;
  std::string absolute_authority_;  ///< of a target in absolute form: it replaces Host
  Failure failure_;
  bool keep_alive_ = false;
  bool is_http10_ = false;
  bool expects_continue_ = false;
  bool is_head_method_ = false;
};

}  // namespace stator::http
