#include "http/response_parser.hpp"

#include <algorithm>

#include "http/wire.hpp"

namespace stator::http {

namespace {
constexpr std::size_t kHeadBytesMax = 256u << 10;
}

ResponseParser::Step ResponseParser::feed(std::string_view& input) {
  for (;;) {
    switch (phase_) {
      case Phase::kHead:
        if (const auto step = feed_head(input); step != Step::kMore) return step;
        if (phase_ == Phase::kHead && input.empty()) return Step::kMore;
        break;
      case Phase::kFixedBody:
      case Phase::kBodyToEnd:
        return append_body(input);
      case Phase::kChunkedBody:
        switch (chunks_.feed(input, response_.body, body_bytes_max_)) {
          case detail::ChunkDecoder::Step::kMore:
            return Step::kMore;
          case detail::ChunkDecoder::Step::kFailed:
            return fail(chunks_.failure().why);
          case detail::ChunkDecoder::Step::kDone:
            return done();
        }
        break;
      case Phase::kDone:
        return Step::kDone;
    }
  }
}

ResponseParser::Step ResponseParser::end() {
  if (phase_ == Phase::kDone) return Step::kDone;
  if (phase_ != Phase::kBodyToEnd) return fail("the connection ended within the answer");
  keep_alive_ = false;
  return done();
}

ResponseParser::Step ResponseParser::feed_head(std::string_view& input) {
  const auto before = head_.size();
  head_.append(input.substr(0, kHeadBytesMax - before));
  const auto end = scanner_.find_end(head_);
  if (scanner_.failed()) return fail("a line ends without CR");
  if (end == detail::kNoEnd) {
    if (head_.size() == kHeadBytesMax) return fail("the head is too large");
    input.remove_prefix(head_.size() - before);
    return Step::kMore;
  }
  input.remove_prefix(end - before);
  const auto step = parse_head(std::string_view(head_).substr(0, end));
  scanner_.reset();
  head_.clear();
  return step;
}

ResponseParser::Step ResponseParser::parse_head(std::string_view head) {
  const auto line = detail::take_line(head);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_status_line = line.size() >= 12 &&
                              (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")) &&
                              std::all_of(line.begin() + 9, line.begin() + 12, is_digit) &&
                              (line.size() == 12 || line[12] == ' ');
  if (!is_status_line) return fail("the answer does not begin as HTTP/1.1 does");
  is_http10_ = line[7] == '0';
  response_ = Response();
  response_.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (const auto failure = detail::parse_fields(head, response_.headers)) return fail(failure->why);
  if (response_.status >= 100 && response_.status < 200) {
    return response_.status == 101 ? fail("the server changes the protocol") : Step::kMore;
  }
  return begin_body();
}

ResponseParser::Step ResponseParser::begin_body() {
  detail::Framing framing;
  if (const auto failure = detail::read_framing(response_.headers, is_http10_, framing)) {
    return fail(failure->why);
  }
  const auto says = [this](std::string_view token) {
    return detail::has_list_token(response_.headers, "connection", token);
  };
  keep_alive_ = is_http10_ ? says("keep-alive") : !says("close");
  if (is_to_head_ || detail::is_bodiless(response_.status)) return done();
  if (framing.is_chunked) {
    phase_ = Phase::kChunkedBody;
    return Step::kMore;
  }
  if (!framing.content_length) {
    body_left_ = body_bytes_max_;
    phase_ = Phase::kBodyToEnd;
    return Step::kMore;
  }
  body_left_ = *framing.content_length;
  if (body_left_ > body_bytes_max_) return fail("the body is too large");
  if (body_left_ == 0) return done();
  phase_ = Phase::kFixedBody;
  return Step::kMore;
}

ResponseParser::Step ResponseParser::append_body(std::string_view& input) {
  const auto count = std::min<std::uint64_t>(body_left_, input.size());
  response_.body.append(input.substr(0, count));
  input.remove_prefix(count);
  body_left_ -= count;
  if (phase_ == Phase::kBodyToEnd) {
    return input.empty() ? Step::kMore : fail("the body is too large");
  }
  return body_left_ == 0 ? done() : Step::kMore;
}

ResponseParser::Step ResponseParser::done() {
  phase_ = Phase::kDone;
  return Step::kDone;
}

ResponseParser::Step ResponseParser::fail(std::string_view why) {
  why_ = why;
  return Step::kFailed;
}

}  // namespace stator::http
