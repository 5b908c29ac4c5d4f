#include "dynamodb/table_description.hpp"

namespace stator::dynamodb {

namespace {

json::Array key_schema(const Table& table) {
  json::Array schema;
  schema.push_back(json::Object{{"AttributeName", table.partition.name}, {"KeyType", "HASH"}});
  if (table.sort) {
    schema.push_back(json::Object{{"AttributeName", table.sort->name}, {"KeyType", "RANGE"}});
  }
  return schema;
}

json::Object to_json(const KeyAttribute& attribute) {
  const std::string_view type = to_string(attribute.type);
  return {{"AttributeName", attribute.name},
          {"AttributeType", boost::json::string_view(type.data(), type.size())}};
}

json::Array attribute_definitions(const Table& table) {
  json::Array definitions;
  for (const KeyAttribute& attribute : table.attributes) definitions.push_back(to_json(attribute));
  return definitions;
}

/// Seconds since 1970 with milliseconds, as the json protocols carry times.
double epoch_seconds(WallTime time) {
  return static_cast<double>(epoch_ms(time)) / 1000.0;
}

}  // namespace

json::Object describe(const Table& table, std::string_view status, const Statistics& statistics) {
  json::Object throughput{{"NumberOfDecreasesToday", 0},
                          {"ReadCapacityUnits", table.provisioned.read_units},
                          {"WriteCapacityUnits", table.provisioned.write_units}};
  json::Object description{{"TableName", table.name},
                           {"TableStatus", boost::json::string_view(status.data(), status.size())},
                           {"TableArn", table.arn()},
                           {"TableId", table.table_id},
                           {"CreationDateTime", epoch_seconds(table.created)},
                           {"AttributeDefinitions", attribute_definitions(table)},
                           {"KeySchema", key_schema(table)},
                           {"ProvisionedThroughput", std::move(throughput)},
                           {"ItemCount", statistics.item_count},
                           {"TableSizeBytes", statistics.size_bytes},
                           {"DeletionProtectionEnabled", table.has_deletion_protection}};
  if (table.is_on_demand) {
    description["BillingModeSummary"] =
        json::Object{{"BillingMode", "PAY_PER_REQUEST"},
                     {"LastUpdateToPayPerRequestDateTime", epoch_seconds(table.created)}};
  }
  if (!table.table_class.empty()) {
    description["TableClassSummary"] = json::Object{{"TableClass", table.table_class}};
  }
  return description;
}

}  // namespace stator::dynamodb
