#include "lambda/runtime_api.hpp"

#include <fmt/format.h>

#include <utility>

#include "json/json.hpp"

namespace stator::lambda::runtime_api {

namespace {
constexpr const char* kPipelining = "Stator-Runtime-Pipelining";
}  // namespace

Target parse_target(std::string_view method, std::string_view path) {
  constexpr std::string_view kRoot = "/2018-06-01/runtime/";
  constexpr std::string_view kInvocation = "invocation/";
  if (!path.starts_with(kRoot)) return {};
  path.remove_prefix(kRoot.size());
  if (method == "GET") return {path == "invocation/next" ? Route::kNext : Route::kUnknown, {}};
  if (method != "POST") return {};
  if (path == "init/error") return {Route::kInitError, {}};
  if (!path.starts_with(kInvocation)) return {};
  path.remove_prefix(kInvocation.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view verb = path.substr(slash + 1);
  const std::string_view id = path.substr(0, slash);
  if (verb == "response") return {Route::kResponse, id};
  if (verb == "error") return {Route::kError, id};
  return {};
}

http::Response invocation(Delivery delivery) {
  const auto deadline_ms = epoch_ms(delivery.deadline);
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add(kPipelining, "on");
  response.headers.add("Lambda-Runtime-Deadline-Ms", std::to_string(deadline_ms));
  response.headers.add("Lambda-Runtime-Invoked-Function-Arn", std::move(delivery.invoked_arn));
  response.headers.add("Lambda-Runtime-Trace-Id", std::move(delivery.trace_id));
  response.headers.add("Lambda-Runtime-Aws-Request-Id", std::move(delivery.request_id));
  if (!delivery.client_context.empty()) {
    response.headers.add("Lambda-Runtime-Client-Context", std::move(delivery.client_context));
  }
  response.body = std::move(delivery.payload);
  return response;
}

bool is_pipelined(const http::Request& request) {
  return request.headers.get(kPipelining) == "next";
}

http::Response accepted() {
  http::Response response{.status = 202};
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"status":"OK"})";
  return response;
}

http::Response too_large(std::size_t bytes_max) {
  return refusal(
      413, "RequestEntityTooLarge",
      "Exceeded maximum allowed payload size (" + std::to_string(bytes_max) + " bytes).");
}

http::Response acknowledgement(Pool::Answered answered) {
  switch (answered) {
    case Pool::Answered::kAccepted:
      break;
    case Pool::Answered::kWrongId:
      return refusal(400, "InvalidRequestID", "Invalid request ID");
    case Pool::Answered::kNotRunning:
      return refusal(403, "InvalidStateTransition", "There is no invocation to answer.");
  }
  return accepted();
}

http::Response unknown(const http::Request& request) {
  // These types are those of AWS's own emulator, which lacks the two as well.
  if (request.path() == "/2022-07-01/telemetry") {
    return refusal(403, "Telemetry.NotSupported",
                   "Telemetry is there for functions with external extensions.");
  }
  if (request.path() == "/2020-08-15/logs") {
    return refusal(403, "Logs.NotSupported", "stator does not support the Logs API.");
  }
  return refusal(404, "NotFound",
                 "stator's Runtime API has no " + request.method + " " + request.target);
}

http::Response refusal(int status, std::string_view type, std::string_view message) {
  http::Response response{.status = status};
  response.headers.add("Content-Type", "application/json");
  response.body =
      "{\"errorMessage\":" + json::quote(message) + ",\"errorType\":" + json::quote(type) + "}";
  return response;
}

std::string error_payload(http::Request&& request) {
  if (!request.body.empty()) return std::move(request.body);
  const auto type = request.headers.get("Lambda-Runtime-Function-Error-Type");
  return "{\"errorType\":" + json::quote(type.empty() ? "Runtime.Unknown" : type) + "}";
}

std::string trace_id(std::string_view request_id, WallTime time) {
  // 24 and 16 of the 32 hex digits of the request's UUID: no more chance is needed to tell traces
  // apart, and none has to be drawn.
  std::string digits;
  digits.reserve(32);
  for (const char c : request_id) {
    if (c != '-' && digits.size() < 32) digits += c;
  }
  digits.resize(32, '0');
  const std::string_view all = digits;
  return fmt::format("Root=1-{:08x}-{};Parent={};Sampled=0", epoch_ms(time) / 1000, all.substr(8),
                     all.substr(0, 16));
}

}  // namespace stator::lambda::runtime_api
