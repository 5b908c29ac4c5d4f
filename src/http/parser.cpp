#include "http/parser.hpp"

#include <algorithm>
#include <limits>

#include "base/check.hpp"
#include "base/strings.hpp"

namespace stator::http {

namespace {

using detail::has_list_token;

/// A body's memory is taken as its bytes arrive, not because a header announces them.
constexpr std::uint64_t kBodyReserveMax = 256u << 10;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

RequestParser::Step RequestParser::feed(std::string_view& input) {
  switch (phase_) {
    case Phase::kHead:
      return feed_head(input);
    case Phase::kFixedBody:
      return feed_fixed_body(input);
    case Phase::kChunkedBody:
      switch (chunks_.feed(
          input, request_.body,
          is_in_pieces_ ? std::numeric_limits<std::size_t>::max() : limits_.body_bytes)) {
        case detail::ChunkDecoder::Step::kMore:
          return Step::kMore;
        case detail::ChunkDecoder::Step::kFailed:
          return fail(chunks_.failure().status, chunks_.failure().why);
        case detail::ChunkDecoder::Step::kDone:
          break;
      }
      phase_ = Phase::kDone;
      return Step::kDone;
    case Phase::kDone:
      return Step::kDone;
    case Phase::kFailed:
      break;
  }
  return Step::kFailed;
}

Request RequestParser::take() {
  STATOR_CHECK(phase_ == Phase::kDone);
  phase_ = Phase::kHead;
  return std::exchange(request_, Request());
}

RequestParser::Step RequestParser::feed_head(std::string_view& input) {
  if (input.empty()) return Step::kMore;
  const auto before = head_.size();
  const auto room = limits_.header_bytes - before;
  std::string_view bytes = input.substr(0, room);
  if (before != 0) {
    head_.append(bytes);
    bytes = head_;
  }
  const auto end = scanner_.find_end(bytes);
  if (scanner_.failed()) return fail(400, "a line ends without CR");
  if (end == detail::kNoEnd) {
    if (bytes.size() == limits_.header_bytes) return fail(431, "the request head is too large");
    if (before == 0) head_.assign(bytes);
    input.remove_prefix(bytes.size() - before);
    return Step::kMore;
  }
  input.remove_prefix(end - before);
  const auto step = parse_head(bytes.substr(0, end));
  scanner_.reset();
  head_.clear();
  return step;
}

RequestParser::Step RequestParser::feed_fixed_body(std::string_view& input) {
  const auto count = std::min<std::uint64_t>(body_left_, input.size());
  request_.body.append(input.substr(0, count));
  input.remove_prefix(count);
  body_left_ -= count;
  if (body_left_ != 0) return Step::kMore;
  phase_ = Phase::kDone;
  return Step::kDone;
}

RequestParser::Step RequestParser::parse_head(std::string_view head) {
  // A client may end its last body with a CRLF too many (RFC 9112, section 2.2).
  while (head.starts_with("\r\n")) head.remove_prefix(2);
  request_ = Request();
  is_in_pieces_ = false;
  absolute_authority_.clear();
  if (!parse_request_line(detail::take_line(head))) return Step::kFailed;
  if (const auto failure = detail::parse_fields(head, request_.headers)) {
    return fail(failure->status, failure->why);
  }
  if (!check_host() || !read_expectation()) return Step::kFailed;
  keep_alive_ = is_http10_ ? has_list_token(request_.headers, "connection", "keep-alive")
                           : !has_list_token(request_.headers, "connection", "close");
  is_head_method_ = request_.method == "HEAD";
  return begin_body();
}

bool RequestParser::parse_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return refuse(400, "the request line is not three words");
  const auto method = line.substr(0, first);
  if (!detail::is_method(method)) {
    return refuse(400, "the method is not a word");
  }
  request_.method = method;
  return parse_version(line.substr(second + 1)) &&
         parse_target(line.substr(first + 1, second - first - 1));
}

bool RequestParser::parse_version(std::string_view version) {
  const bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                          is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
  if (!is_version) return refuse(400, "the request line does not end in an HTTP version");
  is_http10_ = version.ends_with("1.0");
  if (!is_http10_ && !version.ends_with("1.1")) return refuse(505, "only HTTP/1.1 and HTTP/1.0");
  return true;
}

bool RequestParser::parse_target(std::string_view target) {
  if (request_.method == "CONNECT") return refuse(501, "CONNECT: this is not a proxy");
  for (const std::string_view scheme : {"http://", "https://"}) {
    // The absolute form, which every server must understand (RFC 9112, section 3.2.2).
    if (!equals_ignore_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    absolute_authority_ = target.substr(0, end);
    if (end == 0 || !detail::is_authority(absolute_authority_)) {
      return refuse(400, "the target has no valid host");
    }
    target.remove_prefix(end);
    request_.target = target.starts_with('/') ? "" : "/";
    break;
  }
  request_.target += target;
  if (const auto failure = detail::check_origin_target(request_.method, request_.target)) {
    return refuse(failure->status, failure->why);
  }
  return true;
}

bool RequestParser::check_host() {
  std::size_t hosts = 0;
  for (const auto& [name, value] : request_.headers.fields()) {
    if (!equals_ignore_case(name, "host")) continue;
    if (++hosts > 1) return refuse(400, "more than one Host");
    if (!detail::is_authority(value)) return refuse(400, "Host has an invalid character");
  }
  if (hosts == 0 && !is_http10_) return refuse(400, "Host is missing");
  if (!absolute_authority_.empty()) request_.headers.set("Host", absolute_authority_);
  return true;
}

bool RequestParser::read_expectation() {
  const auto expect = request_.headers.find("expect");
  expects_continue_ = false;
  if (!expect || is_http10_) return true;
  if (!equals_ignore_case(*expect, "100-continue")) {
    return refuse(417, "an expectation other than 100-continue");
  }
  expects_continue_ = true;
  return true;
}

RequestParser::Step RequestParser::begin_body() {
  detail::Framing framing;
  if (const auto failure = detail::read_framing(request_.headers, is_http10_, framing)) {
    return fail(failure->status, failure->why);
  }
  if (framing.is_chunked) {
    chunks_ = detail::ChunkDecoder();
    phase_ = Phase::kChunkedBody;
    return Step::kHead;
  }
  chunks_.trailers() = Headers();
  body_left_ = framing.content_length.value_or(0);
  if (body_left_ > limits_.body_bytes) return fail(413, "the body is too large");
  if (body_left_ == 0) {
    phase_ = Phase::kDone;
    return Step::kDone;
  }
  request_.body.reserve(std::min(body_left_, kBodyReserveMax));
  phase_ = Phase::kFixedBody;
  return Step::kHead;
}

bool RequestParser::refuse(int status, std::string_view why) {
  phase_ = Phase::kFailed;
  failure_ = {status, why};
  return false;
}

RequestParser::Step RequestParser::fail(int status, std::string_view why) {
  (void)refuse(status, why);
  return Step::kFailed;
}

}  // namespace stator::http
