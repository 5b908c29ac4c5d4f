#include "core/http.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace stator::sdk {
namespace {

constexpr std::size_t kHeadBytesMax = 64 << 10;
constexpr std::size_t kBodyBytesMax = 32 << 20;  // DynamoDB answers 16 MB at most, Lambda 6

Failure bad_answer(std::string_view why) {
  return {STATOR1_UNAVAILABLE, "bad HTTP answer: " + std::string(why)};
}

std::string request_text(const HttpCall& call) {
  std::string text;
  text.reserve(512 + call.body.size());
  text += call.method;
  text += ' ';
  text += call.target;
  text += " HTTP/1.1\r\n";
  for (const auto& [name, value] : call.headers) {
    text += name;
    text += ": ";
    text += value;
    text += "\r\n";
  }
  if (call.method != "GET") {
    text += "content-length: ";
    text += std::to_string(call.body.size());
    text += "\r\n";
  }
  text += "\r\n";
  text += call.body;
  return text;
}

// "HTTP/1.1 200 OK": the status, or 0.
int parse_status(std::string_view line) {
  std::uint64_t status = 0;
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ' ||
      (line.size() > 12 && line[12] != ' ') || !parse_unsigned(line.substr(9, 3), &status)) {
    return 0;
  }
  return status >= 100 ? static_cast<int>(status) : 0;
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (equals_ignoring_case(trim(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

Outcome<void> HttpConnection::send_together(const std::vector<HttpCall>& calls, Deadline deadline) {
  std::string text;
  for (const HttpCall& call : calls) text += request_text(call);
  owed_ = static_cast<int>(calls.size());
  auto sent = stream_->send(text, deadline);
  if (!sent) open_ = false;
  return sent;
}

Outcome<HttpAnswer> HttpConnection::exchange(const HttpCall& call, Deadline deadline,
                                             const HttpCall* then) {
  std::string text = request_text(call);
  if (then != nullptr) text += request_text(*then);
  owed_ = then == nullptr ? 1 : 2;
  if (auto sent = stream_->send(text, deadline); !sent) {
    open_ = false;
    return sent.error();
  }
  return receive(deadline);
}

Outcome<void> HttpConnection::begin_upload(std::string_view head, Deadline deadline) {
  owed_ = 1;
  return upload(head, deadline);
}

Outcome<void> HttpConnection::upload(std::string_view bytes, Deadline deadline) {
  if (!open_) return bad_answer("the connection is broken");
  auto sent = stream_->send(bytes, deadline);
  if (!sent) open_ = false;
  return sent;
}

Outcome<HttpAnswer> HttpConnection::receive(Deadline deadline) {
  if (!open_ || owed_ == 0) return bad_answer("none is to come");
  open_ = false;  // until the answer is read to its end
  HttpAnswer answer;
  do {
    answer = {};
    if (auto head = read_head(answer, deadline); !head) return head.error();
  } while (answer.status < 200);
  open_ = !has_token(answer.header("connection"), "close");
  if (auto body = read_body(answer, deadline); !body) {
    open_ = false;
    return body.error();
  }
  if (--owed_ == 0 && !buffer_.empty()) open_ = false;
  return answer;
}

Outcome<void> HttpConnection::read_head(HttpAnswer& answer, Deadline deadline) {
  auto first = read_line(deadline);
  if (!first) return first.error();
  answer.status = parse_status(*first);
  if (answer.status == 0) return bad_answer("no status line");
  if (first->starts_with("HTTP/1.0")) answer.headers.emplace_back("connection", "close");
  for (std::size_t bytes = first->size();;) {
    auto line = read_line(deadline);
    if (!line) return line.error();
    if (line->empty()) return {};
    bytes += line->size();
    if (bytes > kHeadBytesMax) return bad_answer("its head is too long");
    const std::size_t colon = line->find(':');
    if (colon == 0 || colon == std::string::npos) return bad_answer("a header without a name");
    std::string name = line->substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), to_lower);
    answer.headers.emplace_back(std::move(name), trim(std::string_view(*line).substr(colon + 1)));
  }
}

Outcome<void> HttpConnection::read_body(HttpAnswer& answer, Deadline deadline) {
  if (answer.status == 204 || answer.status == 304) return {};
  const std::string_view coding = answer.header("transfer-encoding");
  if (!coding.empty()) {
    if (!equals_ignoring_case(coding, "chunked")) return bad_answer("an unknown transfer coding");
    if (!answer.header("content-length").empty()) return bad_answer("two kinds of length");
    return read_chunks(answer, deadline);
  }
  std::uint64_t length = 0;
  bool known = false;
  for (const auto& [name, value] : answer.headers) {
    if (name != "content-length") continue;
    std::uint64_t other = 0;
    if (!parse_unsigned(value, &other) || (known && other != length)) {
      return bad_answer("a bad content-length");
    }
    length = other;
    known = true;
  }
  if (known) {
    if (length > kBodyBytesMax) return bad_answer("its body is too long");
    return read_exactly(answer.body, length, deadline);
  }
  open_ = false;
  for (;;) {
    if (buffer_.size() > kBodyBytesMax) return bad_answer("its body is too long");
    auto more = fill(deadline);
    if (!more) return more.error();
    if (!*more) break;
  }
  answer.body.swap(buffer_);
  return {};
}

Outcome<void> HttpConnection::read_chunks(HttpAnswer& answer, Deadline deadline) {
  for (;;) {
    auto line = read_line(deadline);
    if (!line) return line.error();
    const std::string_view digits = trim(std::string_view(*line).substr(0, line->find(';')));
    std::size_t size = 0;
    if (digits.empty() || digits.size() > 7) return bad_answer("a bad chunk size");
    for (const char c : digits) {
      if (hex_digit(c) < 0) return bad_answer("a bad chunk size");
      size = size * 16 + static_cast<std::size_t>(hex_digit(c));
    }
    if (size == 0) break;
    if (answer.body.size() + size > kBodyBytesMax) return bad_answer("its body is too long");
    if (auto read = read_exactly(answer.body, size, deadline); !read) return read;
    auto end = read_line(deadline);
    if (!end) return end.error();
    if (!end->empty()) return bad_answer("a chunk longer than it says");
  }
  for (std::size_t trailers = 0; trailers < 100; ++trailers) {
    auto line = read_line(deadline);
    if (!line) return line.error();
    if (line->empty()) return {};
  }
  return bad_answer("too many trailers");
}

Outcome<std::string> HttpConnection::read_line(Deadline deadline) {
  std::size_t searched = 0;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      if (end == 0 || buffer_[end - 1] != '\r') return bad_answer("a line without its CR");
      std::string line = buffer_.substr(0, end - 1);
      buffer_.erase(0, end + 1);
      return line;
    }
    searched = buffer_.size();
    if (searched > kHeadBytesMax) return bad_answer("its head is too long");
    auto more = fill(deadline);
    if (!more) return more.error();
    if (!*more) return bad_answer("closed in the middle");
  }
}

Outcome<void> HttpConnection::read_exactly(std::string& out, std::size_t size, Deadline deadline) {
  const std::size_t have = std::min(size, buffer_.size());
  out.append(buffer_, 0, have);
  buffer_.erase(0, have);
  std::size_t at = out.size();
  out.resize(at + size - have);
  while (at != out.size()) {
    auto got = stream_->receive(out.data() + at, out.size() - at, deadline);
    if (!got) return got.error();
    if (*got == 0) return bad_answer("its body is cut off");
    at += *got;
  }
  return {};
}

Outcome<bool> HttpConnection::fill(Deadline deadline) {
  std::array<char, 16384> part;
  auto got = stream_->receive(part.data(), part.size(), deadline);
  if (!got) return got.error();
  buffer_.append(part.data(), *got);
  return *got != 0;
}

}  // namespace stator::sdk
