#include "aws/proxy_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::aws {
namespace {

std::optional<int> read_status(const json::Value& value) {
  std::int64_t status = 0;
  if (value.is_int64()) {
    status = value.get_int64();
  } else if (value.is_string()) {
    const std::string_view text = json::view(value.get_string());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  } else {
    return std::nullopt;
  }
  return status >= 100 && status <= 599 ? std::optional(static_cast<int>(status)) : std::nullopt;
}

/// A header's value as text; nothing for objects and lists.
std::optional<std::string> scalar(const json::Value& value) {
  if (value.is_string()) return std::string(json::view(value.get_string()));
  if (value.is_object() || value.is_array()) return std::nullopt;
  if (!value.is_double()) return json::dump(value);
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value.get_double()).ptr;
  return std::string(digits.begin(), end);
}

bool is_header_safe(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
  }
  return true;
}

bool is_token(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f ||
        std::string_view("\"(),/:;<=>?@[\\]{}").find(c) != std::string_view::npos) {
      return false;
    }
  }
  return true;
}

/// The server frames the body itself, so a function's word on that is not passed on.
bool is_framing(std::string_view name) {
  return equals_ignore_case(name, "content-length") || equals_ignore_case(name, "connection") ||
         equals_ignore_case(name, "transfer-encoding");
}

bool add_header(http::Headers& headers, std::string_view name, const json::Value& given) {
  auto value = scalar(given);
  if (!value || !is_token(name) || !is_header_safe(*value)) return false;
  if (!is_framing(name)) headers.add(std::string(name), *std::move(value));
  return true;
}

/// Calls `add` with each member of the object of that name; true also when there is none.
template <class Add>
bool each_member(const json::Object& answer, std::string_view name, const Add& add) {
  const json::Value* given = json::find(answer, name);
  if (given == nullptr || given->is_null()) return true;
  if (!given->is_object()) return false;
  for (const auto& member : given->get_object()) {
    if (!add(std::string_view(member.key()), member.value())) return false;
  }
  return true;
}

bool read_headers(const json::Object& answer, http::Headers& headers) {
  return each_member(answer, "headers", [&](std::string_view name, const json::Value& value) {
    return add_header(headers, name, value);
  });
}

bool read_cookies(const json::Object& answer, http::Headers& headers) {
  const json::Value* cookies = json::find(answer, "cookies");
  if (cookies == nullptr || cookies->is_null()) return true;
  if (!cookies->is_array()) return false;
  for (const json::Value& cookie : cookies->get_array()) {
    if (!cookie.is_string() || !is_header_safe(json::view(cookie.get_string()))) return false;
    headers.add("set-cookie", std::string(json::view(cookie.get_string())));
  }
  return true;
}

bool has_field(const http::Headers& headers, std::string_view name, std::string_view value) {
  return std::any_of(headers.fields().begin(), headers.fields().end(), [&](const auto& field) {
    return equals_ignore_case(field.first, name) && field.second == value;
  });
}

/// What `headers` says already is not said twice.
bool read_multi_headers(const json::Object& answer, http::Headers& headers) {
  const http::Headers single = headers;
  return each_member(
      answer, "multiValueHeaders", [&](std::string_view name, const json::Value& values) {
        if (!values.is_array()) return false;
        for (const json::Value& value : values.get_array()) {
          if (value.is_string() && has_field(single, name, json::view(value.get_string())))
            continue;
          if (!add_header(headers, name, value)) return false;
        }
        return true;
      });
}

bool read_body(const json::Object& answer, std::string& body) {
  const json::Value* given = json::find(answer, "body");
  if (given == nullptr || given->is_null()) return true;
  if (!given->is_string()) return false;
  const std::string_view text = json::view(given->get_string());
  if (json::find_bool(answer, "isBase64Encoded").value_or(false)) {
    auto decoded = base64_decode(text);
    if (!decoded) return false;
    body = *std::move(decoded);
  } else {
    body = text;
  }
  return true;
}

void add_content_type(http::Response& response) {
  if (response.headers.find("content-type") || response.body.empty()) return;
  response.headers.add("content-type", "text/plain;charset=UTF-8");
}

http::Response inferred(const json::Value& value, std::string_view payload) {
  http::Response response;
  response.headers.add("content-type", "application/json");
  response.body = value.is_string() ? json::view(value.get_string()) : payload;
  return response;
}

}  // namespace

std::optional<http::Response> read_proxy_head(const json::Object& answer) {
  http::Response response;
  if (const json::Value* status = json::find(answer, "statusCode"); status != nullptr) {
    const auto code = read_status(*status);
    if (!code) return std::nullopt;
    response.status = *code;
  }
  if (!read_headers(answer, response.headers) || !read_cookies(answer, response.headers)) {
    return std::nullopt;
  }
  return response;
}

std::optional<http::Response> read_proxy_answer(std::string_view payload) {
  const auto value = json::parse(payload);
  if (!value) return std::nullopt;
  if (!value->is_object() || json::find(value->get_object(), "statusCode") == nullptr) {
    return inferred(*value, payload);
  }
  const json::Object& answer = value->get_object();
  auto response = read_proxy_head(answer);
  if (!response || !read_body(answer, response->body)) return std::nullopt;
  add_content_type(*response);
  return response;
}

std::optional<http::Response> read_proxy_answer_v1(std::string_view payload) {
  const auto answer = json::parse_object(payload);
  const json::Value* status = answer ? json::find(*answer, "statusCode") : nullptr;
  const auto code = status != nullptr ? read_status(*status) : std::nullopt;
  if (!code) return std::nullopt;
  http::Response response;
  response.status = *code;
  if (!read_headers(*answer, response.headers) || !read_multi_headers(*answer, response.headers) ||
      !read_body(*answer, response.body)) {
    return std::nullopt;
  }
  add_content_type(response);
  return response;
}

}  // namespace stator::aws
