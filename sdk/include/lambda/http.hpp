#pragma once

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stator/abi_lambda.h"
#include "stator/json.hpp"
#include "stator/json_codec.hpp"

namespace lambda {

/// A request to an HTTP API (payload format 2.0 or 1.0), a REST API or a function URL, read from
/// its event: a handler need not know which. Texts are valid as long as the request.
class HttpRequest {
 public:
  using lambda_event = void;

  /// Throws std::invalid_argument for what is not such an event.
  explicit HttpRequest(std::string_view event) : HttpRequest(event, STATOR1_HTTP_EVENT) {}

  /// 2, or 1 for a REST API and for an HTTP API that was told so.
  [[nodiscard]] int payload_version() const { return request_->payload_version; }
  [[nodiscard]] std::string_view method() const { return text(request_->method); }
  [[nodiscard]] std::string_view path() const { return text(request_->path); }
  [[nodiscard]] std::string_view raw_query() const { return text(request_->raw_query); }
  [[nodiscard]] std::string_view route_key() const { return text(request_->route_key); }
  [[nodiscard]] std::string_view stage() const { return text(request_->stage); }
  [[nodiscard]] std::string_view source_ip() const { return text(request_->source_ip); }
  [[nodiscard]] std::string_view request_id() const { return text(request_->request_id); }
  /// Bytes, decoded when they came as base64.
  [[nodiscard]] std::string_view body() const { return text(request_->body); }
  [[nodiscard]] std::string_view domain_name() const { return text(request_->domain_name); }
  [[nodiscard]] std::optional<std::string_view> stage_variable(std::string_view name) const {
    return find(request_->stage_variables, name);
  }
  /// What the authorizer said, as JSON; empty without one.
  [[nodiscard]] std::string_view authorizer() const { return text(request_->authorizer); }

  /// {name} in the route, decoded; empty when the route has none of that name.
  [[nodiscard]] std::string_view path_parameter(std::string_view name) const {
    return find(request_->path_parameters, name).value_or("");
  }
  /// Several values of one name arrive joined by commas.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const {
    return find(request_->query, name);
  }
  /// Names are in lower case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const {
    return find(request_->headers, lower_case_name);
  }
  /// "name=value" each.
  [[nodiscard]] std::vector<std::string_view> cookies() const { return values(request_->cookies); }

 protected:
  HttpRequest(std::string_view event, std::int32_t kind)
      : request_(nullptr, stator1_http_request_free) {
    std::array<char, 256> problem{};
    request_.reset(
        stator1_http_request_new(stator::sdk::borrow(event), problem.data(), problem.size()));
    if (request_ != nullptr && request_->kind != kind) {
      throw std::invalid_argument(kind == STATOR1_HTTP_EVENT
                                      ? "the event: is one to an authorizer"
                                      : "the event: is none to an authorizer");
    }
    if (request_ == nullptr) {
      throw std::invalid_argument(std::string("the event: ") + problem.data());
    }
  }
  [[nodiscard]] const stator1_http_request& raw() const { return *request_; }

  static std::string_view text(stator1_text borrowed) { return {borrowed.data, borrowed.size}; }
  static std::optional<std::string_view> find(const stator1_pairs& pairs, std::string_view name) {
    for (std::size_t i = 0; i < pairs.size; ++i) {
      if (text(pairs.data[i].name) == name) return text(pairs.data[i].value);
    }
    return std::nullopt;
  }
  static std::vector<std::string_view> values(const stator1_pairs& pairs) {
    std::vector<std::string_view> all;
    for (std::size_t i = 0; i < pairs.size; ++i) all.push_back(text(pairs.data[i].value));
    return all;
  }

 private:
  std::unique_ptr<const stator1_http_request, void (*)(const stator1_http_request*)> request_;
};

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  ///< bytes; what is not UTF-8 travels as base64
  std::vector<std::string> cookies;
};

