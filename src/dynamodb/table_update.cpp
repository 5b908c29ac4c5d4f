#include "dynamodb/table_update.hpp"

#include <algorithm>
#include <set>

#include "dynamodb/errors.hpp"
#include "dynamodb/table_settings.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::string_view kNothingToDo =
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
    "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
    "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, "
    "WarmThroughput or TableClass is required";

/// What DynamoDB changes of tables and stator does not.
constexpr std::string_view kUnsupported[] = {
    "ReplicaUpdates", "MultiRegionConsistency", "GlobalTableWitnessUpdates",
    "GlobalTableSettingsReplicationMode", "VectorIndexUpdates"};

/// The actions of one entry, of which there should be one.
Result<std::vector<IndexUpdate>> read_actions(const aws::Input& entry) {
  using Kind = IndexUpdate::Kind;
  constexpr std::pair<std::string_view, Kind> kMembers[] = {
      {"Update", Kind::kUpdate}, {"Create", Kind::kCreate}, {"Delete", Kind::kDelete}};
  std::vector<IndexUpdate> updates;
  for (const auto& [member, kind] : kMembers) {
    STATOR_TRY(const auto object, entry.object(member));
    if (object == nullptr) continue;
    STATOR_TRY(auto index, read_index(entry.nested(*object)));
    updates.push_back({kind, std::move(index)});
  }
  return updates;
}

Result<std::optional<std::vector<IndexUpdate>>> read_index_updates(const aws::Input& input) {
  STATOR_TRY(const auto array, input.array("GlobalSecondaryIndexUpdates"));
  if (array == nullptr) return std::optional<std::vector<IndexUpdate>>();
  std::vector<IndexUpdate> all;
  for (const json::Value& value : *array) {
    STATOR_TRY(auto updates, read_actions(input.nested(value.as_object())));
    if (updates.empty()) {
      return invalid_parameter(
          "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
          "GlobalSecondaryIndexUpdate.Delete must not be null");
    }
    if (updates.size() > 1) {
      return invalid_parameter(
          "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate "
          "object");
    }
    all.push_back(std::move(updates.front()));
  }
  return std::optional(std::move(all));
}

Result<void> check_alone(const TableUpdate& update) {
  const auto& units = update.throughput;
  const int changes = int{units.provisioned.has_value() || update.billing_mode.has_value()} +
                      int{units.on_demand.has_value()} + int{units.warm.has_value()} +
                      int{update.stream.has_value()} + int{update.encryption.has_value()} +
                      int{update.table_class.has_value()} + int{update.protection.has_value()} +
                      int{update.indexes.has_value()};
  if (changes == 0 || (changes == 1 && update.indexes && update.indexes->empty())) {
    return validation(std::string(kNothingToDo));
  }
  if (update.indexes && update.indexes->empty()) {
    return invalid_parameter("List of GlobalSecondaryIndexUpdates is empty");
  }
  if (changes == 1) return {};
  const std::string only = " must be the only operation in the request";
  if (update.encryption) return invalid_parameter("Server-Side Encryption modification" + only);
  if (update.table_class) return invalid_parameter("TableClass modification" + only);
  if (update.protection) return invalid_parameter("DeletionProtection modification" + only);
  if (units.warm && update.creates_or_deletes_index()) {
    return invalid_parameter(
        "Create global secondary index cannot be specified when updating WarmThroughput");
  }
  if (units.warm) return invalid_parameter("WarmThroughput" + only);
  if (units.on_demand && (changes > 2 || !update.billing_mode)) {
    return invalid_parameter(
        "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
  }
  return {};
}

Result<void> check_together(const TableUpdate& update) {
  const bool changes_units = update.throughput.provisioned || update.billing_mode == "PROVISIONED";
  if (update.stream && changes_units) {
    return invalid_parameter("You cannot modify stream status while updating table IOPS");
  }
  if (!update.creates_or_deletes_index()) return {};
  if (changes_units) {
    return invalid_parameter("You cannot create or delete index while updating table IOPS");
  }
  if (update.stream) {
    return invalid_parameter("You cannot create or delete index while changing stream status");
  }
  return {};
}

Result<void> check_values(const TableUpdate& update) {
  if (update.billing_mode == "PROVISIONED" && !update.throughput.provisioned) {
    return invalid_parameter(
        "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  if (update.throughput.provisioned) {
    STATOR_TRY_VOID(check_bounds(*update.throughput.provisioned));
  }
  if (update.stream && update.stream->is_enabled && !update.stream->view) {
    return invalid_parameter("If stream is being enabled then UpdateViewType is required");
  }
  if (update.stream && !update.stream->is_enabled && update.stream->view) {
    return invalid_parameter(
        "If stream is being disabled, then UpdateViewType must not be specified");
  }
  std::set<std::string> names;
  for (const IndexUpdate& index : update.indexes.value_or(std::vector<IndexUpdate>())) {
    if (!names.insert(index.index.name).second) {
      return invalid_parameter(
          "Only one global secondary index update per index is allowed simultaneously. Index: " +
          index.index.name);
    }
    if (index.index.throughput.provisioned) {
      STATOR_TRY_VOID(check_bounds(*index.index.throughput.provisioned));
    }
  }
  return {};
}

}  // namespace

bool TableUpdate::creates_or_deletes_index() const {
  return indexes && std::any_of(indexes->begin(), indexes->end(), [](const IndexUpdate& index) {
           return index.kind != IndexUpdate::Kind::kUpdate;
         });
}

bool TableUpdate::takes_time() const {
  return throughput.provisioned || billing_mode || stream || table_class ||
         creates_or_deletes_index();
}

Result<TableUpdate> read_table_update(const aws::Input& input) {
  for (const std::string_view name : kUnsupported) {
    if (input.has(name)) return not_supported(name);
  }
  TableUpdate update;
  STATOR_TRY(update.definitions, read_schema_elements(input, "AttributeType"));
  STATOR_TRY(update.billing_mode, input.text("BillingMode"));
  STATOR_TRY(update.throughput, read_throughput(input));
  STATOR_TRY(update.stream, read_stream(input));
  STATOR_TRY(update.encryption, read_encryption(input));
  STATOR_TRY(update.table_class, input.text("TableClass"));
  STATOR_TRY(update.protection, input.boolean("DeletionProtectionEnabled"));
  STATOR_TRY(update.indexes, read_index_updates(input));
  STATOR_TRY_VOID(check_alone(update));
  STATOR_TRY_VOID(check_together(update));
  STATOR_TRY_VOID(check_values(update));
  return update;
}

}  // namespace stator::dynamodb
