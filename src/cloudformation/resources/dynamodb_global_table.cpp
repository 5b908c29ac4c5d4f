#include <algorithm>

#include "cloudformation/resources/dynamodb_table.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// AWS::DynamoDB::GlobalTable with one replica, in the stack's own region: a table.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kOfReplica[] = {"DeletionProtectionEnabled",
                                           "PointInTimeRecoverySpecification", "ResourcePolicy",
                                           "TableClass", "Tags"};

Result<json::Object> only_replica(const ResourceContext& context, const json::Object& properties) {
  const json::Value* list = json::find(properties, "Replicas");
  if (list == nullptr || !list->is_array() || list->get_array().size() != 1 ||
      !list->get_array()[0].is_object()) {
    return unsupported("stator has one region at a time: Replicas must hold one replica");
  }
  const json::Object& replica = list->get_array()[0].get_object();
  if (text_of(replica, "Region") != context.region) {
    return unsupported("stator has no replicas in other regions: Replicas names " +
                       text_of(replica, "Region") + " in a stack of " + context.region);
  }
  for (const auto& member : replica) {
    const std::string_view name(member.key().data(), member.key().size());
    if (name != "Region" &&
        std::find(std::begin(kOfReplica), std::end(kOfReplica), name) == std::end(kOfReplica)) {
      return unsupported("stator does not support Replicas." + std::string(name));
    }
  }
  return replica;
}

/// The same table as AWS::DynamoDB::Table writes it.
Result<json::Object> as_table(const ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object replica, only_replica(context, properties));
  if (text_of(properties, "BillingMode") != "PAY_PER_REQUEST") {
    return unsupported(
        "stator has no scaling of provisioned units, which a provisioned global table takes: "
        "BillingMode must be PAY_PER_REQUEST");
  }
  json::Object table =
      picked(properties, {"TableName", "KeySchema", "AttributeDefinitions", "BillingMode",
                          "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "SSESpecification",
                          "StreamSpecification", "TimeToLiveSpecification", "WarmThroughput"});
  for (const std::string_view name : kOfReplica) {
    if (const json::Value* value = json::find(replica, name)) table[name] = *value;
  }
  return table;
}

/// The table's handlers under a context that writes the global table's properties down.
class Disguise {
 public:
  Disguise(const ResourceContext& context, const json::Object& properties) : context_(context) {
    context_.exists = [exists = context.exists, properties](const Existing& table) {
      return exists({table.physical_id, table.attributes, properties});
    };
  }
  ResourceContext& context() { return context_; }

 private:
  ResourceContext context_;
};

Result<Existing> existing_table(const ResourceContext& context, const Existing& global) {
  STATOR_TRY(json::Object table, as_table(context, global.properties));
  return Existing{global.physical_id, global.attributes, std::move(table)};
}

Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY(const json::Object table, as_table(context, properties));
  return create_table(Disguise(context, properties).context(), table);
}

Result<void> update(ResourceContext& context, const Existing& global,
                    const json::Object& properties) {
  STATOR_TRY(const json::Object wanted, as_table(context, properties));
  STATOR_TRY(const Existing table, existing_table(context, global));
  return update_table(Disguise(context, properties).context(), table, wanted);
}

/// Replicas come back with what the table says of them.
Result<json::Object> read(ResourceContext& context, const Existing& global) {
  STATOR_TRY(const Existing table, existing_table(context, global));
  STATOR_TRY(json::Object real, read_table(context, table));
  STATOR_TRY(json::Object replica, only_replica(context, global.properties));
  for (const std::string_view name : kOfReplica) {
    const json::Value* now = json::find(real, name);
    if (now == nullptr) continue;
    replica[name] = *now;
    real.erase(name);
  }
  real["Replicas"] = json::Array{std::move(replica)};
  return real;
}

}  // namespace

ResourceType dynamodb_global_table() {
  constexpr auto kInPlace = OnChange::kInPlace;
  constexpr auto kReplace = OnChange::kReplace;
  return {.name = "AWS::DynamoDB::GlobalTable",
          .properties = {{"KeySchema", true, kReplace},
                         {"AttributeDefinitions", true, kInPlace},
                         {"Replicas", true, kInPlace},
                         {"TableName", false, kReplace},
                         {"BillingMode", false, kInPlace},
                         {"GlobalSecondaryIndexes", false, kInPlace},
                         {"LocalSecondaryIndexes", false, kReplace},
                         {"StreamSpecification", false, kInPlace},
                         {"SSESpecification", false, kInPlace},
                         {"TimeToLiveSpecification", false, kInPlace},
                         {"WarmThroughput", false, kInPlace}},
          .attributes = {"Arn", "StreamArn", "TableId"},
          .create = create,
          .remove = remove_table,
          .update = update,
          .read = read};
}

}  // namespace stator::cloudformation::resources
