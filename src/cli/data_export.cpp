#include <iostream>

#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "cli/commands.hpp"
#include "cli/data_files.hpp"
#include "cli/table_creation.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/recovery/export_files.hpp"
#include "dynamodb/recovery/wire_pages.hpp"

namespace stator::cli {
namespace {

using dynamodb::recovery::Export;
using dynamodb::recovery::ExportFiles;

Result<std::vector<std::string>> every_table(AwsClient& client) {
  std::vector<std::string> names;
  json::Object input;
  for (;;) {
    STATOR_TRY(const std::string answer, call_dynamodb(client, "ListTables", json::dump(input)));
    STATOR_TRY(const json::Object page, json::parse_object(answer));
    const json::Value* list = json::find(page, "TableNames");
    if (list == nullptr || !list->is_array()) return internal("ListTables answered no TableNames");
    for (const json::Value& name : list->get_array()) {
      if (name.is_string()) names.emplace_back(json::view(name.get_string()));
    }
    const auto last = json::find_string(page, "LastEvaluatedTableName");
    if (!last) return names;
    input["ExclusiveStartTableName"] = *last;
  }
}

Result<json::Object> describe(AwsClient& client, const std::string& table) {
  STATOR_TRY(
      const std::string answer,
      call_dynamodb(client, "DescribeTable", json::dump(json::Object{{"TableName", table}})));
  STATOR_TRY(const json::Object described, json::parse_object(answer));
  const json::Value* description = json::find(described, "Table");
  if (description == nullptr || !description->is_object()) {
    return internal("DescribeTable answered no Table");
  }
  return description->get_object();
}

/// The export as its manifest names it.
Export job_of(const json::Object& description, const std::string& table, WallTime now) {
  SystemRandom random;
  Export job;
  const auto arn = json::find_string(description, "TableArn").value_or("");
  job.resource = {{"", "", table}, "export", dynamodb::recovery::make_resource_id(now, random)};
  if (const auto parsed =
          dynamodb::recovery::parse_resource(arn + "/export/" + job.resource.id, "export")) {
    job.resource = *parsed;
  }
  job.table_uuid = json::find_string(description, "TableId").value_or("");
  job.started = now;
  job.moment = now;
  job.prefix = table;
  return job;
}

Result<void> export_table(AwsClient& client, const std::string& table,
                          const std::filesystem::path& directory, const Clock& clock) {
  STATOR_TRY(const json::Object description, describe(client, table));
  DirectoryArtifacts artifacts(directory);
  const Export job = job_of(description, table, clock.wall());
  ExportFiles files(artifacts, job);
  STATOR_TRY_VOID(files.start());
  const std::string asked = "{\"TableName\":" + json::quote(table) + ",\"ConsistentRead\":true";
  for (std::string from;;) {
    STATOR_TRY(
        const std::string answer,
        call_dynamodb(client, "Scan",
                      asked + (from.empty() ? "}" : ",\"ExclusiveStartKey\":" + from + "}")));
    STATOR_TRY(auto page, dynamodb::recovery::read_scan_page(answer));
    for (const dynamodb::Item& item : page.items) {
      const std::string encoded = dynamodb::encode_item(item);
      STATOR_TRY_VOID(files.add(dynamodb::EncodedItem(encoded)));
    }
    from = std::move(page.last_key);
    if (from.empty()) break;
  }
  STATOR_TRY_VOID(files.finish(clock.wall()));
  STATOR_TRY_VOID(write_file_durably(directory / table / kTableFile,
                                     json::dump(creation_of(description)) + "\n"));
  std::cout << table << ": " << files.statistics().item_count << " items, "
            << files.statistics().size_bytes << " bytes" << std::endl;
  return {};
}

Result<void> run(const ExportOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(options.directory, error) &&
      !std::filesystem::is_empty(options.directory, error)) {
    return conflict(options.directory.string() + " is not empty: choose a new directory");
  }
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  std::vector<std::string> tables = options.tables;
  if (tables.empty()) {
    STATOR_TRY(tables, every_table(client));
  }
  for (const std::string& table : tables) {
    STATOR_TRY_VOID(export_table(client, table, options.directory, clock));
  }
  std::cout << "Into stator: stator import-data " << options.directory.string() << "\n"
            << "Into AWS:    aws s3 cp --recursive " << options.directory.string()
            << " s3://BUCKET/, then for each table\n"
            << "             aws dynamodb import-table --input-format DYNAMODB_JSON "
               "--input-compression-type GZIP \\\n"
            << "               --s3-bucket-source "
               "S3Bucket=BUCKET,S3KeyPrefix=TABLE/AWSDynamoDB/ID/data/ \\\n"
            << "               --table-creation-parameters file://TABLE/table.json" << std::endl;
  return {};
}

}  // namespace

int export_data(const ExportOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
