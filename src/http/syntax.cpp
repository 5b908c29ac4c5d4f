#include "http/syntax.hpp"

#include <algorithm>
#include <charconv>

#include "base/strings.hpp"

namespace stator::http::detail {

namespace {

constexpr std::size_t kChunkExtensionBytesMax = 1024;
constexpr std::size_t kMethodBytesMax = 32;
constexpr std::size_t kTrailerBytesMax = 8192;

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    table[static_cast<std::size_t>(c)] = true;
  return table;
}
constexpr auto kToken = make_token_table();

constexpr std::array<bool, 256> make_control_table() {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = c != '\t';
  table[0x7f] = true;
  return table;
}
constexpr auto kControl = make_control_table();

bool is_control(char c) {
  return kControl[static_cast<unsigned char>(c)];
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return kToken[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) {
  // Without a branch per byte: values are nearly always sound, and this reads all of a head.
  bool has_control = false;
  for (const char c : text) has_control |= is_control(c);
  return !has_control;
}

bool is_method(std::string_view text) {
  return is_token(text) && text.size() <= kMethodBytesMax;
}

bool is_authority(std::string_view text) {
  constexpr std::string_view kAllowed = "-._~%!$&'()*+;=:[]";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kAllowed.find(c) != std::string_view::npos;
  });
}

std::optional<Failure> check_origin_target(std::string_view method, std::string_view target) {
  const bool is_sound = !target.empty() && std::all_of(target.begin(), target.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != '#';
  });
  if (!is_sound) return Failure{400, "the target has an invalid character"};
  if (target.front() == '/' || (target == "*" && method == "OPTIONS")) return std::nullopt;
  return Failure{400, "the target is not a path"};
}

std::size_t HeadScanner::find_end(std::string_view bytes) {
  while (!failed_) {
    const auto lf = bytes.find('\n', scanned_);
    if (lf == std::string_view::npos) {
      scanned_ = bytes.size();
      return kNoEnd;
    }
    scanned_ = lf + 1;
    if (lf == line_ || bytes[lf - 1] != '\r') {
      failed_ = true;
      return kNoEnd;
    }
    const bool is_empty = lf == line_ + 1;
    line_ = scanned_;
    if (is_empty && has_line_) return scanned_;
    has_line_ = has_line_ || !is_empty;
  }
  return kNoEnd;
}

std::string_view take_line(std::string_view& head) {
  const auto end = head.find("\r\n");
  const auto line = head.substr(0, end);
  head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
  return line;
}

std::optional<Failure> parse_fields(std::string_view lines, Headers& headers) {
  headers.reserve(16);
  for (std::size_t count = 0;; ++count) {
    const auto line = take_line(lines);
    if (line.empty()) return std::nullopt;
    if (count == kHeaderFieldsMax) return Failure{431, "too many header fields"};
    if (line.front() == ' ' || line.front() == '\t') {
      return Failure{400, "a header field is folded over lines"};
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return Failure{400, "a header field has no colon"};
    const auto name = line.substr(0, colon);
    const auto value = trim(line.substr(colon + 1));
    if (!is_token(name)) return Failure{400, "a header name has an invalid character"};
    if (!is_field_value(value)) return Failure{400, "a header value has a control character"};
    headers.add(std::string(name), std::string(value));
  }
}

std::optional<Failure> read_framing(const Headers& headers, bool is_http10, Framing& framing) {
  bool has_coding = false;
  for (const auto& [name, value] : headers.fields()) {
    if (equals_ignore_case(name, "content-length")) {
      if (framing.content_length) return Failure{400, "more than one Content-Length"};
      const bool is_number = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        return c >= '0' && c <= '9';
      });
      if (!is_number) return Failure{400, "Content-Length is not a number"};
      std::uint64_t length = 0;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), length);
      if (read.ec != std::errc()) return Failure{413, "the body is too large"};
      framing.content_length = length;
    } else if (equals_ignore_case(name, "transfer-encoding")) {
      if (has_coding) return Failure{400, "more than one Transfer-Encoding"};
      has_coding = true;
      if (!equals_ignore_case(value, "chunked")) {
        return Failure{501, "a transfer coding other than chunked"};
      }
      framing.is_chunked = true;
    }
  }
  if (has_coding && framing.content_length) {
    return Failure{400, "both Content-Length and Transfer-Encoding"};
  }
  if (has_coding && is_http10) return Failure{400, "Transfer-Encoding in HTTP/1.0"};
  return std::nullopt;
}

