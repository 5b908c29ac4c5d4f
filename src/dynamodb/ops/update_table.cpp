#include "dynamodb/errors.hpp"
#include "dynamodb/index_work.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"
#include "dynamodb/table_update.hpp"

namespace stator::dynamodb {

namespace {

Result<json::Object> handle(Tables& tables, const TableRef& ref, const aws::Input& input) {
  STATOR_TRY(const auto update, read_table_update(input));
  if (!tables.find(ref)) return table_not_found(ref.name);
  STATOR_TRY(const auto table,
             tables.update(ref, [&](Table& changed) { return apply(update, tables, changed); }));
  STATOR_TRY(const auto statistics, tables.statistics(*table));
  // Described before the work begins, which may end at once.
  json::Object description =
      describe(*table, update.takes_time() ? "UPDATING" : "ACTIVE", statistics);
  if (update.creates_or_deletes_index()) post_index_work(tables, *table);
  return json::Object{{"TableDescription", std::move(description)}};
}

}  // namespace

aws::Operation update_table(Tables& tables) {
  return table_operation(
      tables, "UpdateTable",
      {"TableName", "AttributeDefinitions", "BillingMode", "ProvisionedThroughput",
       "GlobalSecondaryIndexUpdates", "StreamSpecification", "SSESpecification", "TableClass",
       "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput", "ReplicaUpdates",
       "MultiRegionConsistency", "GlobalTableWitnessUpdates", "GlobalTableSettingsReplicationMode",
       "VectorIndexUpdates"},
      [&tables](const TableRef& ref, const aws::Input& input) {
        return handle(tables, ref, input);
      });
}

}  // namespace stator::dynamodb