/// A JSON answer; `value` is anything that stator::sdk::to_json takes.
template <class T>
[[nodiscard]] HttpResponse json(int status, const T& value) {
  return {status, {{"content-type", "application/json"}}, stator::sdk::to_json(value), {}};
}

/// {"message": "..."}, as API Gateway itself answers errors.
[[nodiscard]] inline HttpResponse message(int status, std::string_view text) {
  stator::sdk::JsonWriter body;
  body.begin_object();
  body.member("message", text);
  body.end_object();
  return {status, {{"content-type", "application/json"}}, body.take(), {}};
}

namespace detail {

/// Calls `use(name, first)` for each header that is the first of its name: JSON has a name once.
template <class Use>
void for_each_name(const HttpResponse& response, const Use& use) {
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    std::size_t first = 0;
    while (response.headers[first].first != response.headers[i].first) ++first;
    if (first == i) use(response.headers[i].first, i);
  }
}

inline void write_headers(stator::sdk::JsonWriter& event, const HttpResponse& response) {
  event.key("headers");
  event.begin_object();
  for_each_name(response, [&](const std::string& name, std::size_t first) {
    std::string joined = response.headers[first].second;
    for (std::size_t i = first + 1; i < response.headers.size(); ++i) {
      if (response.headers[i].first == name) joined += "," + response.headers[i].second;
    }
    event.member(name, joined);
  });
  event.end_object();
  if (response.cookies.empty()) return;
  event.key("cookies");
  stator::sdk::write_json(event, response.cookies);
}

inline void write_multi_headers(stator::sdk::JsonWriter& event, const HttpResponse& response) {
  event.key("multiValueHeaders");
  event.begin_object();
  for_each_name(response, [&](const std::string& name, std::size_t first) {
    event.key(name);
    event.begin_array();
    for (std::size_t i = first; i < response.headers.size(); ++i) {
      if (response.headers[i].first == name) event.string(response.headers[i].second);
    }
    event.end_array();
  });
  if (!response.cookies.empty()) {
    event.key("set-cookie");
    stator::sdk::write_json(event, response.cookies);
  }
  event.end_object();
}

}  // namespace detail

/// The answer in the form that API Gateway takes from a function, by the version of the request's
/// payload: 1.0 has no cookies and one value a header, so names that come twice and cookies go to
/// multiValueHeaders.
[[nodiscard]] inline std::string to_event_json(const HttpResponse& response, int version = 2) {
  const bool is_text = stator1_utf8_valid(stator::sdk::borrow(response.body)) != 0;
  stator::sdk::JsonWriter event;
  event.begin_object();
  event.raw_member("statusCode", stator::sdk::number_text(response.status));
  if (version == 1) {
    detail::write_multi_headers(event, response);
  } else {
    detail::write_headers(event, response);
  }
  if (is_text) {
    event.member("body", response.body);
  } else {
    std::string encoded((response.body.size() + 2) / 3 * 4, '\0');
    encoded.resize(
        stator1_base64_encode(stator::sdk::borrow(response.body), STATOR1_BASE64, encoded.data()));
    event.member("body", encoded);
  }
  event.raw_member("isBase64Encoded", is_text ? "false" : "true");
  event.end_object();
  return event.take();
}

/// A request's body as a struct, or the answer 400 that names what is wrong with it.
template <class T>
class Parsed {
 public:
  explicit Parsed(std::string_view body) {
    stator::sdk::JsonReader reader(body);
    if (body.empty()) {
      problem_ = "the body is missing";
    } else if (!stator::sdk::read_json(reader, value_) || !reader.finish()) {
      problem_ = reader.problem();
    }
  }

  explicit operator bool() const { return problem_.empty(); }
  [[nodiscard]] const T& operator*() const { return value_; }
  [[nodiscard]] const T* operator->() const { return &value_; }
  /// "price: must be a number"; empty when there is nothing wrong.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  T value_{};
  std::string problem_;
};

template <class T>
[[nodiscard]] Parsed<T> parse(std::string_view body) {
  return Parsed<T>(body);
}

}  // namespace lambda
