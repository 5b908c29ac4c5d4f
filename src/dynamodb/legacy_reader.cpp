#include "dynamodb/legacy_reader.hpp"

#include "dynamodb/errors.hpp"
#include "dynamodb/legacy.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::string_view kPackage = "com.amazonaws.dynamodb.v20120810.";

Error unknown_member(std::string_view structure, std::string_view name) {
  return validation(std::string(structure) + " has no member " + std::string(name));
}

/// Adds the value and keeps the first fault.
Result<void> read_value(const JsonElement& element, Place place, std::vector<Value>& out,
                        std::optional<Error>& fault) {
  ValueReader reader;
  STATOR_TRY(auto value, reader.value(element, place));
  out.push_back(std::move(value));
  if (reader.fault() && !fault) fault = std::move(reader.fault());
  return {};
}

Result<LegacyCondition> read_condition(std::string_view attribute, const JsonElement& element,
                                       std::string_view structure) {
  LegacyCondition condition;
  condition.attribute = attribute;
  const bool is_expected = structure == "ExpectedAttributeValue";
  STATOR_TRY(const auto object, read_structure(element, structure, Place::kElement));
  for (const auto field : object) {
    if (field.value.is_null()) continue;
    if (field.key == "AttributeValueList") {
      STATOR_TRY(const auto list, read_array(field.value));
      condition.arguments.emplace();
      for (const JsonElement argument : list) {
        STATOR_TRY_VOID(
            read_value(argument, Place::kElement, *condition.arguments, condition.fault));
      }
    } else if (field.key == "ComparisonOperator") {
      STATOR_TRY(condition.comparison, read_string(field.value));
    } else if (is_expected && field.key == "Exists") {
      STATOR_TRY(condition.exists, read_boolean(field.value));
    } else if (is_expected && field.key == "Value") {
      condition.value.clear();
      STATOR_TRY_VOID(read_value(field.value, Place::kMember, condition.value, condition.fault));
    } else {
      return unknown_member(structure, field.key);
    }
  }
  return condition;
}

Result<void> read_conditions(const JsonElement& element, std::string_view structure,
                             std::optional<std::vector<LegacyCondition>>& out) {
  STATOR_TRY(const auto object,
             read_map_of(element, std::string(kPackage) + std::string(structure)));
  out.emplace();
  for (const auto member : object) {
    STATOR_TRY(auto condition, read_condition(member.key, member.value, structure));
    out->push_back(std::move(condition));
  }
  return {};
}

Result<LegacyUpdate> read_update(std::string_view attribute, const JsonElement& element) {
  LegacyUpdate update;
  update.attribute = attribute;
  STATOR_TRY(const auto object, read_structure(element, "AttributeValueUpdate", Place::kElement));
  for (const auto field : object) {
    if (field.value.is_null()) continue;
    if (field.key == "Action") {
      STATOR_TRY(update.action, read_string(field.value));
    } else if (field.key == "Value") {
      std::vector<Value> values;
      STATOR_TRY_VOID(read_value(field.value, Place::kMember, values, update.fault));
      update.value = std::move(values.front());
    } else {
      return unknown_member("AttributeValueUpdate", field.key);
    }
  }
  return update;
}

Result<void> read_updates(const JsonElement& element, LegacyParameters& legacy) {
  STATOR_TRY(const auto object,
             read_map_of(element, std::string(kPackage) + "AttributeValueUpdate"));
  legacy.attribute_updates.emplace();
  for (const auto member : object) {
    STATOR_TRY(auto update, read_update(member.key, member.value));
    legacy.attribute_updates->push_back(std::move(update));
  }
  return {};
}

Result<void> read_names(const JsonElement& element, LegacyParameters& legacy) {
  STATOR_TRY(const auto list, read_array(element));
  legacy.attributes_to_get.emplace();
  for (const JsonElement member : list) {
    STATOR_TRY(auto name, read_string(member));
    legacy.attributes_to_get->push_back(std::move(name));
  }
  return {};
}

}  // namespace

Result<void> read_legacy_member(Member member, const JsonElement& element, ItemRequest& request) {
  if (!request.legacy) request.legacy = std::make_shared<LegacyParameters>();
  LegacyParameters& legacy = *request.legacy;
  switch (member) {
    case Member::kExpected:
      return read_conditions(element, "ExpectedAttributeValue", legacy.expected);
    case Member::kKeyConditions:
      return read_conditions(element, "Condition", legacy.key_conditions);
    case Member::kQueryFilter:
      return read_conditions(element, "Condition", legacy.query_filter);
    case Member::kScanFilter:
      return read_conditions(element, "Condition", legacy.scan_filter);
    case Member::kAttributeUpdates:
      return read_updates(element, legacy);
    case Member::kAttributesToGet:
      return read_names(element, legacy);
    default: {
      STATOR_TRY(legacy.conditional_operator, read_string(element));
      return {};
    }
  }
}

}  // namespace stator::dynamodb
