#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/prepared_request.hpp"

/// The parameters that came before expressions. They are judged in their own words and then become
/// the same trees as expressions, so that nothing behind a PreparedRequest knows them.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
namespace stator::dynamodb {

/// An entry of Expected, KeyConditions, QueryFilter or ScanFilter.
struct LegacyCondition {
  std::string attribute;
  std::optional<std::string> comparison;        ///< ComparisonOperator
  std::optional<std::vector<Value>> arguments;  ///< AttributeValueList
  std::vector<Value> value;                     ///< Value: one or none
  std::optional<bool> exists;
  std::optional<Error> fault;  ///< the first value that breaks a rule for values
};

/// An entry of AttributeUpdates.
struct LegacyUpdate {
  std::string attribute;
  std::optional<std::string> action;
  std::optional<Value> value;
  std::optional<Error> fault;
};

struct LegacyParameters {
  std::optional<std::vector<LegacyCondition>> expected;
  std::optional<std::vector<LegacyCondition>> key_conditions;
  std::optional<std::vector<LegacyCondition>> query_filter;
  std::optional<std::vector<LegacyCondition>> scan_filter;
  std::optional<std::vector<LegacyUpdate>> attribute_updates;
  std::optional<std::vector<std::string>> attributes_to_get;
  std::optional<std::string> conditional_operator;
  /// What a list that ADD makes begins as.
  Value empty_list = List{};
};

[[nodiscard]] inline bool has_key_conditions(const ItemRequest& request) {
  return request.legacy && request.legacy->key_conditions;
}
[[nodiscard]] inline bool has_attributes_to_get(const ItemRequest& request) {
  return request.legacy && request.legacy->attributes_to_get;
}

/// AWS's error for a request that has both kinds of parameters.
[[nodiscard]] Result<void> check_mixture(const ItemRequest& request);

/// The rules for AttributeUpdates, filters and AttributesToGet, one at a time.
[[nodiscard]] Result<void> check_legacy_reads_and_updates(const ItemRequest& request);
/// Those for Expected.
[[nodiscard]] Result<void> check_expected(const ItemRequest& request);
/// Those for KeyConditions.
[[nodiscard]] Result<void> check_key_conditions(const ItemRequest& request);

/// Fills condition, filter, key_condition, update and projection from what was judged above.
void translate_legacy(PreparedRequest& prepared);

}  // namespace stator::dynamodb
