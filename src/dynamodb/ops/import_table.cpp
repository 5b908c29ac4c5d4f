#include "dynamodb/errors.hpp"
#include "dynamodb/new_table.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/s3_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

using recovery::Import;
using recovery::ImportFormat;

struct ImportRequest {
  TableRef table;
  recovery::S3Location location;
  Import draft;
  std::optional<std::string> format;
  std::optional<std::string> compression;
};

Result<void> read_source(const aws::Input& input, ImportRequest& request) {
  STATOR_TRY(const auto object, input.object("S3BucketSource"));
  STATOR_TRY(request.location, recovery::read_location(input.nested(*object), "S3KeyPrefix"));
  request.draft.bucket = request.location.bucket;
  request.draft.bucket_owner = request.location.owner;
  request.draft.prefix = request.location.prefix;
  return {};
}

Result<void> read_csv_options(const aws::Input& input, Import& draft) {
  STATOR_TRY(const auto options, input.object("InputFormatOptions"));
  if (options == nullptr) return {};
  draft.request["InputFormatOptions"] = *options;
  const aws::Input formats = input.nested(*options);
  STATOR_TRY(const auto csv, formats.object("Csv"));
  if (csv == nullptr) return {};
  const aws::Input members = input.nested(*csv);
  STATOR_TRY(const auto delimiter, members.text("Delimiter"));
  if (delimiter) draft.delimiter = *delimiter;
  STATOR_TRY(draft.headers, members.text_list("HeaderList"));
  return {};
}

Result<ImportRequest> read_request(const aws::Call& call, const aws::Input& input) {
  ImportRequest request;
  STATOR_TRY_VOID(read_source(input, request));
  STATOR_TRY(const auto parameters, input.object("TableCreationParameters"));
  STATOR_TRY(const auto name, input.nested(*parameters).text("TableName"));
  STATOR_TRY(request.format, input.text("InputFormat"));
  STATOR_TRY(request.compression, input.text("InputCompressionType"));
  STATOR_TRY(request.draft.client_token, recovery::read_client_token(input));
  STATOR_TRY_VOID(read_csv_options(input, request.draft));

  request.table = TableRef::of(call, *name);
  request.draft.request["TableCreationParameters"] = *parameters;
  request.draft.is_gzip = request.compression == "GZIP";
  if (request.format == "CSV") request.draft.format = ImportFormat::kCsv;
  return request;
}

Result<void> check_supported(const ImportRequest& request) {
  if (request.format == "ION") return not_supported("The import format ION");
  if (request.compression == "ZSTD") return not_supported("The compression ZSTD");
  if (request.format != "CSV" && request.draft.request.contains("InputFormatOptions")) {
    return validation("InputFormatOptions can only be specified for the format CSV");
  }
  return recovery::check_owner(request.location, request.table.account);
}

/// The caller must be allowed to read what the import reads.
Result<aws::Needs> needs(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto request, read_request(call, input));
  const std::string bucket = "arn:aws:s3:::" + request.location.bucket;
  return aws::Needs{{"dynamodb:ImportTable", request.table.arn()},
                    {"s3:ListBucket", bucket},
                    {"s3:GetObject", bucket + "/" + request.location.prefix + "*"}};
}

Result<json::Object> handle(recovery::Recovery& recovery, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY(auto request, read_request(call, input));
  STATOR_TRY_VOID(check_supported(request));
  STATOR_TRY(const auto parameters, input.object("TableCreationParameters"));
  STATOR_TRY(auto target, table_from_request(request.table, input.nested(*parameters)));
  STATOR_TRY(const auto job, recovery.start_import(std::move(request.draft), std::move(target)));
  return json::Object{{"ImportTableDescription", recovery::describe(job)}};
}

}  // namespace

aws::Operation import_table(recovery::Recovery& recovery) {
  return modelled_operation("ImportTable", needs,
                            [&recovery](aws::Call& call, const aws::Input& input) {
                              return handle(recovery, call, input);
                            });
}

}  // namespace stator::dynamodb
