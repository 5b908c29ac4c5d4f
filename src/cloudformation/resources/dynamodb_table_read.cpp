#include "cloudformation/resources/dynamodb_table.hpp"
#include "cloudformation/resources/shared.hpp"

namespace stator::cloudformation::resources {
namespace {

/// Indexes of a description in the template's shape. A table on demand has units of zero there,
/// which no template has.
json::Array shown_indexes(const json::Object& description, std::string_view member,
                          bool is_on_demand) {
  json::Array shown;
  const json::Value* list = json::find(description, member);
  if (list == nullptr || !list->is_array()) return shown;
  for (const json::Value& index : list->get_array()) {
    if (!index.is_object()) continue;
    json::Object one =
        picked(index.get_object(), {"IndexName", "KeySchema", "Projection", "ProvisionedThroughput",
                                    "OnDemandThroughput", "WarmThroughput"});
    if (is_on_demand) one.erase("ProvisionedThroughput");
    shown.push_back(std::move(one));
  }
  return shown;
}

Result<json::Value> read_expiry(ResourceContext& context, const json::Object& table) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kDynamoDb, "DescribeTimeToLive", picked(table, {"TableName"})));
  const json::Object& now = object_at(answer, "TimeToLiveDescription");
  const std::string status = text_of(now, "TimeToLiveStatus");
  json::Object shown = picked(now, {"AttributeName"});
  shown["Enabled"] = status == "ENABLED" || status == "ENABLING";
  return json::Value(std::move(shown));
}

Result<json::Value> read_recovery(ResourceContext& context, const json::Object& table) {
  STATOR_TRY(const json::Object answer, context.api.call(kDynamoDb, "DescribeContinuousBackups",
                                                         picked(table, {"TableName"})));
  const json::Object& backups = object_at(answer, "ContinuousBackupsDescription");
  const json::Object& now = object_at(backups, "PointInTimeRecoveryDescription");
  json::Object shown = picked(now, {"RecoveryPeriodInDays"});
  shown["PointInTimeRecoveryEnabled"] = text_of(now, "PointInTimeRecoveryStatus") == "ENABLED";
  return json::Value(std::move(shown));
}

Result<json::Value> read_policy(ResourceContext& context, const std::string& arn) {
  const auto answer = context.api.call(kDynamoDb, "GetResourcePolicy", {{"ResourceArn", arn}});
  if (!answer && answer.error().code == ErrorCode::kNotFound) return json::Value();
  if (!answer) return answer.error();
  auto document = json::parse(text_of(*answer, "Policy"));
  if (!document) return document.error();
  return json::Value(json::Object{{"PolicyDocument", std::move(*document)}});
}

Result<json::Object> read_tags(ResourceContext& context, const std::string& arn) {
  json::Object tags;
  std::string token;
  do {
    json::Object input{{"ResourceArn", arn}};
    if (!token.empty()) input["NextToken"] = token;
    STATOR_TRY(const json::Object page,
               context.api.call(kDynamoDb, "ListTagsOfResource", std::move(input)));
    merge(tags, tags_by_key(json::find(page, "Tags")));
    token = text_of(page, "NextToken");
  } while (!token.empty());
  return tags;
}

}  // namespace

Result<json::Object> read_table(ResourceContext& context, const Existing& table) {
  STATOR_TRY(const json::Object now, describe_table(context, table.physical_id));
  if (now.empty()) return not_found("Requested resource not found: " + table.physical_id);
  const std::string arn = text_of(now, "TableArn");
  json::Object real =
      picked(now, {"TableName", "KeySchema", "AttributeDefinitions", "ProvisionedThroughput",
                   "OnDemandThroughput", "WarmThroughput"});
  const bool is_on_demand =
      text_of(object_at(now, "BillingModeSummary"), "BillingMode") == "PAY_PER_REQUEST";
  real["BillingMode"] = is_on_demand ? "PAY_PER_REQUEST" : "PROVISIONED";
  real["GlobalSecondaryIndexes"] = shown_indexes(now, "GlobalSecondaryIndexes", is_on_demand);
  real["LocalSecondaryIndexes"] = shown_indexes(now, "LocalSecondaryIndexes", is_on_demand);
  real["DeletionProtectionEnabled"] =
      json::find_bool(now, "DeletionProtectionEnabled").value_or(false);
  real["TableClass"] = "STANDARD";
  merge(real, picked(object_at(now, "TableClassSummary"), {"TableClass"}));
  if (now.contains("StreamSpecification")) {
    real["StreamSpecification"] = picked(object_at(now, "StreamSpecification"), {"StreamViewType"});
    STATOR_TRY(json::Value policy, read_policy(context, text_of(now, "LatestStreamArn")));
    if (!policy.is_null()) real["StreamSpecification"].get_object()["ResourcePolicy"] = policy;
  }
  real["SSESpecification"] = json::Object{{"SSEEnabled", now.contains("SSEDescription")}};
  merge(real["SSESpecification"].get_object(),
        picked(object_at(now, "SSEDescription"), {"SSEType"}));
  STATOR_TRY(real["TimeToLiveSpecification"], read_expiry(context, now));
  STATOR_TRY(real["PointInTimeRecoverySpecification"], read_recovery(context, now));
  STATOR_TRY(real["ResourcePolicy"], read_policy(context, arn));
  STATOR_TRY(const json::Object tags, read_tags(context, arn));
  real["Tags"] = real_tags(context, table.properties, tags);
  return compared(
      table.properties, real,
      {"TableName", "KeySchema", "AttributeDefinitions", "BillingMode", "ProvisionedThroughput",
       "OnDemandThroughput", "GlobalSecondaryIndexes", "LocalSecondaryIndexes",
       "DeletionProtectionEnabled", "TableClass", "StreamSpecification", "SSESpecification",
       "TimeToLiveSpecification", "PointInTimeRecoverySpecification", "ResourcePolicy", "Tags"});
}

}  // namespace stator::cloudformation::resources
