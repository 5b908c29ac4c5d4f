#include "dynamodb/recovery/backup_record.hpp"

#include "base/check.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/table_record.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb::recovery {

namespace {

boost::json::string_view text(std::string_view view) {
  return {view.data(), view.size()};
}

std::string_view name_of(Backup::Status status) {
  return status == Backup::Status::kCreating ? "CREATING" : "AVAILABLE";
}

std::string_view name_of(Backup::Type type) {
  return type == Backup::Type::kUser ? "USER" : "SYSTEM";
}

json::Array key_schema(const std::vector<KeyAttribute>& partition,
                       const std::vector<KeyAttribute>& sort) {
  json::Array schema;
  for (const KeyAttribute& key : partition) {
    schema.push_back(json::Object{{"AttributeName", key.name}, {"KeyType", "HASH"}});
  }
  for (const KeyAttribute& key : sort) {
    schema.push_back(json::Object{{"AttributeName", key.name}, {"KeyType", "RANGE"}});
  }
  return schema;
}

json::Object throughput(const Throughput& units) {
  return {{"ReadCapacityUnits", units.read_units}, {"WriteCapacityUnits", units.write_units}};
}

json::Object describe_source(const Backup& backup) {
  const Table& table = backup.table;
  std::vector<KeyAttribute> sort;
  if (table.sort) sort.push_back(*table.sort);
  return {{"TableName", table.name},
          {"TableId", table.table_id},
          {"TableArn", table.arn()},
          {"TableSizeBytes", backup.statistics.size_bytes},
          {"KeySchema", key_schema({table.partition}, sort)},
          {"TableCreationDateTime", epoch_seconds(table.created)},
          {"ProvisionedThroughput", throughput(table.provisioned)},
          {"ItemCount", backup.statistics.item_count},
          {"BillingMode", table.is_on_demand ? "PAY_PER_REQUEST" : "PROVISIONED"}};
}

json::Object describe_features(const Table& table) {
  json::Object features;
  json::Array local;
  json::Array global;
  for (const Index& index : table.indexes) {
    (index.is_global ? global : local).push_back(describe_index(index));
  }
  if (!local.empty()) features["LocalSecondaryIndexes"] = std::move(local);
  if (!global.empty()) features["GlobalSecondaryIndexes"] = std::move(global);
  if (table.stream && table.stream->is_enabled) {
    constexpr std::string_view kViews[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                           "NEW_AND_OLD_IMAGES"};
    features["StreamDescription"] = json::Object{
        {"StreamEnabled", true},
        {"StreamViewType", text(kViews[static_cast<std::size_t>(table.stream->view)])}};
  }
  if (table.ttl) {
    features["TimeToLiveDescription"] =
        json::Object{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", table.ttl->attribute}};
  }
  return features;
}

}  // namespace

json::Object describe_index(const Index& index) {
  constexpr std::string_view kTypes[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
  json::Object projection{
      {"ProjectionType", text(kTypes[static_cast<std::size_t>(index.projection.type)])}};
  if (index.projection.type == IndexProjection::Type::kInclude) {
    json::Array names;
    for (const std::string& name : index.projection.included) names.push_back(text(name));
    projection["NonKeyAttributes"] = std::move(names);
  }
  json::Object description{{"IndexName", index.name},
                           {"KeySchema", key_schema(index.partition, index.sort)},
                           {"Projection", std::move(projection)}};
  if (index.is_global) description["ProvisionedThroughput"] = throughput(index.provisioned);
  return description;
}

std::string dump(const Backup& backup) {
  json::Object record{{"id", backup.id},
                      {"name", backup.name},
                      {"type", text(name_of(backup.type))},
                      {"status", text(name_of(backup.status))},
                      {"createdMs", epoch_ms(backup.created)},
                      {"items", static_cast<std::int64_t>(backup.items)},
                      {"itemCount", static_cast<std::int64_t>(backup.statistics.item_count)},
                      {"sizeBytes", static_cast<std::int64_t>(backup.statistics.size_bytes)},
                      {"table", to_record(backup.table)}};
  if (backup.expires) record["expiresMs"] = epoch_ms(*backup.expires);
  return json::dump(record);
}

Result<Backup> parse_backup(std::string_view record) {
  STATOR_TRY(const auto object, json::parse_object(record));
  const auto id = json::find_string(object, "id");
  const auto name = json::find_string(object, "name");
  const auto type = json::find_string(object, "type");
  const auto status = json::find_string(object, "status");
  const auto created = json::find_int(object, "createdMs");
  const auto items = json::find_int(object, "items");
  const auto item_count = json::find_int(object, "itemCount");
  const auto size_bytes = json::find_int(object, "sizeBytes");
  const json::Value* table = json::find(object, "table");
  const auto* table_record = table ? table->if_object() : nullptr;
  if (!id || !name || !type || !status || !created || !items || !item_count || !size_bytes ||
      table_record == nullptr) {
    return internal("a DynamoDB backup's record lacks a member");
  }
  Backup backup;
  backup.id = *id;
  backup.name = *name;
  backup.type = *type == "SYSTEM" ? Backup::Type::kSystem : Backup::Type::kUser;
  backup.status = *status == "AVAILABLE" ? Backup::Status::kAvailable : Backup::Status::kCreating;
  backup.created = from_epoch_ms(*created);
  if (const auto expires = json::find_int(object, "expiresMs")) {
    backup.expires = from_epoch_ms(*expires);
  }
  backup.items = static_cast<TableId>(*items);
  backup.statistics = {static_cast<std::uint64_t>(*item_count),
                       static_cast<std::uint64_t>(*size_bytes)};
  STATOR_TRY(backup.table, from_record(*table_record));
  return backup;
}

json::Object describe_details(const Backup& backup) {
  json::Object details{{"BackupArn", backup.resource().arn()},
                       {"BackupName", backup.name},
                       {"BackupSizeBytes", backup.statistics.size_bytes},
                       {"BackupStatus", text(name_of(backup.status))},
                       {"BackupType", text(name_of(backup.type))},
                       {"BackupCreationDateTime", epoch_seconds(backup.created)}};
  if (backup.expires) details["BackupExpiryDateTime"] = epoch_seconds(*backup.expires);
  return details;
}

json::Object describe(const Backup& backup) {
  return {{"BackupDetails", describe_details(backup)},
          {"SourceTableDetails", describe_source(backup)},
          {"SourceTableFeatureDetails", describe_features(backup.table)}};
}

std::set<std::string> backup_prefixes(const storage::Store& store) {
  std::set<std::string> prefixes;
  const auto read = for_each_record(
      store, {}, "backup", [&](const Resource& resource, std::string_view record) -> Result<void> {
        const auto backup = parse_backup(record);
        if (!backup) return internal(resource.arn() + ": " + backup.error().message);
        prefixes.insert(table_prefix(backup->items));
        return {};
      });
  if (!read) throw ConfigError("cannot read the backups: " + read.error().message);
  return prefixes;
}

}  // namespace stator::dynamodb::recovery
