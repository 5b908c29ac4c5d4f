#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/s3_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

struct ExportRequest {
  TableRef table;
  recovery::Export draft;
  std::optional<WallTime> moment;
};

/// What would be ignored is refused by name.
Result<void> check_supported(const aws::Input& input) {
  STATOR_TRY(const auto format, input.text("ExportFormat"));
  STATOR_TRY(const auto type, input.text("ExportType"));
  if (format == "ION") return not_supported("The export format ION");
  if (type == "INCREMENTAL_EXPORT") return not_supported("The export type INCREMENTAL_EXPORT");
  for (const std::string_view member :
       {"IncrementalExportSpecification", "S3SseAlgorithm", "S3SseKmsKeyId"}) {
    if (input.has(member)) return not_supported(member);
  }
  return {};
}

Result<ExportRequest> read_request(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto arn, input.text("TableArn"));
  STATOR_TRY(auto location, recovery::read_location(input, "S3Prefix"));
  ExportRequest request;
  STATOR_TRY(request.draft.client_token, recovery::read_client_token(input));
  STATOR_TRY(request.moment, recovery::read_time(input, "ExportTime"));
  STATOR_TRY_VOID(check_supported(input));
  request.table = TableRef::of(call, *arn);
  STATOR_TRY_VOID(recovery::check_owner(location, request.table.account));
  request.draft.bucket = std::move(location.bucket);
  request.draft.bucket_owner = std::move(location.owner);
  request.draft.prefix = std::move(location.prefix);
  return request;
}

/// The caller must be allowed to write what the export writes.
Result<aws::Needs> needs(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto request, read_request(call, input));
  std::string objects = "arn:aws:s3:::" + request.draft.bucket + "/" + request.draft.prefix;
  if (objects.back() != '/') objects.push_back('/');
  return aws::Needs{{"dynamodb:ExportTableToPointInTime", request.table.arn()},
                    {"s3:PutObject", objects + "AWSDynamoDB/*"}};
}

Result<json::Object> handle(recovery::Recovery& recovery, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY(auto request, read_request(call, input));
  STATOR_TRY(const auto job,
             recovery.start_export(request.table, std::move(request.draft), request.moment));
  return json::Object{{"ExportDescription", recovery::describe(job)}};
}

}  // namespace

aws::Operation export_table_to_point_in_time(recovery::Recovery& recovery) {
  return modelled_operation("ExportTableToPointInTime", needs,
                            [&recovery](aws::Call& call, const aws::Input& input) {
                              return handle(recovery, call, input);
                            });
}

}  // namespace stator::dynamodb
