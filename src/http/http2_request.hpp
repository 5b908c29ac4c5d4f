#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/syntax.hpp"

namespace stator::http::detail {

/// Makes a request out of the fields of an HTTP/2 head (RFC 9113, section 8.3), held to the same
/// rules as one in HTTP/1: a handler cannot tell them apart but by Request::protocol.
class Http2Request {
 public:
  explicit Http2Request(std::size_t header_bytes_max) : bytes_max_(header_bytes_max) {}

  /// One field, pseudo-fields first. What is wrong is said by finish().
  void add(std::string_view name, std::string_view value);
  /// All fields are there. Nothing when all is well: then take() gives the request.
  [[nodiscard]] std::optional<Failure> finish();
  [[nodiscard]] Request take() { return std::move(request_); }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }

 private:
  void fail(int status, std::string_view why);
  void add_pseudo(std::string_view name, std::string_view value);
  void check_host();

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  Request request_;
  std::string authority_;
  std::string cookies_;  ///< of the several fields that HTTP/2 may cut them into
  std::optional<Failure> failure_;
  bool expects_continue_ = false;
};

}  // namespace stator::http::detail
