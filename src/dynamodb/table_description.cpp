#include "dynamodb/table_description.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "dynamodb/table_settings.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::string_view kProjections[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
constexpr std::string_view kIndexStatuses[] = {"CREATING", "ACTIVE", "DELETING"};
constexpr std::string_view kViews[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"};

boost::json::string_view text(std::string_view view) {
  return {view.data(), view.size()};
}

/// Seconds since 1970 with milliseconds, as the json protocols carry times.
double epoch_seconds(WallTime time) {
  return static_cast<double>(epoch_ms(time)) / 1000.0;
}

void add_keys(const std::vector<KeyAttribute>& attributes, std::string_view type,
              json::Array& schema) {
  for (const KeyAttribute& attribute : attributes) {
    schema.push_back(json::Object{{"AttributeName", attribute.name}, {"KeyType", text(type)}});
  }
}

json::Array key_schema(const Table& table) {
  json::Array schema;
  add_keys({table.partition}, "HASH", schema);
  if (table.sort) add_keys({*table.sort}, "RANGE", schema);
  return schema;
}

json::Array attribute_definitions(const Table& table) {
  json::Array definitions;
  for (const KeyAttribute& attribute : table.attributes) {
    definitions.push_back(json::Object{{"AttributeName", attribute.name},
                                       {"AttributeType", text(to_string(attribute.type))}});
  }
  return definitions;
}

json::Object provisioned(const Throughput& units, const ThroughputDetails& details) {
  json::Object description{{"NumberOfDecreasesToday", details.decreases},
                           {"ReadCapacityUnits", units.read_units},
                           {"WriteCapacityUnits", units.write_units}};
  if (details.last_increase) {
    description["LastIncreaseDateTime"] = epoch_seconds(*details.last_increase);
  }
  if (details.last_decrease) {
    description["LastDecreaseDateTime"] = epoch_seconds(*details.last_decrease);
  }
  return description;
}

/// The members that a table and its global indexes share.
void add_throughput(bool is_on_demand, const Throughput& units, const ThroughputDetails& details,
                    json::Object& description) {
  description["ProvisionedThroughput"] = provisioned(units, details);
  const Throughput warm = warm_throughput(is_on_demand, units, details);
  description["WarmThroughput"] = json::Object{{"ReadUnitsPerSecond", warm.read_units},
                                               {"WriteUnitsPerSecond", warm.write_units},
                                               {"Status", "ACTIVE"}};
  const Throughput& limits = details.on_demand_max;
  if (limits == Throughput{}) return;
  json::Object on_demand;
  if (limits.read_units > 0) on_demand["MaxReadRequestUnits"] = limits.read_units;
  if (limits.write_units > 0) on_demand["MaxWriteRequestUnits"] = limits.write_units;
  description["OnDemandThroughput"] = std::move(on_demand);
}

json::Object describe_index(const Table& table, const Index& index, std::string_view status,
                            const Statistics& statistics) {
  json::Array schema;
  add_keys(index.partition, "HASH", schema);
  add_keys(index.sort, "RANGE", schema);
  json::Object projection{
      {"ProjectionType", text(kProjections[static_cast<std::size_t>(index.projection.type)])}};
  if (!index.projection.included.empty()) {
    projection["NonKeyAttributes"] =
        json::Array(index.projection.included.begin(), index.projection.included.end());
  }
  const auto counted = statistics.indexes.find(index.id);
  const Statistics sizes = counted == statistics.indexes.end() ? Statistics() : counted->second;
  json::Object description{{"IndexName", index.name},
                           {"KeySchema", std::move(schema)},
                           {"Projection", std::move(projection)},
                           {"IndexSizeBytes", sizes.size_bytes},
                           {"ItemCount", sizes.item_count},
                           {"IndexArn", table.arn() + "/index/" + index.name}};
  if (!index.is_global) return description;
  description["IndexStatus"] = text(status);
  add_throughput(table.is_on_demand, index.provisioned, index.throughput, description);
  return description;
}

void add_indexes(const Table& table, std::string_view table_status, const Statistics& statistics,
                 json::Object& description) {
  json::Array local;
  json::Array global;
  for (const Index& index : table.indexes) {
    const bool follows_table = table_status == "CREATING" || table_status == "DELETING";
    const std::string_view status =
        follows_table ? table_status : kIndexStatuses[static_cast<std::size_t>(index.status)];
    json::Object object = describe_index(table, index, status, statistics);
    // Only an index that joins a table that is there already is filled with what the table has.
    if (index.status == Index::Status::kCreating && !follows_table) {
      object["Backfilling"] = table_status == "ACTIVE";
    }
    (index.is_global ? global : local).push_back(std::move(object));
  }
  if (!local.empty()) description["LocalSecondaryIndexes"] = std::move(local);
  if (!global.empty()) description["GlobalSecondaryIndexes"] = std::move(global);
}

void add_stream(const Table& table, json::Object& description) {
  if (!table.stream) return;
  if (table.stream->is_enabled) {
    description["StreamSpecification"] = json::Object{
        {"StreamEnabled", true},
        {"StreamViewType", text(kViews[static_cast<std::size_t>(table.stream->view)])}};
  }
  description["LatestStreamLabel"] = table.stream->label;
  description["LatestStreamArn"] = table.arn() + "/stream/" + table.stream->label;
}

void add_settings(const Table& table, json::Object& description) {
  if (table.is_on_demand || table.on_demand_since) {
    description["BillingModeSummary"] =
        json::Object{{"BillingMode", table.is_on_demand ? "PAY_PER_REQUEST" : "PROVISIONED"},
                     {"LastUpdateToPayPerRequestDateTime",
                      epoch_seconds(table.on_demand_since.value_or(table.created))}};
  }
  if (!table.table_class.empty()) {
    json::Object summary{{"TableClass", table.table_class}};
    if (table.table_class_changed) {
      summary["LastUpdateDateTime"] = epoch_seconds(*table.table_class_changed);
    }
    description["TableClassSummary"] = std::move(summary);
  }
  if (table.has_managed_key) {
    description["SSEDescription"] =
        json::Object{{"Status", "ENABLED"},
                     {"SSEType", "KMS"},
                     {"KMSMasterKeyArn",
                      aws::make_arn("kms", table.region, table.account, "alias/aws/dynamodb")}};
  }
}

}  // namespace

