#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/value.hpp"

namespace stator::dynamodb {

/// Members of the requests on items. Each operation says which of them it takes.
enum class Member : std::uint8_t {
  kTableName,
  kItem,
  kKey,
  kKeys,
  kConditionExpression,
  kUpdateExpression,
  kProjectionExpression,
  kFilterExpression,
  kKeyConditionExpression,
  kExpressionAttributeNames,
  kExpressionAttributeValues,
  kReturnValues,
  kReturnValuesOnConditionCheckFailure,
  kReturnConsumedCapacity,
  kReturnItemCollectionMetrics,
  kConsistentRead,
  kExclusiveStartKey,
  kIndexName,
  kLimit,
  kScanIndexForward,
  kSegment,
  kSelect,
  kTotalSegments,
  // What expressions have replaced.
  kAttributesToGet,
  kAttributeUpdates,
  kConditionalOperator,
  kExpected,
  kKeyConditions,
  kQueryFilter,
  kScanFilter,
};

class MemberSet {
 public:
  constexpr MemberSet(std::initializer_list<Member> members) {
    for (const Member member : members) bits_ |= bit(member);
  }
  constexpr void add(Member member) { bits_ |= bit(member); }
  [[nodiscard]] constexpr bool has(Member member) const { return (bits_ & bit(member)) != 0; }

 private:
  static constexpr std::uint64_t bit(Member member) {
    return std::uint64_t{1} << static_cast<unsigned>(member);
  }
  std::uint64_t bits_ = 0;
};

/// A map of attribute values as it came. `fault` is its first breach of the rules for values: it is
/// reported only after every constraint of the request held, as AWS orders its checks.
struct ReadMap {
  Map map;
  std::optional<Error> fault;
};

struct LegacyParameters;

/// A request on items, read but not yet judged: types are right, values may not be.
struct ItemRequest {
  std::optional<std::string> table_name;
  std::optional<ReadMap> item;
  std::optional<ReadMap> key;
  std::optional<std::vector<ReadMap>> keys;  ///< of one table in BatchGetItem
  std::optional<ReadMap> exclusive_start_key;

  std::optional<std::string> condition_expression;
  std::optional<std::string> update_expression;
  std::optional<std::string> projection_expression;
  std::optional<std::string> filter_expression;
  std::optional<std::string> key_condition_expression;
  std::optional<std::vector<std::pair<std::string, std::string>>> names;
  std::optional<ReadMap> values;

  std::optional<std::string> return_values;
  std::optional<std::string> return_values_on_failure;
  std::optional<std::string> return_consumed_capacity;
  std::optional<std::string> return_item_collection_metrics;
  std::optional<std::string> select;
  std::optional<std::string> index_name;
  std::optional<bool> consistent_read;
  std::optional<bool> scan_index_forward;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> segment;
  std::optional<std::int64_t> total_segments;

  /// Expected, KeyConditions and their like; null when there are none. Shared, so that conditions
  /// may refer to its values wherever the request goes. Never changed after reading.
  std::shared_ptr<LegacyParameters> legacy;
};

/// Reads a request's body in one pass. SerializationException for what is not JSON or has members
/// of wrong types; an error that names it for a member outside `members`. Null members are absent.
[[nodiscard]] Result<ItemRequest> read_item_request(std::string_view body,
                                                    const MemberSet& members);

}  // namespace stator::dynamodb
