#include "dynamodb/errors.hpp"
#include "dynamodb/new_table.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/policy_request.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kTablesMax = 2'500;

/// What DynamoDB offers at a table's making and stator does not.
constexpr std::string_view kUnsupported[] = {"VectorIndexes", "GlobalTableSettingsReplicationMode",
                                             "GlobalTableSourceArn"};

Result<json::Object> handle(Tables& tables, const TableRef& ref, const aws::Input& input) {
  STATOR_TRY(auto table, table_from_request(ref, input));
  for (const std::string_view name : kUnsupported) {
    if (input.has(name)) return not_supported(name);
  }
  STATOR_TRY(auto document, input.text("ResourcePolicy"));
  if (document) {
    STATOR_TRY(table.policy, read_policy(std::move(*document), tables.clock().wall()));
  }
  if (tables.names({ref.account, ref.region, ""}, kTablesMax).size() >= kTablesMax) {
    return limit_exceeded("Too many tables: an account has at most 2500 in a region");
  }
  STATOR_TRY(const auto created, tables.create(std::move(table)));
  return json::Object{{"TableDescription", describe(*created, "CREATING", {})}};
}

}  // namespace

aws::Operation create_table(Tables& tables) {
  return table_operation(
      tables, "CreateTable",
      {"TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput",
       "Tags", "TableClass", "DeletionProtectionEnabled", "StreamSpecification", "SSESpecification",
       "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "OnDemandThroughput", "ResourcePolicy",
       "WarmThroughput", "VectorIndexes", "GlobalTableSettingsReplicationMode",
       "GlobalTableSourceArn"},
      [&tables](const TableRef& ref, const aws::Input& input) {
        return handle(tables, ref, input);
      });
}

}  // namespace stator::dynamodb
