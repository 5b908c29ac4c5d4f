#include "lambda/ops/invoke_input.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "json/json.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::ops {
namespace {

/// Several times what a trace header with all its fields takes.
constexpr std::size_t kTraceIdBytesMax = 1'024;

}  // namespace

Result<std::string> read_qualifier(const http::Request& request) {
  if (request.query().empty()) return std::string();
  const auto query = http::parse_query(request.query());
  if (!query) return validation_failed("The query string is malformed.");
  for (const auto& [name, value] : *query) {
    if (name == "Qualifier") return value;
  }
  return std::string();
}

Result<std::string> read_client_context(const http::Request& request) {
  const auto encoded = request.headers.get("X-Amz-Client-Context");
  if (encoded.empty()) return std::string();
  const auto decoded = base64_decode(encoded);
  if (decoded && json::parse_object(*decoded)) return *decoded;
  return bad_request_content("Client context must be a valid Base64-encoded JSON object.");
}

std::string read_trace_id(const http::Request& request) {
  const auto trace = request.headers.get("X-Amzn-Trace-Id");
  // It becomes a header of the event, and an environment variable in the runtime.
  const bool is_clean =
      std::all_of(trace.begin(), trace.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return is_clean && trace.size() <= kTraceIdBytesMax ? std::string(trace) : "";
}

Result<void> check_payload(std::string_view payload, std::string_view operation) {
  if (payload.size() > limits::kInvokePayloadBytesMax) {
    return request_too_large("Request must be smaller than " +
                             std::to_string(limits::kInvokePayloadBytesMax) + " bytes for the " +
                             std::string(operation) + " operation");
  }
  if (payload.empty()) return {};
  const auto is_json = json::validate(payload);
  if (!is_json) return bad_request_content(is_json.error().message);
  return {};
}

}  // namespace stator::lambda::ops
