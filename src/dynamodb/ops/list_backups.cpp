#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

using recovery::Backup;

constexpr std::size_t kLimitMax = 100;

struct Filter {
  TableRef table;  ///< name "": of all tables
  std::string type = "ALL";
  std::optional<WallTime> from;
  std::optional<WallTime> until;  ///< not part of the range
  std::string after;              ///< the record key of the last backup of the page before
  std::size_t limit = kLimitMax;

  [[nodiscard]] bool passes(const Backup& backup) const {
    const std::string_view own = backup.type == Backup::Type::kUser ? "USER" : "SYSTEM";
    if (type != "ALL" && type != own) return false;
    if (from && backup.created < *from) return false;
    if (until && backup.created >= *until) return false;
    return after.empty() || backup.resource().record_key() > after;
  }
};

Result<Filter> read_filter(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.text("TableName"));
  STATOR_TRY(const auto limit, input.integer("Limit"));
  STATOR_TRY(const auto type, input.text("BackupType"));
  STATOR_TRY(const auto start, input.text("ExclusiveStartBackupArn"));
  Filter filter;
  STATOR_TRY(filter.from, recovery::read_time(input, "TimeRangeLowerBound"));
  STATOR_TRY(filter.until, recovery::read_time(input, "TimeRangeUpperBound"));
  filter.table = TableRef::of(call, name.value_or(""));
  filter.type = type.value_or("ALL");
  filter.limit = limit ? static_cast<std::size_t>(*limit) : kLimitMax;
  if (start) {
    const auto resource = recovery::parse_resource(*start, "backup");
    if (!resource) return validation("Invalid ExclusiveStartBackupArn: " + *start);
    filter.after = resource->record_key();
  }
  return filter;
}

json::Object summarize(const Backup& backup) {
  json::Object summary = recovery::describe_details(backup);
  summary["TableName"] = backup.table.name;
  summary["TableId"] = backup.table.table_id;
  summary["TableArn"] = backup.table.arn();
  return summary;
}

Result<json::Object> handle(recovery::Recovery& recovery, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY(const auto filter, read_filter(call, input));
  STATOR_TRY(const auto all, recovery.backups(filter.table));
  json::Array summaries;
  json::Object answer;
  for (const Backup& backup : all) {
    if (!filter.passes(backup)) continue;
    if (summaries.size() == filter.limit) {
      answer["LastEvaluatedBackupArn"] = summaries.back().as_object()["BackupArn"];
      break;
    }
    summaries.push_back(summarize(backup));
  }
  answer["BackupSummaries"] = std::move(summaries);
  return answer;
}

}  // namespace

aws::Operation list_backups(recovery::Recovery& recovery) {
  return modelled_operation(
      "ListBackups",
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"dynamodb:ListBackups", "*"}};
      },
      [&recovery](aws::Call& call, const aws::Input& input) {
        return handle(recovery, call, input);
      });
}

}  // namespace stator::dynamodb
