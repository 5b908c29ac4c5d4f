#pragma once

#include <optional>
#include <string>

#include "dynamodb/recovery/resource.hpp"
#include "dynamodb/table_description.hpp"
#include "json/json.hpp"

namespace stator::dynamodb::recovery {

/// How an export or an import stands.
enum class JobStatus : std::uint8_t { kInProgress, kCompleted, kFailed };
[[nodiscard]] std::string_view to_string(JobStatus status);
[[nodiscard]] std::optional<JobStatus> job_status_from(std::string_view name);

/// Why a job failed, in AWS's words where it has them ("S3NoSuchBucket").
struct Failure {
  std::string code;
  std::string message;
};
/// Of an error that the artifact store gave.
[[nodiscard]] Failure failure_of(const Error& error);

/// A table's state at a moment, on its way to a bucket or there.
struct Export {
  Resource resource;
  JobStatus status = JobStatus::kInProgress;
  WallTime started;
  std::optional<WallTime> ended;
  WallTime moment;
  TableId table = 0;       ///< in the store
  std::string table_uuid;  ///< TableId as the API shows it
  std::string bucket;
  std::string bucket_owner;  ///< "" unless it was given, as the next ones
  std::string prefix;
  std::string client_token;
  Failure failure;        ///< empty unless it failed
  Statistics statistics;  ///< of what was exported

  /// "PREFIX/AWSDynamoDB/ID/NAME", or without the prefix.
  [[nodiscard]] std::string object_key(std::string_view name) const;
};

[[nodiscard]] std::string dump(const Export& job);
/// kInternal for what dump() did not write.
[[nodiscard]] Result<Export> parse_export(const Resource& resource, std::string_view record);

/// AWS's ExportDescription and ExportSummary.
[[nodiscard]] json::Object describe(const Export& job);
[[nodiscard]] json::Object summarize(const Export& job);

}  // namespace stator::dynamodb::recovery
