#include "dynamodb/recovery/import_record.hpp"

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::recovery {

namespace {

boost::json::string_view text(std::string_view view) {
  return {view.data(), view.size()};
}

std::string text_or_empty(const json::Object& record, std::string_view name) {
  return json::find_string(record, name).value_or("");
}

std::uint64_t count(const json::Object& record, std::string_view name) {
  return static_cast<std::uint64_t>(json::find_int(record, name).value_or(0));
}

std::string_view name_of(ImportFormat format) {
  return format == ImportFormat::kCsv ? "CSV" : "DYNAMODB_JSON";
}

json::Object source_of(const Import& job) {
  json::Object source{{"S3Bucket", job.bucket}};
  if (!job.bucket_owner.empty()) source["S3BucketOwner"] = job.bucket_owner;
  if (!job.prefix.empty()) source["S3KeyPrefix"] = job.prefix;
  return source;
}

}  // namespace

bool Import::asks_the_same(const Import& other) const {
  return bucket == other.bucket && bucket_owner == other.bucket_owner && prefix == other.prefix &&
         format == other.format && is_gzip == other.is_gzip && delimiter == other.delimiter &&
         headers == other.headers && request == other.request;
}

std::string dump(const Import& job) {
  json::Array headers;
  for (const std::string& header : job.headers) headers.push_back(text(header));
  json::Object record{{"status", text(to_string(job.status))},
                      {"startedMs", epoch_ms(job.started)},
                      {"tableUuid", job.table_uuid},
                      {"bucket", job.bucket},
                      {"bucketOwner", job.bucket_owner},
                      {"prefix", job.prefix},
                      {"clientToken", job.client_token},
                      {"format", text(name_of(job.format))},
                      {"gzip", job.is_gzip},
                      {"delimiter", job.delimiter},
                      {"headers", std::move(headers)},
                      {"request", job.request},
                      {"processedItems", static_cast<std::int64_t>(job.processed_items)},
                      {"importedItems", static_cast<std::int64_t>(job.imported_items)},
                      {"errors", static_cast<std::int64_t>(job.errors)},
                      {"processedBytes", static_cast<std::int64_t>(job.processed_bytes)},
                      {"failureCode", job.failure.code},
                      {"failureMessage", job.failure.message}};
  if (job.ended) record["endedMs"] = epoch_ms(*job.ended);
  return json::dump(record);
}

Result<Import> parse_import(const Resource& resource, std::string_view record) {
  STATOR_TRY(const auto object, json::parse_object(record));
  const auto status = job_status_from(text_or_empty(object, "status"));
  const auto started = json::find_int(object, "startedMs");
  const json::Value* request = json::find(object, "request");
  const json::Value* headers = json::find(object, "headers");
  if (!status || !started || !request || !request->is_object() || !headers ||
      !headers->is_array()) {
    return internal("an import's record lacks a member");
  }
  Import job;
  job.resource = resource;
  job.status = *status;
  job.started = from_epoch_ms(*started);
  if (const auto ended = json::find_int(object, "endedMs")) job.ended = from_epoch_ms(*ended);
  job.table_uuid = text_or_empty(object, "tableUuid");
  job.bucket = text_or_empty(object, "bucket");
  job.bucket_owner = text_or_empty(object, "bucketOwner");
  job.prefix = text_or_empty(object, "prefix");
  job.client_token = text_or_empty(object, "clientToken");
  job.format =
      text_or_empty(object, "format") == "CSV" ? ImportFormat::kCsv : ImportFormat::kDynamodbJson;
  job.is_gzip = json::find_bool(object, "gzip").value_or(false);
  job.delimiter = text_or_empty(object, "delimiter");
  for (const json::Value& header : headers->get_array()) {
    if (header.is_string()) job.headers.emplace_back(json::view(header.get_string()));
  }
  job.request = request->get_object();
  job.processed_items = count(object, "processedItems");
  job.imported_items = count(object, "importedItems");
  job.errors = count(object, "errors");
  job.processed_bytes = count(object, "processedBytes");
  job.failure = {text_or_empty(object, "failureCode"), text_or_empty(object, "failureMessage")};
  return job;
}

json::Object summarize(const Import& job) {
  json::Object summary{
      {"ImportArn", job.resource.arn()},          {"ImportStatus", text(to_string(job.status))},
      {"TableArn", job.resource.table.arn()},     {"S3BucketSource", source_of(job)},
      {"InputFormat", text(name_of(job.format))}, {"StartTime", epoch_seconds(job.started)}};
  if (job.ended) summary["EndTime"] = epoch_seconds(*job.ended);
  return summary;
}

json::Object describe(const Import& job) {
  json::Object description = summarize(job);
  description["TableId"] = job.table_uuid;
  description["InputCompressionType"] = job.is_gzip ? "GZIP" : "NONE";
  for (const auto& member : job.request) description[member.key()] = member.value();
  description["ErrorCount"] = job.errors;
  description["ProcessedItemCount"] = job.processed_items;
  description["ImportedItemCount"] = job.imported_items;
  description["ProcessedSizeBytes"] = job.processed_bytes;
  if (!job.client_token.empty()) description["ClientToken"] = job.client_token;
  if (!job.failure.code.empty()) {
    description["FailureCode"] = job.failure.code;
    description["FailureMessage"] = job.failure.message;
  }
  return description;
}

}  // namespace stator::dynamodb::recovery
