#include "lambda/ops/invoke_input.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "json/json.hpp"
#include "lambda/errors.hpp"
#include "lambda/events/lineage.hpp"
#include "lambda/needs.hpp"

namespace stator::lambda::ops {
namespace {

/// Several times what a trace header with all its fields takes.
constexpr std::size_t kTraceIdBytesMax = 1'024;
/// Of the encoded text.
constexpr std::size_t kClientContextBytesMax = 3'583;

/// The query parameter Qualifier, or "".
Result<std::string> read_qualifier(const http::Request& request) {
  if (request.query().empty()) return std::string();
  const auto query = http::parse_query(request.query());
  if (!query) return validation_failed("The query string is malformed.");
  for (const auto& [name, value] : *query) {
    if (name == "Qualifier") return value;
  }
  return std::string();
}

}  // namespace

Result<InvokeTarget> read_target(const Catalog& catalog, const aws::Call& call,
                                 const aws::RawRequest& raw) {
  InvokeTarget target;
  STATOR_TRY(const auto qualifier, read_qualifier(raw.http));
  STATOR_TRY(target.reference,
             parse_function_name(call.account, call.region, raw.label("FunctionName"), qualifier));
  target.record = catalog.find(target.reference.key.view());
  target.policy = catalog.policy(target.reference);
  auto& invocation = target.invocation;
  invocation.account = call.account;
  invocation.region = call.region;
  invocation.function = target.reference.key.name;
  invocation.qualifier = target.reference.qualifier;
  invocation.request_id = call.request_id;
  invocation.payload = raw.http.body.empty() ? "{}" : raw.http.body;
  return target;
}

aws::Needs invoke_needs(const InvokeTarget& target) {
  return {invoke_need(target.reference, target.record.get(), target.policy)};
}

Result<std::string> read_client_context(const http::Request& request) {
  const auto encoded = request.headers.get("X-Amz-Client-Context");
  if (encoded.empty()) return std::string();
  if (encoded.size() > kClientContextBytesMax) {
    return bad_request_content("Client context must be at most " +
                               std::to_string(kClientContextBytesMax) + " bytes.");
  }
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

Result<bool> read_log_type(const http::Request& request) {
  const auto type = request.headers.get("X-Amz-Log-Type");
  if (type.empty() || type == "None") return false;
  if (type == "Tail") return true;
  return validation_failed("1 validation error detected: Value '" + std::string(type) +
                           "' at 'logType' failed to satisfy constraint: Member must satisfy enum "
                           "value set: [None, Tail]");
}

Result<void> follow_chain(const Catalog& catalog, const FunctionReference& reference,
                          Invocation& invocation) {
  if (invocation.trace_id.empty()) return {};
  const auto settings = catalog.settings(reference.key.view());
  const bool is_bounded = settings != nullptr && !settings->allows_recursion;
  const std::string arn = reference.arn();
  if (is_bounded && events::rounds(invocation.trace_id, arn) >= events::kRoundsMax) {
    return recursive_invocation();
  }
  invocation.trace_id = events::with_round(invocation.trace_id, arn);
  return {};
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
