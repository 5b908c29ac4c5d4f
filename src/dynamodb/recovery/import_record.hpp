#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/recovery/export_record.hpp"

namespace stator::dynamodb::recovery {

enum class ImportFormat : std::uint8_t { kDynamodbJson, kCsv };

/// Objects of a bucket on their way into a new table, or there.
struct Import {
  Resource resource;
  JobStatus status = JobStatus::kInProgress;
  WallTime started;
  std::optional<WallTime> ended;
  std::string table_uuid;
  std::string bucket;
  std::string bucket_owner;  ///< "" unless it was given, as the next two
  std::string prefix;
  std::string client_token;
  ImportFormat format = ImportFormat::kDynamodbJson;
  bool is_gzip = false;
  std::string delimiter = ",";       ///< for kCsv
  std::vector<std::string> headers;  ///< for kCsv; empty: each object's first line
  json::Object request;              ///< InputFormatOptions and TableCreationParameters, as given

  std::uint64_t processed_items = 0;
  std::uint64_t imported_items = 0;
  std::uint64_t errors = 0;
  std::uint64_t processed_bytes = 0;
  Failure failure;  ///< empty unless it failed

  /// Whether a request asks for the same.
  [[nodiscard]] bool asks_the_same(const Import& other) const;
};

[[nodiscard]] std::string dump(const Import& job);
/// kInternal for what dump() did not write.
[[nodiscard]] Result<Import> parse_import(const Resource& resource, std::string_view record);

/// AWS's ImportTableDescription and ImportSummary.
[[nodiscard]] json::Object describe(const Import& job);
[[nodiscard]] json::Object summarize(const Import& job);

}  // namespace stator::dynamodb::recovery
