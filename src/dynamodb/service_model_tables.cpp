#include "dynamodb/service_model.hpp"

/// The control plane of tables. Members stand in the order in which AWS reports what is wrong with
/// them; rules for members that stator refuses only say that AWS has them.
namespace stator::dynamodb::model {

namespace {

/// Table operations report a name's length before its characters.
constexpr Rule kTableName = [] {
  Rule rule = table_name();
  rule.is_length_first = true;
  return rule;
}();

constexpr std::string_view kViewTypeNames[] = {"OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES",
                                               "NEW_IMAGE"};
constexpr Rule kStreamMembers[] = {required(boolean("StreamEnabled")),
                                   one_of("StreamViewType", kViewTypeNames)};
constexpr Rule kStreamSpecification =
    structure("StreamSpecification", kStreamMembers, "StreamSpecification");
constexpr std::string_view kTableClassNames[] = {"STANDARD", "STANDARD_INFREQUENT_ACCESS"};
constexpr Rule kTableClass = one_of("TableClass", kTableClassNames);
constexpr Rule kBillingMode = one_of("BillingMode", kBillingModeNames);

/// What is wrong with a tag has words of its own in AWS.
constexpr Rule kTagMembers[] = {text("Key"), text("Value")};
constexpr Rule kTag[] = {structure("", kTagMembers, "Tag")};
constexpr Rule kTagKey[] = {text("")};

constexpr Rule kCreateTable[] = {
    required(list("AttributeDefinitions", kAttributeDefinition)),
    kTableName,
    kBillingMode,
    provisioned_throughput(),
    required(list("KeySchema", kKeySchemaElement, 1, 2)),
    list("LocalSecondaryIndexes", kLocalIndex),
    list("GlobalSecondaryIndexes", kGlobalIndex),
    kStreamSpecification,
    sse_specification(),
    list("Tags", kTag),
    kTableClass,
    boolean("DeletionProtectionEnabled"),
    kWarmThroughput,
    text("ResourcePolicy"),
    on_demand_throughput(),
    text("GlobalTableSourceArn"),
    text("GlobalTableSettingsReplicationMode"),
    values("VectorIndexes"),
};

constexpr Rule kIndexUpdateMembers[] = {required(resource_name("IndexName")),
                                        provisioned_throughput(), on_demand_throughput(),
                                        kWarmThroughput};
constexpr Rule kIndexDeleteMembers[] = {required(resource_name("IndexName"))};
constexpr Rule kIndexChangeMembers[] = {
    structure("Update", kIndexUpdateMembers, "UpdateGlobalSecondaryIndexAction"),
    structure("Create", kGlobalIndexMembers, "CreateGlobalSecondaryIndexAction"),
    structure("Delete", kIndexDeleteMembers, "DeleteGlobalSecondaryIndexAction")};
constexpr Rule kIndexChange[] = {structure("", kIndexChangeMembers, "GlobalSecondaryIndexUpdate")};

constexpr Rule kUpdateTable[] = {
    list("AttributeDefinitions", kAttributeDefinition),
    kTableName,
    kBillingMode,
    provisioned_throughput(),
    list("GlobalSecondaryIndexUpdates", kIndexChange),
    kStreamSpecification,
    sse_specification(),
    values("ReplicaUpdates"),
    kTableClass,
    boolean("DeletionProtectionEnabled"),
    text("MultiRegionConsistency"),
    values("GlobalTableWitnessUpdates"),
    on_demand_throughput(),
    kWarmThroughput,
    text("GlobalTableSettingsReplicationMode"),
    values("VectorIndexUpdates"),
};

constexpr Rule kTableNameOnly[] = {kTableName};

constexpr Rule kListTables[] = {resource_name("ExclusiveStartTableName"),
                                typed(Type::kInteger, "Limit", 1, 100)};

constexpr Rule kTimeToLiveMembers[] = {required(text("AttributeName", 1, 255)),
                                       required(boolean("Enabled"))};
constexpr Rule kUpdateTimeToLive[] = {
    kTableName,
    required(structure("TimeToLiveSpecification", kTimeToLiveMembers, "TimeToLiveSpecification"))};

constexpr Rule kResourceArn = required(text("ResourceArn"));
constexpr Rule kTagResource[] = {kResourceArn, required(list("Tags", kTag))};
constexpr Rule kUntagResource[] = {kResourceArn, required(list("TagKeys", kTagKey))};
constexpr Rule kListTagsOfResource[] = {kResourceArn, text("NextToken")};

constexpr Rule kGetResourcePolicy[] = {kResourceArn};
constexpr Rule kPutResourcePolicy[] = {kResourceArn, required(text("Policy")),
                                       text("ExpectedRevisionId", 1, 255),
                                       boolean("ConfirmRemoveSelfResourceAccess")};
constexpr Rule kDeleteResourcePolicy[] = {kResourceArn, text("ExpectedRevisionId", 1, 255)};

constexpr Request kRequests[] = {
    {"CreateTable", kCreateTable},
    {"UpdateTable", kUpdateTable},
    {"DescribeTable", kTableNameOnly},
    {"DeleteTable", kTableNameOnly},
    {"ListTables", kListTables},
    {"DescribeTimeToLive", kTableNameOnly},
    {"UpdateTimeToLive", kUpdateTimeToLive},
    {"DescribeLimits", {}},
    {"DescribeEndpoints", {}},
    {"TagResource", kTagResource},
    {"UntagResource", kUntagResource},
    {"ListTagsOfResource", kListTagsOfResource},
    {"GetResourcePolicy", kGetResourcePolicy},
    {"PutResourcePolicy", kPutResourcePolicy},
    {"DeleteResourcePolicy", kDeleteResourcePolicy},
};

}  // namespace

const std::span<const Request> kTableRequests = kRequests;

}  // namespace stator::dynamodb::model
