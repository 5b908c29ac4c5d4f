#include "dynamodb/service_model.hpp"

#include <algorithm>

/// Backups, point-in-time recovery, exports and imports.
namespace stator::dynamodb::model {

namespace {

constexpr Rule kTableName[] = {table_name()};
constexpr Rule kBackupArn[] = {required(text("BackupArn", 37, 1024))};
constexpr Rule kTimestamp = typed(Type::kTimestamp, "");

constexpr Rule timestamp(std::string_view name) {
  Rule rule = kTimestamp;
  rule.name = name;
  return rule;
}

constexpr Rule kCreateBackup[] = {table_name(), required(resource_name("BackupName"))};

constexpr std::string_view kBackupTypeNames[] = {"USER", "SYSTEM", "AWS_BACKUP", "ALL"};
constexpr Rule kListBackups[] = {optional_table_name(),
                                 typed(Type::kInteger, "Limit", 1, 100),
                                 timestamp("TimeRangeLowerBound"),
                                 timestamp("TimeRangeUpperBound"),
                                 text("ExclusiveStartBackupArn", 37, 1024),
                                 one_of("BackupType", kBackupTypeNames)};

constexpr Rule kPointInTimeMembers[] = {required(boolean("PointInTimeRecoveryEnabled")),
                                        typed(Type::kInteger, "RecoveryPeriodInDays", 1, 35)};
constexpr Rule kUpdateContinuousBackups[] = {
    table_name(), required(structure("PointInTimeRecoverySpecification", kPointInTimeMembers,
                                     "PointInTimeRecoverySpecification"))};

constexpr Rule kBillingModeOverride = one_of("BillingModeOverride", kBillingModeNames);
constexpr Rule kGlobalIndexOverride = list("GlobalSecondaryIndexOverride", kGlobalIndex);
constexpr Rule kLocalIndexOverride = list("LocalSecondaryIndexOverride", kLocalIndex);

constexpr Rule kRestoreTableFromBackup[] = {required(resource_name("TargetTableName")),
                                            kBackupArn[0],
                                            kBillingModeOverride,
                                            kGlobalIndexOverride,
                                            kLocalIndexOverride,
                                            provisioned_throughput("ProvisionedThroughputOverride"),
                                            on_demand_throughput("OnDemandThroughputOverride"),
                                            sse_specification("SSESpecificationOverride")};

constexpr Rule kRestoreTableToPointInTime[] = {
    optional_table_name("SourceTableArn"),
    optional_table_name("SourceTableName"),
    required(resource_name("TargetTableName")),
    boolean("UseLatestRestorableTime"),
    timestamp("RestoreDateTime"),
    kBillingModeOverride,
    kGlobalIndexOverride,
    kLocalIndexOverride,
    provisioned_throughput("ProvisionedThroughputOverride"),
    on_demand_throughput("OnDemandThroughputOverride"),
    sse_specification("SSESpecificationOverride")};

bool is_bucket_name(std::string_view value) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto is_inner = [&](char c) {
    return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
  };
  return value.size() >= 2 && is_alphanumeric(value.front()) && is_alphanumeric(value.back()) &&
         std::all_of(value.begin(), value.end(), is_inner);
}
constexpr Pattern kBucketName = {"^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$", is_bucket_name};

bool is_client_token(std::string_view value) {
  return !value.empty() && value.find('$') == std::string_view::npos;
}
constexpr Pattern kClientToken = {"^[^\\$]+$", is_client_token};

bool is_account(std::string_view value) {
  return value.size() == 12 && value.find_first_not_of("0123456789") == std::string_view::npos;
}
constexpr Pattern kAccount = {"[0-9]{12}", is_account};

constexpr Rule kBucket = required(like(kBucketName, text("S3Bucket", Rule::kNoMin, 255)));

constexpr std::string_view kSseAlgorithmNames[] = {"AES256", "KMS"};
constexpr std::string_view kExportFormatNames[] = {"DYNAMODB_JSON", "ION"};
constexpr std::string_view kExportTypeNames[] = {"FULL_EXPORT", "INCREMENTAL_EXPORT"};
constexpr std::string_view kExportViewNames[] = {"NEW_IMAGE", "NEW_AND_OLD_IMAGES"};
constexpr Rule kIncrementalMembers[] = {timestamp("ExportFromTime"), timestamp("ExportToTime"),
                                        one_of("ExportViewType", kExportViewNames)};
constexpr Rule kExportTable[] = {table_name("TableArn"),
                                 timestamp("ExportTime"),
                                 like(kClientToken, text("ClientToken")),
                                 kBucket,
                                 like(kAccount, text("S3BucketOwner")),
                                 text("S3Prefix", Rule::kNoMin, 1024),
                                 one_of("S3SseAlgorithm", kSseAlgorithmNames),
                                 text("S3SseKmsKeyId", 1, 2048),
                                 one_of("ExportFormat", kExportFormatNames),
                                 one_of("ExportType", kExportTypeNames),
                                 structure("IncrementalExportSpecification", kIncrementalMembers,
                                           "IncrementalExportSpecification")};

constexpr Rule kSourceMembers[] = {like(kAccount, text("S3BucketOwner")), kBucket,
                                   text("S3KeyPrefix", Rule::kNoMin, 1024)};
constexpr std::string_view kInputFormatNames[] = {"DYNAMODB_JSON", "ION", "CSV"};
constexpr std::string_view kCompressionNames[] = {"GZIP", "ZSTD", "NONE"};
bool is_delimiter(std::string_view value) {
  return value.size() == 1 && std::string_view(",;:|\t ").find(value[0]) != value.npos;
}
constexpr Pattern kDelimiter = {"[,;:|\\t ]", is_delimiter};
constexpr Rule kHeader[] = {text("", 1, 65'536)};
constexpr Rule kCsvMembers[] = {like(kDelimiter, text("Delimiter", 1, 1)),
                                list("HeaderList", kHeader, 1, 255)};
constexpr Rule kFormatMembers[] = {structure("Csv", kCsvMembers, "CsvOptions")};
constexpr Rule kCreationMembers[] = {required(resource_name("TableName")),
                                     required(list("AttributeDefinitions", kAttributeDefinition)),
                                     required(list("KeySchema", kKeySchemaElement, 1, 2)),
                                     one_of("BillingMode", kBillingModeNames),
                                     provisioned_throughput(),
                                     on_demand_throughput(),
                                     sse_specification(),
                                     list("GlobalSecondaryIndexes", kGlobalIndex)};
constexpr Rule kImportTable[] = {
    like(kClientToken, text("ClientToken")),
    required(structure("S3BucketSource", kSourceMembers, "S3BucketSource")),
    required(one_of("InputFormat", kInputFormatNames)),
    structure("InputFormatOptions", kFormatMembers, "InputFormatOptions"),
    one_of("InputCompressionType", kCompressionNames),
    required(structure("TableCreationParameters", kCreationMembers, "TableCreationParameters"))};

constexpr Rule kListExports[] = {optional_table_name("TableArn"),
                                 typed(Type::kInteger, "MaxResults", 1, 25), text("NextToken")};
constexpr Rule kListImports[] = {optional_table_name("TableArn"),
                                 typed(Type::kInteger, "PageSize", 1, 25), text("NextToken")};
constexpr Rule kDescribeExport[] = {required(text("ExportArn", 37, 1024))};
constexpr Rule kDescribeImport[] = {required(text("ImportArn", 37, 1024))};

constexpr Request kRequests[] = {
    {"CreateBackup", kCreateBackup},
    {"DescribeBackup", kBackupArn},
    {"DeleteBackup", kBackupArn},
    {"ListBackups", kListBackups},
    {"DescribeContinuousBackups", kTableName},
    {"UpdateContinuousBackups", kUpdateContinuousBackups},
    {"RestoreTableFromBackup", kRestoreTableFromBackup},
    {"RestoreTableToPointInTime", kRestoreTableToPointInTime},
    {"ExportTableToPointInTime", kExportTable},
    {"DescribeExport", kDescribeExport},
    {"ListExports", kListExports},
    {"ImportTable", kImportTable},
    {"DescribeImport", kDescribeImport},
    {"ListImports", kListImports},
};

}  // namespace

const std::span<const Request> kRecoveryRequests = kRequests;

}  // namespace stator::dynamodb::model
