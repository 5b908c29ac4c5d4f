#include "dynamodb/service_model.hpp"

/// Requests on items. Members stand in the order in which AWS reports what is wrong with them.
namespace stator::dynamodb::model {

namespace {

constexpr std::string_view kReturnValuesNames[] = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE",
                                                   "UPDATED_NEW"};
constexpr Rule kReturnValues = one_of("ReturnValues", kReturnValuesNames);
constexpr std::string_view kOperatorNames[] = {"OR", "AND"};
constexpr Rule kConditionalOperator = one_of("ConditionalOperator", kOperatorNames);
constexpr std::string_view kComparisonNames[] = {
    "IN",       "NULL", "BETWEEN", "LT",          "NOT_CONTAINS", "EQ",      "GT",
    "NOT_NULL", "NE",   "LE",      "BEGINS_WITH", "GE",           "CONTAINS"};
constexpr std::string_view kSelectNames[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES",
                                             "ALL_PROJECTED_ATTRIBUTES"};
constexpr Rule kSelect = one_of("Select", kSelectNames);

constexpr Rule kExpectedMembers[] = {values("AttributeValueList"),
                                     one_of("ComparisonOperator", kComparisonNames),
                                     boolean("Exists"), values("Value")};
constexpr Rule kExpectedValue[] = {structure("", kExpectedMembers, "ExpectedAttributeValue")};
constexpr Rule kExpected = of(typed(Type::kMap, "Expected"), kExpectedValue,
                              "com.amazonaws.dynamodb.v20120810.ExpectedAttributeValue");

constexpr Rule kConditionMembers[] = {values("AttributeValueList"),
                                      required(one_of("ComparisonOperator", kComparisonNames))};
constexpr Rule kCondition[] = {structure("", kConditionMembers, "Condition")};
constexpr Rule conditions(std::string_view name) {
  return of(typed(Type::kMap, name), kCondition, "com.amazonaws.dynamodb.v20120810.Condition");
}

constexpr std::string_view kActionNames[] = {"ADD", "DELETE", "PUT"};
constexpr Rule kUpdateMembers[] = {one_of("Action", kActionNames), values("Value")};
constexpr Rule kAttributeUpdate[] = {structure("", kUpdateMembers, "AttributeValueUpdate")};
constexpr Rule kAttributeUpdates = of(typed(Type::kMap, "AttributeUpdates"), kAttributeUpdate,
                                      "com.amazonaws.dynamodb.v20120810.AttributeValueUpdate");

constexpr Rule kGetItem[] = {kReturnConsumedCapacity, kAttributesToGet,      table_name(), kKey,
                             kConsistentRead,         kProjectionExpression, kNames};

constexpr Rule kPutItem[] = {kReturnConsumedCapacity,
                             table_name(),
                             kItem,
                             kConditionalOperator,
                             kExpected,
                             kReturnValues,
                             kReturnItemCollectionMetrics,
                             kReturnValuesOnFailure,
                             kConditionExpression,
                             kNames,
                             kValues};

constexpr Rule kDeleteItem[] = {kReturnConsumedCapacity,
                                table_name(),
                                kReturnValues,
                                kReturnItemCollectionMetrics,
                                kKey,
                                kConditionalOperator,
                                kExpected,
                                kReturnValuesOnFailure,
                                kConditionExpression,
                                kNames,
                                kValues};

constexpr Rule kUpdateItem[] = {kReturnConsumedCapacity,
                                table_name(),
                                kReturnItemCollectionMetrics,
                                kReturnValues,
                                kKey,
                                kConditionalOperator,
                                kExpected,
                                kAttributeUpdates,
                                kReturnValuesOnFailure,
                                kConditionExpression,
                                text("UpdateExpression"),
                                kNames,
                                kValues};

constexpr Rule kQuery[] = {kSelect,
                           resource_name("IndexName"),
                           kReturnConsumedCapacity,
                           conditions("QueryFilter"),
                           table_name(),
                           kConditionalOperator,
                           kAttributesToGet,
                           typed(Type::kInteger, "Limit", 1),
                           conditions("KeyConditions"),
                           values("ExclusiveStartKey"),
                           kConsistentRead,
                           boolean("ScanIndexForward"),
                           text("KeyConditionExpression"),
                           text("FilterExpression"),
                           kProjectionExpression,
                           kNames,
                           kValues};

constexpr Rule kScan[] = {kSelect,
                          resource_name("IndexName"),
                          typed(Type::kInteger, "TotalSegments", 1, 1'000'000),
                          kReturnConsumedCapacity,
                          table_name(),
                          kConditionalOperator,
                          conditions("ScanFilter"),
                          typed(Type::kInteger, "Segment", 0, 999'999),
                          typed(Type::kInteger, "Limit", 1),
                          kAttributesToGet,
                          values("ExclusiveStartKey"),
                          kConsistentRead,
                          text("FilterExpression"),
                          kProjectionExpression,
                          kNames,
                          kValues};

constexpr Request kRequests[] = {
    {"GetItem", kGetItem},       {"PutItem", kPutItem}, {"DeleteItem", kDeleteItem},
    {"UpdateItem", kUpdateItem}, {"Query", kQuery},     {"Scan", kScan},
};

}  // namespace

const std::span<const Request> kItemRequests = kRequests;

}  // namespace stator::dynamodb::model
