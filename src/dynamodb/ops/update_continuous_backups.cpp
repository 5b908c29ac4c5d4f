#include "dynamodb/ops/operations.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::int64_t kPeriodDaysMax = 35;

Result<json::Object> handle(recovery::Recovery& recovery, const TableRef& ref,
                            const aws::Input& input) {
  STATOR_TRY(const auto object, input.object("PointInTimeRecoverySpecification"));
  const aws::Input specification = input.nested(*object);
  STATOR_TRY(const auto is_on, specification.boolean("PointInTimeRecoveryEnabled"));
  STATOR_TRY(const auto period_days, specification.integer("RecoveryPeriodInDays"));
  std::optional<std::int64_t> period;
  if (*is_on) period = period_days.value_or(kPeriodDaysMax);
  STATOR_TRY(const auto table, recovery.set_recovery(ref, period));
  STATOR_TRY(auto description, recovery.describe_recovery(*table));
  return json::Object{{"ContinuousBackupsDescription", std::move(description)}};
}

}  // namespace

aws::Operation update_continuous_backups(recovery::Recovery& recovery) {
  return table_operation(recovery.tables(), "UpdateContinuousBackups",
                         {"TableName", "PointInTimeRecoverySpecification"},
                         [&recovery](const TableRef& ref, const aws::Input& input) {
                           return handle(recovery, ref, input);
                         });
}

}  // namespace stator::dynamodb
