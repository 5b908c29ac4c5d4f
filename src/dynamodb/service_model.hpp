#pragma once

#include <array>
#include <string_view>

#include "dynamodb/rules.hpp"

/// The vocabulary in which service_model*.cpp write the rules of requests, and what several of them
/// say.
namespace stator::dynamodb::model {

using Type = Rule::Type;

struct Request {
  std::string_view operation;
  std::span<const Rule> members;
};

/// The parts of the model; model_of() looks through them.
extern const std::span<const Request> kItemRequests;
extern const std::span<const Request> kTableRequests;
extern const std::span<const Request> kRecoveryRequests;
extern const std::span<const Request> kJointRequests;
extern const std::span<const Request> kStreamRequests;

using Names = std::span<const std::string_view>;

constexpr Rule required(Rule rule) {
  rule.is_required = true;
  return rule;
}
constexpr Rule text(std::string_view name, std::int64_t min = Rule::kNoMin,
                    std::int64_t max = Rule::kNoMax) {
  Rule rule;
  rule.name = name;
  rule.min = min;
  rule.max = max;
  return rule;
}
constexpr Rule like(const Pattern& pattern, Rule rule) {
  rule.pattern = &pattern;
  return rule;
}
constexpr Rule one_of(std::string_view name, Names values) {
  Rule rule;
  rule.name = name;
  rule.values = values;
  return rule;
}
constexpr Rule typed(Type type, std::string_view name, std::int64_t min = Rule::kNoMin,
                     std::int64_t max = Rule::kNoMax) {
  Rule rule = text(name, min, max);
  rule.type = type;
  return rule;
}
constexpr Rule boolean(std::string_view name) {
  return typed(Type::kBoolean, name);
}
/// `rules`: of a structure's members, or the one rule of a list's or map's elements.
constexpr Rule of(Rule collection, std::span<const Rule> rules, std::string_view class_name = {}) {
  collection.inner = rules;
  collection.class_name = class_name;
  return collection;
}
constexpr Rule structure(std::string_view name, std::span<const Rule> members,
                         std::string_view class_name) {
  return of(typed(Type::kStructure, name), members, class_name);
}
constexpr Rule list(std::string_view name, std::span<const Rule> element,
                    std::int64_t min = Rule::kNoMin, std::int64_t max = Rule::kNoMax) {
  return of(typed(Type::kList, name, min, max), element);
}
/// `value` as in of().
constexpr Rule map(std::string_view name, const Rule& key, std::span<const Rule> value) {
  Rule rule = of(typed(Type::kMap, name), value);
  rule.key = &key;
  return rule;
}
/// Attribute values by name, or one of them: their reader judges them.
constexpr Rule values(std::string_view name) {
  return typed(Type::kOther, name);
}

bool is_resource_name(std::string_view value);
inline constexpr Pattern kResourceName = {"[a-zA-Z0-9_.-]+", is_resource_name};

/// Index, backup and other names.
constexpr Rule resource_name(std::string_view name) {
  return like(kResourceName, text(name, 3, 255));
}
/// A table by name or ARN.
constexpr Rule table_name(std::string_view name = "TableName") {
  Rule rule = required(resource_name(name));
  rule.is_table_name = true;
  return rule;
}
constexpr Rule optional_table_name(std::string_view name = "TableName") {
  Rule rule = table_name(name);
  rule.is_required = false;
  return rule;
}

inline constexpr std::string_view kCapacityNames[] = {"INDEXES", "TOTAL", "NONE"};
inline constexpr Rule kReturnConsumedCapacity = one_of("ReturnConsumedCapacity", kCapacityNames);
inline constexpr std::string_view kMetricsNames[] = {"SIZE", "NONE"};
inline constexpr Rule kReturnItemCollectionMetrics =
    one_of("ReturnItemCollectionMetrics", kMetricsNames);
inline constexpr std::string_view kBillingModeNames[] = {"PROVISIONED", "PAY_PER_REQUEST"};
inline constexpr std::string_view kFailureNames[] = {"ALL_OLD", "NONE"};
inline constexpr Rule kReturnValuesOnFailure =
    one_of("ReturnValuesOnConditionCheckFailure", kFailureNames);

inline constexpr Rule kKey = required(values("Key"));
inline constexpr Rule kItem = required(values("Item"));
inline constexpr Rule kNames = values("ExpressionAttributeNames");
inline constexpr Rule kValues = values("ExpressionAttributeValues");
inline constexpr Rule kConditionExpression = text("ConditionExpression");
inline constexpr Rule kProjectionExpression = text("ProjectionExpression");
inline constexpr Rule kConsistentRead = boolean("ConsistentRead");
inline constexpr Rule kAttributeName[] = {text("")};
inline constexpr Rule kAttributesToGet = list("AttributesToGet", kAttributeName, 1, 255);

inline constexpr std::string_view kAttributeTypeNames[] = {"B", "N", "S"};
inline constexpr Rule kAttributeDefinitionMembers[] = {
    required(one_of("AttributeType", kAttributeTypeNames)),
    required(text("AttributeName", 1, 255))};
inline constexpr Rule kAttributeDefinition[] = {
    structure("", kAttributeDefinitionMembers, "AttributeDefinition")};

inline constexpr std::string_view kKeyTypeNames[] = {"HASH", "RANGE"};
inline constexpr Rule kKeySchemaMembers[] = {required(text("AttributeName", 1, 255)),
                                             required(one_of("KeyType", kKeyTypeNames))};
inline constexpr Rule kKeySchemaElement[] = {structure("", kKeySchemaMembers, "KeySchemaElement")};

inline constexpr Rule kProvisionedThroughputMembers[] = {
    required(typed(Type::kLong, "WriteCapacityUnits", 1)),
    required(typed(Type::kLong, "ReadCapacityUnits", 1))};
constexpr Rule provisioned_throughput(std::string_view name = "ProvisionedThroughput") {
  return structure(name, kProvisionedThroughputMembers, "ProvisionedThroughput");
}
inline constexpr Rule kOnDemandThroughputMembers[] = {typed(Type::kLong, "MaxReadRequestUnits"),
                                                      typed(Type::kLong, "MaxWriteRequestUnits")};
constexpr Rule on_demand_throughput(std::string_view name = "OnDemandThroughput") {
  return structure(name, kOnDemandThroughputMembers, "OnDemandThroughput");
}
inline constexpr Rule kWarmThroughputMembers[] = {typed(Type::kLong, "ReadUnitsPerSecond"),
                                                  typed(Type::kLong, "WriteUnitsPerSecond")};
inline constexpr Rule kWarmThroughput =
    structure("WarmThroughput", kWarmThroughputMembers, "WarmThroughput");

inline constexpr std::string_view kProjectionTypeNames[] = {"ALL", "INCLUDE", "KEYS_ONLY"};
inline constexpr Rule kNonKeyAttribute[] = {text("", 1, 255)};
inline constexpr Rule kProjectionMembers[] = {one_of("ProjectionType", kProjectionTypeNames),
                                              list("NonKeyAttributes", kNonKeyAttribute, 1, 20)};
inline constexpr Rule kProjection =
    required(structure("Projection", kProjectionMembers, "Projection"));

inline constexpr Rule kGlobalIndexMembers[] = {required(resource_name("IndexName")),
                                               required(list("KeySchema", kKeySchemaElement, 1, 8)),
                                               kProjection,
                                               provisioned_throughput(),
                                               on_demand_throughput(),
                                               kWarmThroughput};
inline constexpr Rule kGlobalIndex[] = {structure("", kGlobalIndexMembers, "GlobalSecondaryIndex")};
inline constexpr Rule kLocalIndexMembers[] = {required(resource_name("IndexName")),
                                              required(list("KeySchema", kKeySchemaElement, 1, 2)),
                                              kProjection};
inline constexpr Rule kLocalIndex[] = {structure("", kLocalIndexMembers, "LocalSecondaryIndex")};

inline constexpr std::string_view kSseTypeNames[] = {"AES256", "KMS"};
inline constexpr Rule kSseMembers[] = {boolean("Enabled"), one_of("SSEType", kSseTypeNames),
                                       text("KMSMasterKeyId", 1)};
constexpr Rule sse_specification(std::string_view name = "SSESpecification") {
  return structure(name, kSseMembers, "SSESpecification");
}

}  // namespace stator::dynamodb::model