std::string_view table_status(const Table& table) {
  if (table.status == Table::Status::kCreating) return "CREATING";
  const bool is_shrinking =
      std::any_of(table.indexes.begin(), table.indexes.end(),
                  [](const Index& index) { return index.status == Index::Status::kDeleting; });
  return is_shrinking ? "UPDATING" : "ACTIVE";
}

json::Object describe(const Table& table, std::string_view status, const Statistics& statistics) {
  json::Object description{{"TableName", table.name},
                           {"TableStatus", text(status)},
                           {"TableArn", table.arn()},
                           {"TableId", table.table_id},
                           {"CreationDateTime", epoch_seconds(table.created)},
                           {"AttributeDefinitions", attribute_definitions(table)},
                           {"KeySchema", key_schema(table)},
                           {"ItemCount", statistics.item_count},
                           {"TableSizeBytes", statistics.size_bytes},
                           {"DeletionProtectionEnabled", table.has_deletion_protection}};
  add_throughput(table.is_on_demand, table.provisioned, table.throughput, description);
  add_indexes(table, status, statistics, description);
  add_stream(table, description);
  add_settings(table, description);
  if (table.origin) {
    json::Object summary{{"SourceTableArn", table.origin->table_arn},
                         {"RestoreDateTime", epoch_seconds(table.origin->moment)},
                         {"RestoreInProgress", table.status == Table::Status::kCreating}};
    if (!table.origin->backup_arn.empty()) summary["SourceBackupArn"] = table.origin->backup_arn;
    description["RestoreSummary"] = std::move(summary);
  }
  return description;
}

}  // namespace stator::dynamodb
