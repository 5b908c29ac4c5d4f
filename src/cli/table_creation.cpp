#include "cli/table_creation.hpp"

#include <initializer_list>

namespace stator::cli {
namespace {

void copy(const json::Object& from, json::Object& to,
          std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const json::Value* value = json::find(from, name)) to[name] = *value;
  }
}

bool is_on_demand(const json::Object& table) {
  const json::Value* billing = json::find(table, "BillingModeSummary");
  return billing != nullptr && billing->is_object() &&
         json::find_string(billing->get_object(), "BillingMode") == "PAY_PER_REQUEST";
}

void copy_throughput(const json::Object& from, json::Object& to) {
  const json::Value* given = json::find(from, "ProvisionedThroughput");
  if (given == nullptr || !given->is_object()) return;
  json::Object units;
  copy(given->get_object(), units, {"ReadCapacityUnits", "WriteCapacityUnits"});
  to["ProvisionedThroughput"] = std::move(units);
}

void copy_indexes(const json::Object& table, std::string_view name, bool has_throughput,
                  json::Object& to) {
  const json::Value* given = json::find(table, name);
  if (given == nullptr || !given->is_array()) return;
  json::Array indexes;
  for (const json::Value& index : given->get_array()) {
    if (!index.is_object()) continue;
    json::Object kept;
    copy(index.get_object(), kept, {"IndexName", "KeySchema", "Projection"});
    if (has_throughput) copy_throughput(index.get_object(), kept);
    indexes.push_back(std::move(kept));
  }
  to[name] = std::move(indexes);
}

}  // namespace

json::Object creation_of(const json::Object& table) {
  json::Object creation;
  copy(table, creation,
       {"TableName", "AttributeDefinitions", "KeySchema", "StreamSpecification",
        "DeletionProtectionEnabled"});
  const bool is_provisioned = !is_on_demand(table);
  creation["BillingMode"] = is_provisioned ? "PROVISIONED" : "PAY_PER_REQUEST";
  if (is_provisioned) copy_throughput(table, creation);
  copy_indexes(table, "GlobalSecondaryIndexes", is_provisioned, creation);
  copy_indexes(table, "LocalSecondaryIndexes", false, creation);
  return creation;
}

}  // namespace stator::cli
