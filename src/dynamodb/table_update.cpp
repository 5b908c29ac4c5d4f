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

Result<IndexUpdate> read_action(const aws::Input& entry, std::string_view member,
                                const std::string& path, Constraints& constraints) {
  STATOR_TRY(const auto object, entry.object(member));
  const aws::Input action = entry.nested(*object);
  IndexUpdate update;
  if (member == "Create") {
    STATOR_TRY(update.index, read_index(action, true, path, constraints));
    return update;
  }
  update.kind = member == "Update" ? IndexUpdate::Kind::kUpdate : IndexUpdate::Kind::kDelete;
  if (member == "Update") {
    STATOR_TRY_VOID(action.allow_only(
        {"IndexName", "ProvisionedThroughput", "OnDemandThroughput", "WarmThroughput"}));
  } else {
    STATOR_TRY_VOID(action.allow_only({"IndexName"}));
  }
  STATOR_TRY(update.index.name, read_index_name(action, path + ".indexName", constraints));
  STATOR_TRY(update.index.throughput, read_throughput(action, path + ".", constraints));
  return update;
}

/// The list, and as errors what a single entry may not be: those come after all constraints.
struct IndexUpdates {
  std::vector<IndexUpdate> updates;
  std::optional<Error> fault;
};

Result<std::optional<IndexUpdates>> read_index_updates(const aws::Input& input,
                                                       Constraints& constraints) {
  STATOR_TRY(const auto array, input.array("GlobalSecondaryIndexUpdates"));
  if (array == nullptr) return std::optional<IndexUpdates>();
  IndexUpdates read;
  for (const json::Value& value : *array) {
    const auto* object = value.if_object();
    if (object == nullptr) return serialization("Unexpected field type");
    const aws::Input entry = input.nested(*object);
    STATOR_TRY_VOID(entry.allow_only({"Create", "Update", "Delete"}));
    const std::string path =
        "globalSecondaryIndexUpdates." + std::to_string(read.updates.size() + 1) + ".member.";
    std::size_t actions = 0;
    for (const std::string_view member : {"Update", "Create", "Delete"}) {
      if (!entry.has(member)) continue;
      STATOR_TRY(auto update, read_action(entry, member, path + member_path(member), constraints));
      read.updates.push_back(std::move(update));
      ++actions;
    }
    if (actions == 1 || read.fault) continue;
    read.fault = invalid_parameter(
        actions == 0 ? "One of GlobalSecondaryIndexUpdate.Update, "
                       "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must "
                       "not be null"
                     : "Only one global secondary index action is allowed per "
                       "GlobalSecondaryIndexUpdate object");
  }
  return std::optional(std::move(read));
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
  Constraints constraints;
  TableUpdate update;
  STATOR_TRY(update.definitions,
             read_schema_elements(input, "AttributeType", "attributeDefinitions", constraints));
  STATOR_TRY(update.billing_mode, input.text("BillingMode"));
  constraints.one_of(update.billing_mode, "billingMode", {"PROVISIONED", "PAY_PER_REQUEST"});
  STATOR_TRY(update.throughput, read_throughput(input, "", constraints));
  STATOR_TRY(auto indexes, read_index_updates(input, constraints));
  STATOR_TRY(update.stream, read_stream(input, constraints));
  STATOR_TRY(update.encryption, read_encryption(input, constraints));
  STATOR_TRY(update.table_class, input.text("TableClass"));
  constraints.one_of(update.table_class, "tableClass", {"STANDARD", "STANDARD_INFREQUENT_ACCESS"});
  STATOR_TRY(update.protection, input.boolean("DeletionProtectionEnabled"));
  STATOR_TRY_VOID(constraints.verdict());
  for (const std::string_view name : kUnsupported) {
    if (input.has(name)) return not_supported(name);
  }
  if (indexes) update.indexes = std::move(indexes->updates);
  if (indexes && indexes->fault) return *indexes->fault;
  STATOR_TRY_VOID(check_alone(update));
  STATOR_TRY_VOID(check_together(update));
  STATOR_TRY_VOID(check_values(update));
  return update;
}

}  // namespace stator::dynamodb
