#include "audit/trail.hpp"

#include "audit/record.hpp"
#include "base/ids.hpp"
#include "base/time_format.hpp"

namespace stator::audit {
namespace {

/// A gap is a record too, so that whoever reads the log alone learns of it.
std::string gap_line(const TrailParts& parts, std::uint64_t count) {
  return json::dump(json::Object{{"eventVersion", "1.11"},
                                 {"eventTime", iso8601(parts.clock.wall())},
                                 {"eventSource", "stator"},
                                 {"eventName", "AuditLinesDropped"},
                                 {"eventID", uuid4(parts.random)},
                                 {"eventType", "AwsServiceEvent"},
                                 {"additionalEventData", json::Object{{"count", count}}}});
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(
             "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") ==
             std::string_view::npos;
}

}  // namespace

Trail::Trail(TrailParts parts)
    : parts_(std::move(parts)),
      writer_(
          LogFiles(parts_.directory, parts_.files),
          [this](std::uint64_t count) { return gap_line(parts_, count); },
          [this](const Error& error) {
            parts_.logger.error("audit", "the audit log cannot be written",
                                {{"reason", error.message}});
          },
          parts_.writer) {}

void Trail::record(const aws::AuditedCall& audited) {
  if (!audited.is_authenticated) ++failed_authentications_;
  json::Object record = make_record(audited, uuid4(parts_.random));
  if (parts_.denial_of && (!audited.error_name.empty() || !audited.would_be_denial.empty())) {
    if (auto denial = parts_.denial_of(audited.call.request_id)) {
      json::Value& data = record["additionalEventData"];
      if (!data.is_object()) data = json::Object();
      data.get_object()["decision"] = std::move(*denial);
    }
  }
  const bool is_refusal = !audited.error_name.empty() || !audited.is_management;
  writer_.write(to_line(std::move(record)),
                is_refusal ? Priority::kRefusal : Priority::kManagement);
}

Result<std::optional<json::Object>> Trail::find(std::string_view request_id) {
  if (!is_request_id(request_id)) return invalid("a request id has letters, digits and hyphens");
  writer_.flush();
  STATOR_TRY(const auto line,
             find_line(parts_.directory, "\"requestID\":" + json::quote(request_id)));
  if (!line) return std::optional<json::Object>();
  STATOR_TRY(json::Object record, json::parse_object(*line));
  return std::optional(std::move(record));
}

}  // namespace stator::audit
