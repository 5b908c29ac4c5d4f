#include "http/http2_request.hpp"

#include "base/strings.hpp"

namespace stator::http::detail {

namespace {
/// What RFC 9113 counts for a field beside its bytes.
constexpr std::size_t kFieldOverhead = 32;
}  // namespace

void Http2Request::fail(int status, std::string_view why) {
  if (!failure_) failure_ = Failure{status, why};
}

void Http2Request::add(std::string_view name, std::string_view value) {
  bytes_ += name.size() + value.size() + kFieldOverhead;
  if (bytes_ > bytes_max_) return fail(431, "the request head is too large");
  if (name.starts_with(':')) return add_pseudo(name, value);
  if (request_.headers.fields().size() == kHeaderFieldsMax) {
    return fail(431, "too many header fields");
  }
  if (!is_token(name)) return fail(400, "a header name has an invalid character");
  if (!is_field_value(value)) return fail(400, "a header value has a control character");
  if (name == "cookie") {
    cookies_.append(cookies_.empty() ? "" : "; ").append(value);
  } else if (name == "expect") {
    expects_continue_ = equals_ignore_case(value, "100-continue");
    if (!expects_continue_) fail(417, "an expectation other than 100-continue");
  } else {
    request_.headers.add(std::string(name), std::string(value));
  }
}

void Http2Request::add_pseudo(std::string_view name, std::string_view value) {
  if (name == ":method") {
    if (!is_method(value)) return fail(400, "the method is not a word");
    request_.method = value;
  } else if (name == ":path") {
    request_.target = value;
  } else if (name == ":authority") {
    authority_ = value;
    // Where HTTP/1 has it; the value that counts is set at the end.
    request_.headers.set("host", authority_);
  }
}

std::optional<Failure> Http2Request::finish() {
  if (failure_) return failure_;
  if (request_.method == "CONNECT") fail(501, "CONNECT: this is not a proxy");
  if (const auto failure = check_origin_target(request_.method, request_.target)) {
    fail(failure->status, failure->why);
  }
  check_host();
  if (!cookies_.empty()) request_.headers.add("cookie", std::move(cookies_));
  request_.protocol = "HTTP/2.0";
  return failure_;
}

void Http2Request::check_host() {
  std::size_t hosts = 0;
  for (const auto& [name, value] : request_.headers.fields()) {
    if (name != "host") continue;
    ++hosts;
    // Two names for one request are two readers' two opinions.
    if (!authority_.empty() && !equals_ignore_case(value, authority_)) {
      return fail(400, "Host is not the authority");
    }
    if (!is_authority(value)) return fail(400, "Host has an invalid character");
  }
  if (hosts == 0) return fail(400, "Host is missing");
  if (hosts > 1 && authority_.empty()) return fail(400, "more than one Host");
  if (hosts > 1) request_.headers.set("host", authority_);
}

}  // namespace stator::http::detail
