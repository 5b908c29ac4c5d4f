#include <algorithm>

#include "base/bytes.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/event_source_support.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::int64_t kPageMax = 100;

Result<json::Object> handle(sources::EventSources& sources, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"EventSourceArn", "FunctionName", "Marker", "MaxItems"}));
  STATOR_TRY(const auto stream_arn, input.text("EventSourceArn"));
  STATOR_TRY(const auto function_arn, read_function_arn(call, input));
  STATOR_TRY(const auto wanted, read_count(input, "MaxItems"));
  STATOR_TRY(const auto marker, input.text("Marker"));
  std::string after;
  if (marker) {
    const auto decoded = base64url_decode(*marker);
    if (!decoded) return invalid_parameter("Invalid Marker: " + *marker);
    after = *decoded;
  }
  const auto page =
      static_cast<std::size_t>(std::clamp<std::int64_t>(wanted.value_or(kPageMax), 1, kPageMax));
  json::Object out;
  json::Array list;
  std::string last;
  for (const auto& mapping : sources.mappings().list(call.account, call.region)) {
    if (mapping->uuid <= after) continue;
    if (stream_arn && mapping->stream_arn != *stream_arn) continue;
    if (!function_arn.empty() && mapping->settings.function_arn != function_arn) continue;
    if (list.size() == page) {
      out["NextMarker"] = base64url_encode(last);
      break;
    }
    list.push_back(sources::render(*mapping, sources.status(*mapping)));
    last = mapping->uuid;
  }
  out["EventSourceMappings"] = std::move(list);
  return out;
}

}  // namespace

aws::Operation list_event_source_mappings(sources::EventSources& sources) {
  return aws::Operation::json(
      "ListEventSourceMappings",
      aws::ByPath{.method = "GET",
                  .path = "/2015-03-31/event-source-mappings",
                  .query = {{"EventSourceArn", "EventSourceArn"},
                            {"FunctionName", "FunctionName"},
                            {"Marker", "Marker"},
                            {"MaxItems", "MaxItems"}}},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"lambda:ListEventSourceMappings", "*"}};
      },
      [&sources](aws::Call& call, const aws::Input& input) {
        return handle(sources, call, input);
      });
}

}  // namespace stator::lambda::ops
