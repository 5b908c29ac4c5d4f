#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/restore_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

/// The source, by name or by ARN.
Result<TableRef> read_source(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.text("SourceTableName"));
  STATOR_TRY(const auto arn, input.text("SourceTableArn"));
  if (!name && !arn) {
    return validation("One of SourceTableName and SourceTableArn must be specified");
  }
  TableRef source = TableRef::of(call, name ? *name : *arn);
  if (name && arn && TableRef::of(call, *arn).arn() != source.arn()) {
    return validation("SourceTableName and SourceTableArn name different tables");
  }
  return source;
}

/// Nothing for the latest time.
Result<std::optional<WallTime>> read_moment(const aws::Input& input) {
  STATOR_TRY(const auto moment, recovery::read_time(input, "RestoreDateTime"));
  STATOR_TRY(const auto is_latest, input.boolean("UseLatestRestorableTime"));
  if (moment.has_value() == is_latest.value_or(false)) {
    return validation(
        "Exactly one of RestoreDateTime and UseLatestRestorableTime must be specified");
  }
  return moment;
}

Result<json::Object> handle(recovery::Recovery& recovery, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY(const auto request, recovery::RestoreRequest::read(input));
  STATOR_TRY(const auto moment, read_moment(input));
  STATOR_TRY(const auto ref, read_source(call, input));
  const auto source = recovery.tables().find(ref);
  if (!source) return recovery::table_not_found_for_backup(ref.name);
  STATOR_TRY(auto target, request.target(*source, TableRef::of(call, request.target_name())));
  STATOR_TRY(const auto table, recovery.restore(ref, moment, std::move(target)));
  return json::Object{{"TableDescription", describe(*table, "CREATING", {})}};
}

}  // namespace

aws::Operation restore_table_to_point_in_time(recovery::Recovery& recovery) {
  return modelled_operation(
      "RestoreTableToPointInTime",
      [](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto target, recovery::read_target(call, input));
        STATOR_TRY(const auto source, read_source(call, input));
        return recovery::restore_needs("RestoreTableToPointInTime", source.arn(), target);
      },
      [&recovery](aws::Call& call, const aws::Input& input) {
        return handle(recovery, call, input);
      });
}

}  // namespace stator::dynamodb