bool has_list_token(const Headers& headers, std::string_view name, std::string_view token) {
  for (const auto& [field, value] : headers.fields()) {
    if (!equals_ignore_case(field, name)) continue;
    for (const auto part : split(value, ',')) {
      if (equals_ignore_case(trim(part), token)) return true;
    }
  }
  return false;
}

ChunkDecoder::Step ChunkDecoder::feed(std::string_view& input, std::string& body,
                                      std::size_t bytes_max) {
  while (!input.empty() && !is_done_) {
    if (state_ == State::kData) {
      const auto count = std::min<std::uint64_t>(left_, input.size());
      body.append(input.substr(0, count));
      input.remove_prefix(count);
      left_ -= count;
      if (left_ == 0) state_ = State::kDataCr;
      continue;
    }
    const char c = input.front();
    input.remove_prefix(1);
    if (!take(c, bytes_max - body.size())) return Step::kFailed;
  }
  return is_done_ ? Step::kDone : Step::kMore;
}

bool ChunkDecoder::fail(int status, std::string_view why) {
  failure_ = {status, why};
  return false;
}

bool ChunkDecoder::take(char c, std::size_t room) {
  switch (state_) {
    case State::kSize:
      return take_size(c, room);
    case State::kExtension:
      if (++line_bytes_ > kChunkExtensionBytesMax)
        return fail(400, "a chunk extension is too long");
      if (c == '\r') {
        state_ = State::kSizeLf;
        return true;
      }
      return !is_control(c) || fail(400, "a chunk extension has a control character");
    case State::kSizeLf:
      if (c != '\n') return fail(400, "a chunk size line does not end in CRLF");
      line_bytes_ = 0;
      digits_ = 0;
      state_ = left_ == 0 ? State::kTrailer : State::kData;
      return true;
    case State::kDataCr:
      state_ = State::kDataLf;
      return c == '\r' || fail(400, "chunk data is longer than its size");
    case State::kDataLf:
      state_ = State::kSize;
      return c == '\n' || fail(400, "chunk data does not end in CRLF");
    case State::kTrailer:
    case State::kTrailerLf:
      return take_trailer(c);
    case State::kData:
      break;
  }
  return fail(400, "a chunk is malformed");
}

bool ChunkDecoder::take_size(char c, std::size_t room) {
  if (const int digit = hex_digit(c); digit >= 0) {
    if (++digits_ > 16) return fail(400, "a chunk size has too many digits");
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    return left_ <= room || fail(413, "the body is too large");
  }
  if (digits_ == 0) return fail(400, "a chunk size is not a hexadecimal number");
  if (c == '\r') {
    state_ = State::kSizeLf;
    return true;
  }
  if (c != ';') return fail(400, "a chunk size is not a hexadecimal number");
  state_ = State::kExtension;
  return true;
}

bool ChunkDecoder::take_trailer(char c) {
  if (++line_bytes_ > kTrailerBytesMax) return fail(431, "the trailers are too long");
  if (state_ == State::kTrailer) {
    if (c == '\r') {
      state_ = State::kTrailerLf;
      return true;
    }
    if (c == '\n') return fail(400, "a line ends without CR");
    trailer_.push_back(c);
    return true;
  }
  if (c != '\n') return fail(400, "a trailer has a control character");
  if (trailer_.empty()) {
    is_done_ = true;
    return true;
  }
  if (const auto failure = parse_fields(trailer_, trailers_)) {
    failure_ = *failure;
    return false;
  }
  trailer_.clear();
  state_ = State::kTrailer;
  return true;
}

}  // namespace stator::http::detail
