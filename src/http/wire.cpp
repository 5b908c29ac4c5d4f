#include "http/wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/strings.hpp"
#include "http/syntax.hpp"

namespace stator::http::detail {

namespace {

constexpr std::array<std::string_view, 4> kOwnedByServer = {"content-length", "date", "connection",
                                                            "transfer-encoding"};

bool is_owned_by_server(std::string_view name) {
  return std::any_of(kOwnedByServer.begin(), kOwnedByServer.end(),
                     [name](std::string_view owned) { return equals_ignore_case(name, owned); });
}

void append_number(std::string& out, std::uint64_t number, int base = 10) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base);
  out.append(digits.data(), end.ptr);
}

bool are_fields_sound(const Headers& headers) {
  return std::all_of(headers.fields().begin(), headers.fields().end(), [](const auto& field) {
    return is_token(field.first) && is_field_value(field.second);
  });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool is_sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 && are_fields_sound(response.headers);
}

bool is_bodiless(int status) {
  return status == 204 || status == 304;
}

Response refusal(const Failure& failure) {
  Response response;
  response.status = failure.status;
  response.headers.add("Content-Type", "application/json");
  if (failure.status == 503) response.headers.add("Retry-After", "1");
  response.body.append(R"({"message":")").append(failure.why).append("\"}");
  return response;
}

std::string encode_head(const Response& response, const HeadOptions& options) {
  std::string out;
  out.reserve(256);
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(response.status));
  out.append(" ").append(reason(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers.fields()) {
    if (!is_owned_by_server(name)) append_field(out, name, value);
  }
  if (options.framing == BodyFraming::kLength) {
    out.append("Content-Length: ");
    append_number(out, options.content_length);
    out.append("\r\n");
  } else if (options.framing == BodyFraming::kChunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  append_field(out, "Date", options.date);
  if (!options.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (options.is_http10) {
    out.append("Connection: keep-alive\r\n");
  }
  return out.append("\r\n");
}

std::string encode_chunk(std::string_view piece) {
  std::string out;
  out.reserve(piece.size() + 20);
  append_number(out, piece.size(), 16);
  out.append("\r\n").append(piece).append("\r\n");
  return out;
}

bool is_sendable_request(const Request& request) {
  const bool is_target =
      !request.target.empty() && std::all_of(request.target.begin(), request.target.end(),
                                             [](char c) { return c > 0x20 && c < 0x7f; });
  return is_token(request.method) && is_target && are_fields_sound(request.headers);
}

std::string encode_request_head(const Request& request, std::string_view host) {
  std::string out;
  out.reserve(512);
  out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  if (!request.headers.find("host")) append_field(out, "Host", host);
  for (const auto& [name, value] : request.headers.fields()) {
    if (!equals_ignore_case(name, "content-length") &&
        !equals_ignore_case(name, "transfer-encoding")) {
      append_field(out, name, value);
    }
  }
  const bool may_omit = request.method == "GET" || request.method == "HEAD";
  if (!request.body.empty() || !may_omit) {
    out.append("Content-Length: ");
    append_number(out, request.body.size());
    out.append("\r\n");
  }
  return out.append("\r\n");
}

}  // namespace stator::http::detail
