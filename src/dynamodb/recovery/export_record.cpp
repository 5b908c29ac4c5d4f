#include "dynamodb/recovery/export_record.hpp"

#include <array>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::recovery {

namespace {

constexpr std::array<std::string_view, 3> kStatuses = {"IN_PROGRESS", "COMPLETED", "FAILED"};

boost::json::string_view text(std::string_view view) {
  return {view.data(), view.size()};
}

std::string text_or_empty(const json::Object& record, std::string_view name) {
  return json::find_string(record, name).value_or("");
}

}  // namespace

std::string_view to_string(JobStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}

std::optional<JobStatus> job_status_from(std::string_view name) {
  for (std::size_t i = 0; i < kStatuses.size(); ++i) {
    if (kStatuses[i] == name) return static_cast<JobStatus>(i);
  }
  return std::nullopt;
}

Failure failure_of(const Error& error) {
  if (error.aws_type.starts_with("NoSuch")) return {"S3" + error.aws_type, error.message};
  return {"InternalServerError", error.message};
}

std::string Export::object_key(std::string_view name) const {
  std::string key = prefix;
  if (!key.empty() && key.back() != '/') key.push_back('/');
  return key.append("AWSDynamoDB/").append(resource.id).append("/").append(name);
}

std::string dump(const Export& job) {
  json::Object record{{"status", text(to_string(job.status))},
                      {"startedMs", epoch_ms(job.started)},
                      {"momentMs", epoch_ms(job.moment)},
                      {"table", static_cast<std::int64_t>(job.table)},
                      {"tableUuid", job.table_uuid},
                      {"bucket", job.bucket},
                      {"bucketOwner", job.bucket_owner},
                      {"prefix", job.prefix},
                      {"clientToken", job.client_token},
                      {"failureCode", job.failure.code},
                      {"failureMessage", job.failure.message},
                      {"itemCount", static_cast<std::int64_t>(job.statistics.item_count)},
                      {"sizeBytes", static_cast<std::int64_t>(job.statistics.size_bytes)}};
  if (job.ended) record["endedMs"] = epoch_ms(*job.ended);
  return json::dump(record);
}

Result<Export> parse_export(const Resource& resource, std::string_view record) {
  STATOR_TRY(const auto object, json::parse_object(record));
  const auto status = job_status_from(text_or_empty(object, "status"));
  const auto started = json::find_int(object, "startedMs");
  const auto moment = json::find_int(object, "momentMs");
  const auto table = json::find_int(object, "table");
  const auto item_count = json::find_int(object, "itemCount");
  const auto size_bytes = json::find_int(object, "sizeBytes");
  if (!status || !started || !moment || !table || !item_count || !size_bytes) {
    return internal("an export's record lacks a member");
  }
  Export job;
  job.resource = resource;
  job.status = *status;
  job.started = from_epoch_ms(*started);
  if (const auto ended = json::find_int(object, "endedMs")) job.ended = from_epoch_ms(*ended);
  job.moment = from_epoch_ms(*moment);
  job.table = static_cast<TableId>(*table);
  job.table_uuid = text_or_empty(object, "tableUuid");
  job.bucket = text_or_empty(object, "bucket");
  job.bucket_owner = text_or_empty(object, "bucketOwner");
  job.prefix = text_or_empty(object, "prefix");
  job.client_token = text_or_empty(object, "clientToken");
  job.failure = {text_or_empty(object, "failureCode"), text_or_empty(object, "failureMessage")};
  job.statistics.item_count = static_cast<std::uint64_t>(*item_count);
  job.statistics.size_bytes = static_cast<std::uint64_t>(*size_bytes);
  return job;
}

json::Object summarize(const Export& job) {
  return {{"ExportArn", job.resource.arn()},
          {"ExportStatus", text(to_string(job.status))},
          {"ExportType", "FULL_EXPORT"}};
}

json::Object describe(const Export& job) {
  json::Object description{{"ExportArn", job.resource.arn()},
                           {"ExportStatus", text(to_string(job.status))},
                           {"StartTime", epoch_seconds(job.started)},
                           {"TableArn", job.resource.table.arn()},
                           {"TableId", job.table_uuid},
                           {"ExportTime", epoch_seconds(job.moment)},
                           {"S3Bucket", job.bucket},
                           {"ExportFormat", "DYNAMODB_JSON"},
                           {"ExportType", "FULL_EXPORT"}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) description[name] = value;
  };
  add("ClientToken", job.client_token);
  add("S3BucketOwner", job.bucket_owner);
  add("S3Prefix", job.prefix);
  add("FailureCode", job.failure.code);
  add("FailureMessage", job.failure.message);
  if (job.ended) description["EndTime"] = epoch_seconds(*job.ended);
  if (job.status == JobStatus::kCompleted) {
    description["ExportManifest"] = job.object_key("manifest-summary.json");
    description["BilledSizeBytes"] = job.statistics.size_bytes;
    description["ItemCount"] = job.statistics.item_count;
  }
  return description;
}

}  // namespace stator::dynamodb::recovery
