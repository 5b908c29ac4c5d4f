#include "dynamodb/item_request.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "dynamodb/errors.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/legacy_reader.hpp"

namespace stator::dynamodb {

namespace {

struct MemberName {
  std::string_view name;
  Member member;
};

constexpr std::array kMembers = std::to_array<MemberName>({
    {"AttributeUpdates", Member::kAttributeUpdates},
    {"AttributesToGet", Member::kAttributesToGet},
    {"ConditionExpression", Member::kConditionExpression},
    {"ConditionalOperator", Member::kConditionalOperator},
    {"ConsistentRead", Member::kConsistentRead},
    {"ExclusiveStartKey", Member::kExclusiveStartKey},
    {"Expected", Member::kExpected},
    {"ExpressionAttributeNames", Member::kExpressionAttributeNames},
    {"ExpressionAttributeValues", Member::kExpressionAttributeValues},
    {"FilterExpression", Member::kFilterExpression},
    {"IndexName", Member::kIndexName},
    {"Item", Member::kItem},
    {"Key", Member::kKey},
    {"KeyConditionExpression", Member::kKeyConditionExpression},
    {"KeyConditions", Member::kKeyConditions},
    {"Keys", Member::kKeys},
    {"Limit", Member::kLimit},
    {"ProjectionExpression", Member::kProjectionExpression},
    {"QueryFilter", Member::kQueryFilter},
    {"ReturnConsumedCapacity", Member::kReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", Member::kReturnItemCollectionMetrics},
    {"ReturnValues", Member::kReturnValues},
    {"ReturnValuesOnConditionCheckFailure", Member::kReturnValuesOnConditionCheckFailure},
    {"ScanFilter", Member::kScanFilter},
    {"ScanIndexForward", Member::kScanIndexForward},
    {"Segment", Member::kSegment},
    {"Select", Member::kSelect},
    {"TableName", Member::kTableName},
    {"TotalSegments", Member::kTotalSegments},
    {"UpdateExpression", Member::kUpdateExpression},
});

std::optional<Member> member_named(std::string_view name) {
  const auto found = std::lower_bound(
      kMembers.begin(), kMembers.end(), name,
      [](const MemberName& member, std::string_view wanted) { return member.name < wanted; });
  if (found == kMembers.end() || found->name != name) return std::nullopt;
  return found->member;
}

Result<void> read_map(const JsonElement& element, std::optional<ReadMap>& out) {
  ValueReader reader;
  STATOR_TRY(auto map, reader.map(element));
  out = ReadMap{std::move(map), std::move(reader.fault())};
  return {};
}

/// Values of expressions carry the name of the one at fault in their message.
Result<void> read_values(const JsonElement& element, std::optional<ReadMap>& out) {
  STATOR_TRY(const auto object, read_map_of(element, kAttributeValueClass));
  ReadMap read;
  for (const auto member : object) {
    ValueReader reader;
    STATOR_TRY(auto value, reader.value(member.value));
    const std::string name(member.key);
    if (reader.fault() && !read.fault) {
      read.fault = validation("ExpressionAttributeValues contains invalid value: " +
                              reader.fault()->message + " for key " + name);
    }
    read.map.append(name, std::move(value));
  }
  if (!read.map.sort()) return serialization("A map has two members of the same name");
  out = std::move(read);
  return {};
}

Result<void> read_keys(const JsonElement& element, ItemRequest& request) {
  simdjson::dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return serialization("Unexpected field type");
  request.keys.emplace();
  request.keys->reserve(array.size());
  for (const JsonElement member : array) {
    ValueReader reader;
    STATOR_TRY(auto map, reader.map(member));
    request.keys->push_back({std::move(map), std::move(reader.fault())});
  }
  return {};
}

Result<void> read_names(const JsonElement& element, ItemRequest& request) {
  STATOR_TRY(const auto object, read_map_of(element, "java.lang.String"));
  request.names.emplace();
  for (const auto member : object) {
    STATOR_TRY(auto name, read_string(member.value));
    request.names->emplace_back(std::string(member.key), std::move(name));
  }
  return {};
}

template <class T>
Result<void> assign(std::optional<T>& out, Result<T> value) {
  if (!value) return std::move(value).error();
  out = std::move(*value);
  return {};
}

Result<void> read_member(Member member, const JsonElement& element, ItemRequest& request) {
  switch (member) {
    case Member::kTableName:
      return assign(request.table_name, read_string(element));
    case Member::kItem:
      return read_map(element, request.item);
    case Member::kKey:
      return read_map(element, request.key);
    case Member::kKeys:
      return read_keys(element, request);
    case Member::kExclusiveStartKey:
      return read_map(element, request.exclusive_start_key);
    case Member::kConditionExpression:
      return assign(request.condition_expression, read_string(element));
    case Member::kUpdateExpression:
      return assign(request.update_expression, read_string(element));
    case Member::kProjectionExpression:
      return assign(request.projection_expression, read_string(element));
    case Member::kFilterExpression:
      return assign(request.filter_expression, read_string(element));
    case Member::kKeyConditionExpression:
      return assign(request.key_condition_expression, read_string(element));
    case Member::kExpressionAttributeNames:
      return read_names(element, request);
    case Member::kExpressionAttributeValues:
      return read_values(element, request.values);
    case Member::kReturnValues:
      return assign(request.return_values, read_string(element));
    case Member::kReturnValuesOnConditionCheckFailure:
      return assign(request.return_values_on_failure, read_string(element));
    case Member::kReturnConsumedCapacity:
      return assign(request.return_consumed_capacity, read_string(element));
    case Member::kReturnItemCollectionMetrics:
      return assign(request.return_item_collection_metrics, read_string(element));
    case Member::kSelect:
      return assign(request.select, read_string(element));
    case Member::kIndexName:
      return assign(request.index_name, read_string(element));
    case Member::kConsistentRead:
      return assign(request.consistent_read, read_boolean(element));
    case Member::kScanIndexForward:
      return assign(request.scan_index_forward, read_boolean(element));
    case Member::kLimit:
      return assign(request.limit, read_integer(element));
    case Member::kSegment:
      return assign(request.segment, read_integer(element));
    case Member::kTotalSegments:
      return assign(request.total_segments, read_integer(element));
    default:
      return read_legacy_member(member, element, request);
  }
}

}  // namespace

MemberSet members_of(std::span<const Rule> rules) {
  MemberSet members{};
  for (const Rule& rule : rules) {
    if (const auto member = member_named(rule.name)) members.add(*member);
  }
  return members;
}

Result<void> refuse_repeats(const JsonObject& object) {
  std::set<std::string_view> seen;
  for (const auto field : object) {
    if (!seen.insert(field.key).second) return serialization("The request has a member twice");
  }
  return {};
}

Result<ItemRequest> read_item_request(std::string_view body, const MemberSet& members) {
  STATOR_TRY(const auto document, parse_document(body));
  return read_item_request(document, members);
}

Result<ItemRequest> read_item_request(const JsonObject& object, const MemberSet& members) {
  ItemRequest request;
  std::uint64_t seen = 0;
  for (const auto field : object) {
    if (field.value.is_null()) continue;
    const auto member = member_named(field.key);
    if (member && members.has(*member)) {
      const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(*member);
      if ((seen & bit) != 0) return serialization("The request has a member twice");
      seen |= bit;
      STATOR_TRY_VOID(read_member(*member, field.value, request));
    } else {
      return no_parameter(field.key);
    }
  }
  return request;
}

}  // namespace stator::dynamodb
