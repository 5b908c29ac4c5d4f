#include "dynamodb/errors.hpp"
#include "dynamodb/new_table.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/s3_request.hpp"

namespace stator::dynamodb {

namespace {

using recovery::Import;
using recovery::ImportFormat;

constexpr std::string_view kDelimiters = ",;:|\t ";
constexpr std::size_t kHeadersMax = 255;

struct ImportRequest {
  TableRef table;
  recovery::S3Location location;
  Import draft;
  std::optional<std::string> format;
  std::optional<std::string> compression;
};

Result<void> read_source(const aws::Input& input, ImportRequest& request,
                         Constraints& constraints) {
  STATOR_TRY(const auto object, input.object("S3BucketSource"));
  constraints.require_present(object != nullptr, "s3BucketSource");
  if (object == nullptr) return {};
  const aws::Input source = input.nested(*object);
  STATOR_TRY_VOID(source.allow_only({"S3Bucket", "S3BucketOwner", "S3KeyPrefix"}));
  STATOR_TRY(request.location,
             recovery::read_location(source, "S3KeyPrefix", "s3BucketSource.", constraints));
  request.draft.bucket = request.location.bucket;
  request.draft.bucket_owner = request.location.owner;
  request.draft.prefix = request.location.prefix;
  return {};
}

/// The new table's name; "" when there are no parameters.
Result<std::string> read_table_name(const aws::Input& input, Constraints& constraints) {
  STATOR_TRY(const auto object, input.object("TableCreationParameters"));
  constraints.require_present(object != nullptr, "tableCreationParameters");
  if (object == nullptr) return std::string();
  STATOR_TRY(const auto name, input.nested(*object).text("TableName"));
  constraints.table_name(name, "tableCreationParameters.tableName");
  return name.value_or("");
}

Result<void> read_csv_options(const aws::Input& input, Import& draft, Constraints& constraints) {
  STATOR_TRY(const auto options, input.object("InputFormatOptions"));
  if (options == nullptr) return {};
  draft.request["InputFormatOptions"] = *options;
  const aws::Input members = input.nested(*options);
  STATOR_TRY_VOID(members.allow_only({"Csv"}));
  STATOR_TRY(const auto csv, members.object("Csv"));
  if (csv == nullptr) return {};
  const aws::Input csv_members = input.nested(*csv);
  STATOR_TRY_VOID(csv_members.allow_only({"Delimiter", "HeaderList"}));
  STATOR_TRY(const auto delimiter, csv_members.text("Delimiter"));
  STATOR_TRY(draft.headers, csv_members.text_list("HeaderList"));
  if (delimiter) {
    constraints.require(
        delimiter->size() == 1 && kDelimiters.find((*delimiter)[0]) != std::string_view::npos,
        *delimiter, "inputFormatOptions.csv.delimiter",
        R"(Member must satisfy regular expression pattern: [,;:|\t ])");
    draft.delimiter = *delimiter;
  }
  if (csv_members.has("HeaderList")) {
    constraints.require(!draft.headers.empty(), "[]", "inputFormatOptions.csv.headerList",
                        "Member must have length greater than or equal to 1");
  }
  constraints.require(draft.headers.size() <= kHeadersMax, "[...]",
                      "inputFormatOptions.csv.headerList",
                      "Member must have length less than or equal to 255");
  return {};
}

Result<ImportRequest> read_request(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(
      input.allow_only({"ClientToken", "S3BucketSource", "InputFormat", "InputFormatOptions",
                        "InputCompressionType", "TableCreationParameters"}));
  Constraints constraints;
  ImportRequest request;
  STATOR_TRY_VOID(read_source(input, request, constraints));
  STATOR_TRY(const auto name, read_table_name(input, constraints));
  STATOR_TRY(request.format, input.text("InputFormat"));
  STATOR_TRY(request.compression, input.text("InputCompressionType"));
  constraints.require_present(request.format.has_value(), "inputFormat");
  constraints.one_of(request.format, "inputFormat", {"DYNAMODB_JSON", "ION", "CSV"});
  constraints.one_of(request.compression, "inputCompressionType", {"GZIP", "ZSTD", "NONE"});
  STATOR_TRY(request.draft.client_token, recovery::read_client_token(input, constraints));
  STATOR_TRY_VOID(read_csv_options(input, request.draft, constraints));
  STATOR_TRY_VOID(constraints.verdict());

  request.table = TableRef::of(call, name);
  STATOR_TRY(const auto parameters, input.object("TableCreationParameters"));
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
  const aws::Input members = input.nested(*parameters);
  STATOR_TRY_VOID(members.allow_only({"TableName", "AttributeDefinitions", "KeySchema",
                                      "BillingMode", "ProvisionedThroughput", "OnDemandThroughput",
                                      "SSESpecification", "GlobalSecondaryIndexes"}));
  STATOR_TRY(auto target, table_from_request(request.table, members));
  STATOR_TRY(const auto job, recovery.start_import(std::move(request.draft), std::move(target)));
  return json::Object{{"ImportTableDescription", recovery::describe(job)}};
}

}  // namespace

aws::Operation import_table(recovery::Recovery& recovery) {
  return aws::Operation::json("ImportTable", aws::ByName{}, needs,
                              [&recovery](aws::Call& call, const aws::Input& input) {
                                return handle(recovery, call, input);
                              });
}

}  // namespace stator::dynamodb
