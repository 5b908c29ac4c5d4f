#include "cloudformation/resources/dynamodb_table.hpp"

#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

namespace stator::cloudformation::resources {
namespace {

constexpr std::size_t kNameMax = 255;

/// CreateTable's members, under CloudFormation's names and with its forms.
json::Object create_input(const ResourceContext& context, const json::Object& properties,
                          const std::string& name) {
  json::Object input = picked(
      properties, {"KeySchema", "AttributeDefinitions", "BillingMode", "ProvisionedThroughput",
                   "OnDemandThroughput", "GlobalSecondaryIndexes", "LocalSecondaryIndexes",
                   "DeletionProtectionEnabled", "TableClass", "WarmThroughput"});
  if (const auto tags = tags_of(context, properties); !tags.empty()) input["Tags"] = tag_list(tags);
  input["TableName"] = name;
  if (const auto stream = stream_input(properties)) input["StreamSpecification"] = *stream;
  if (properties.contains("SSESpecification")) input["SSESpecification"] = sse_input(properties);
  return input;
}

}  // namespace

json::Object sse_input(const json::Object& properties) {
  return renamed(
      object_at(properties, "SSESpecification"),
      {{"SSEEnabled", "Enabled"}, {"SSEType", "SSEType"}, {"KMSMasterKeyId", "KMSMasterKeyId"}});
}

Result<void> create_table(ResourceContext& context, const json::Object& properties) {
  std::string name = text_of(properties, "TableName");
  if (name.empty()) name = context.generate_name(kNameMax);
  STATOR_TRY(const json::Object made,
             context.api.call(kDynamoDb, "CreateTable", create_input(context, properties, name)));
  const json::Value* table = json::find(made, "TableDescription");
  if (table == nullptr || !table->is_object()) {
    return internal("CreateTable gave no TableDescription");
  }
  const Existing created{name, table_attributes(table->get_object()), properties};
  STATOR_TRY_VOID(context.exists(created));
  STATOR_TRY_VOID(wait_until_active(context, name));
  STATOR_TRY_VOID(set_time_to_live(context, name, {}, properties));
  STATOR_TRY_VOID(set_recovery(context, name, {}, properties));
  return set_policies(context, table->get_object(), {}, properties);
}

Result<void> remove_table(ResourceContext& context, const Existing& table) {
  const std::string& name = table.physical_id;
  STATOR_TRY_VOID(gone(context.api.call(kDynamoDb, "DeleteTable", {{"TableName", name}})));
  return wait_until(context, [&]() -> Result<bool> {
    STATOR_TRY(const json::Object now, describe_table(context, name));
    return now.empty();
  });
}

Result<json::Object> describe_table(ResourceContext& context, const std::string& name) {
  const auto answer = context.api.call(kDynamoDb, "DescribeTable", {{"TableName", name}});
  if (!answer) {
    if (answer.error().code == ErrorCode::kNotFound) return json::Object();
    return answer.error();
  }
  const json::Value* table = json::find(*answer, "Table");
  if (table == nullptr || !table->is_object()) return internal("DescribeTable gave no Table");
  return table->get_object();
}

Result<void> wait_until_active(ResourceContext& context, const std::string& name) {
  return wait_until(context, [&]() -> Result<bool> {
    STATOR_TRY(const json::Object table, describe_table(context, name));
    if (text_of(table, "TableStatus") != "ACTIVE") return false;
    const json::Value* indexes = json::find(table, "GlobalSecondaryIndexes");
    if (indexes == nullptr || !indexes->is_array()) return true;
    for (const json::Value& index : indexes->get_array()) {
      if (index.is_object() && text_of(index.get_object(), "IndexStatus") != "ACTIVE") return false;
    }
    return true;
  });
}

json::Object table_attributes(const json::Object& description) {
  json::Object attributes{{"Arn", text_of(description, "TableArn")},
                          {"TableId", text_of(description, "TableId")}};
  const std::string stream = text_of(description, "LatestStreamArn");
  if (!stream.empty()) attributes["StreamArn"] = stream;
  return attributes;
}

std::optional<json::Object> stream_input(const json::Object& properties) {
  const json::Value* stream = json::find(properties, "StreamSpecification");
  if (stream == nullptr || !stream->is_object()) return std::nullopt;
  json::Object input = stream->get_object();
  input.erase("ResourcePolicy");
  input["StreamEnabled"] = true;
  return input;
}

ResourceType dynamodb_table() {
  return {.name = "AWS::DynamoDB::Table",
          .properties = {{"KeySchema", true, OnChange::kReplace},
                         {"AttributeDefinitions", false, OnChange::kInPlace},
                         {"TableName", false, OnChange::kReplace},
                         {"BillingMode", false, OnChange::kInPlace},
                         {"ProvisionedThroughput", false, OnChange::kInPlace},
                         {"OnDemandThroughput", false, OnChange::kInPlace},
                         {"WarmThroughput", false, OnChange::kInPlace},
                         {"GlobalSecondaryIndexes", false, OnChange::kInPlace},
                         {"LocalSecondaryIndexes", false, OnChange::kReplace},
                         {"DeletionProtectionEnabled", false, OnChange::kInPlace},
                         {"TableClass", false, OnChange::kInPlace},
                         {"StreamSpecification", false, OnChange::kInPlace},
                         {"SSESpecification", false, OnChange::kInPlace},
                         {"TimeToLiveSpecification", false, OnChange::kInPlace},
                         {"PointInTimeRecoverySpecification", false, OnChange::kInPlace},
                         {"ResourcePolicy", false, OnChange::kInPlace},
                         {"Tags", false, OnChange::kInPlace}},
          .attributes = {"Arn", "StreamArn"},
          .create = create_table,
          .remove = remove_table,
          .update = update_table,
          .read = read_table};
}

}  // namespace stator::cloudformation::resources
