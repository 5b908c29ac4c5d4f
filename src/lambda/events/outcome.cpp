#include "lambda/events/outcome.hpp"

#include "base/time_format.hpp"
#include "json/json.hpp"

namespace stator::lambda::events {
namespace {

constexpr std::size_t kErrorMessageBytesMax = 1'024;

/// A function of a runtime of its own may answer anything; what is no JSON is told as a string.
std::string as_json(const std::string& text) {
  if (text.empty()) return "null";
  return json::validate(text) ? text : json::quote(text);
}

/// The first kilobyte, not cut inside a character.
std::string first_kilobyte(std::string text) {
  if (text.size() <= kErrorMessageBytesMax) return text;
  std::size_t end = kErrorMessageBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text;
}

std::string error_message(const Outcome& outcome) {
  if (!outcome.response) return first_kilobyte(outcome.error_message);
  const auto document = json::parse_object(*outcome.response);
  if (document) {
    if (auto message = json::find_string(*document, "errorMessage")) {
      return first_kilobyte(std::move(*message));
    }
  }
  return first_kilobyte(*outcome.response);
}

json::Object attribute(std::string value, std::string_view type) {
  return {{"stringValue", std::move(value)},
          {"stringListValues", json::Array()},
          {"binaryListValues", json::Array()},
          {"dataType", std::string(type)}};
}

}  // namespace

std::string invocation_record(const Event& event, const Outcome& outcome, WallTime now) {
  const std::int64_t tries = event.failures + (outcome.condition == Condition::kSuccess ? 1 : 0);
  const json::Object request{{"requestId", event.request_id},
                             {"functionArn", event.arn()},
                             {"condition", std::string(to_string(outcome.condition))},
                             {"approximateInvokeCount", tries}};
  // Payloads are put in as they are: a parser might change their numbers.
  std::string out = R"({"version":"1.0","timestamp":)" + json::quote(iso8601_ms(now)) +
                    R"(,"requestContext":)" + json::dump(request) + R"(,"requestPayload":)" +
                    as_json(event.payload);
  if (outcome.status != 0) {
    json::Object response{{"statusCode", outcome.status}};
    if (!outcome.executed_version.empty()) response["executedVersion"] = outcome.executed_version;
    if (!outcome.function_error.empty()) response["functionError"] = outcome.function_error;
    out += R"(,"responseContext":)" + json::dump(response);
  }
  if (outcome.response) out += R"(,"responsePayload":)" + as_json(*outcome.response);
  return out + "}";
}

std::string dead_letter(const Event& event, const Outcome& outcome) {
  json::Object attributes{{"RequestID", attribute(event.request_id, "String")},
                          {"ErrorMessage", attribute(error_message(outcome), "String")},
                          {"ErrorCode", attribute(std::to_string(outcome.status), "Number")}};
  json::Object message{{"messageId", event.request_id},
                       {"body", event.payload},
                       {"messageAttributes", std::move(attributes)},
                       {"eventSource", "stator:dead-letter"},
                       {"eventSourceARN", event.arn()},
                       {"awsRegion", event.function.region}};
  return json::dump(json::Object{{"Records", json::Array{std::move(message)}}});
}

}  // namespace stator::lambda::events
