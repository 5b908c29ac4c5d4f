#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/data_files.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/recovery/wire_pages.hpp"

namespace stator::cli {
namespace {

/// DynamoDB's bounds of a batch.
constexpr std::size_t kBatchItemsMax = 25, kBatchBytesMax = 12u << 20;
/// How often a batch is sent that a table does not take whole, at growing intervals: a minute in
/// all.
constexpr int kAttemptsMax = 12;
constexpr std::chrono::milliseconds kFirstPause{20}, kPauseMax{10'000};
constexpr std::chrono::seconds kTableWaitMax{120};

/// Puts items into a table, 25 at a time.
class Writer {
 public:
  Writer(AwsClient& client, std::string table) : client_(client), table_(std::move(table)) {}

  Result<void> add(dynamodb::Item item) {
    const std::size_t bytes = dynamodb::encode_item(item).size();
    if (batch_.size() == kBatchItemsMax || bytes_ + bytes > kBatchBytesMax) {
      STATOR_TRY_VOID(send());
    }
    bytes_ += bytes;
    batch_.push_back(std::move(item));
    return {};
  }

  Result<void> send() {
    if (batch_.empty()) return {};
    std::string body = dynamodb::recovery::put_batch(table_, batch_);
    std::chrono::milliseconds pause = kFirstPause;
    for (int attempt = 0; !body.empty(); ++attempt) {
      if (attempt == kAttemptsMax) {
        return Error{ErrorCode::kThrottled, "table " + table_ +
                                                " takes no more items: raise its "
                                                "capacity and import again"};
      }
      if (attempt > 0) {
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, kPauseMax);
      }
      STATOR_TRY(const std::string answer, call_dynamodb(client_, "BatchWriteItem", body));
      STATOR_TRY(body, dynamodb::recovery::next_batch(answer));
    }
    written_ += batch_.size();
    batch_.clear();
    bytes_ = 0;
    return {};
  }

  [[nodiscard]] std::size_t written() const { return written_; }

 private:
  AwsClient& client_;
  std::string table_;
  std::vector<dynamodb::Item> batch_;
  std::size_t bytes_ = 0;
  std::size_t written_ = 0;
};

/// "ACTIVE" and the like; "" when there is no such table.
Result<std::string> status_of(AwsClient& client, const std::string& table) {
  const auto answer =
      call_dynamodb(client, "DescribeTable", json::dump(json::Object{{"TableName", table}}));
  if (!answer && answer.error().aws_type == "ResourceNotFoundException") return std::string();
  if (!answer) return answer.error();
  STATOR_TRY(const json::Object described, json::parse_object(*answer));
  const json::Value* description = json::find(described, "Table");
  if (description == nullptr || !description->is_object()) {
    return internal("DescribeTable answered no Table");
  }
  return json::find_string(description->get_object(), "TableStatus").value_or("");
}

Result<void> wait_until_active(AwsClient& client, const std::string& table) {
  const auto end = std::chrono::steady_clock::now() + kTableWaitMax;
  std::chrono::milliseconds pause = kFirstPause;
  for (;;) {
    STATOR_TRY(const std::string status, status_of(client, table));
    if (status == "ACTIVE") return {};
    if (std::chrono::steady_clock::now() > end) {
      return Error{ErrorCode::kTimeout, "table " + table + " is " + status + " for too long"};
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kPauseMax);
  }
}

Result<void> open_table(AwsClient& client, const ExportedTable& exported, const std::string& table,
                        bool is_merged) {
  STATOR_TRY(const std::string status, status_of(client, table));
  if (!status.empty()) {
    if (is_merged) return wait_until_active(client, table);
    return conflict("table " + table +
                    " is there already: --merge puts the items into it, over "
                    "those of the same keys");
  }
  if (exported.creation.empty()) {
    return not_found("there is no table " + table + ", and " + exported.files.string() +
                     " does not tell how to make it: create it first, then import with --merge");
  }
  STATOR_TRY(const std::string text, read_file(exported.creation));
  STATOR_TRY(json::Object creation, json::parse_object(text));
  creation["TableName"] = table;
  STATOR_TRY_VOID(call_dynamodb(client, "CreateTable", json::dump(creation)));
  return wait_until_active(client, table);
}

Result<void> import_table(AwsClient& client, const ExportedTable& exported,
                          const std::string& table, bool is_merged) {
  STATOR_TRY_VOID(open_table(client, exported, table, is_merged));
  Writer writer(client, table);
  STATOR_TRY_VOID(
      each_item(exported.files, [&](dynamodb::Item item) { return writer.add(std::move(item)); }));
  STATOR_TRY_VOID(writer.send());
  std::cout << table << ": " << writer.written() << " items" << std::endl;
  return {};
}

Result<void> run(const ImportOptions& options) {
  STATOR_TRY(auto exports, find_exports(options.directory));
  const bool is_nameless = exports.front().name.empty();
  if (is_nameless && (options.table.empty() || exports.size() > 1)) {
    return invalid(options.directory.string() +
                   " is an export of AWS, which does not tell its table: name one export and its "
                   "--table");
  }
  if (!is_nameless && !options.table.empty()) {
    std::erase_if(exports, [&](const ExportedTable& table) { return table.name != options.table; });
    if (exports.empty()) {
      return not_found(options.directory.string() + " holds no table " + options.table);
    }
  }
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  for (const ExportedTable& exported : exports) {
    const std::string& table = exported.name.empty() ? options.table : exported.name;
    STATOR_TRY_VOID(import_table(client, exported, table, options.is_merged));
  }
  return {};
}

}  // namespace

int import_data(const ImportOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
