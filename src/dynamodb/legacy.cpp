#include "dynamodb/legacy.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

using expr::Node;
using Conditions = std::optional<std::vector<LegacyCondition>>;

struct Comparison {
  std::string_view name;
  std::size_t arguments_min;
  std::size_t arguments_max;
  std::string_view types;   ///< of its arguments, separated by spaces; "" for any
  bool is_of_keys = false;  ///< may stand in KeyConditions
};

constexpr std::size_t kAny = 1'000'000;
constexpr std::array kComparisons = std::to_array<Comparison>({
    {"EQ", 1, 1, "", true},
    {"NE", 1, 1, ""},
    {"LE", 1, 1, "S N B", true},
    {"LT", 1, 1, "S N B", true},
    {"GE", 1, 1, "S N B", true},
    {"GT", 1, 1, "S N B", true},
    {"BETWEEN", 2, 2, "S N B", true},
    {"BEGINS_WITH", 1, 1, "S B", true},
    {"CONTAINS", 1, 1, "S N B BOOL NULL"},
    {"NOT_CONTAINS", 1, 1, "S N B BOOL NULL"},
    {"IN", 1, kAny, "S N B"},
    {"NULL", 0, 0, ""},
    {"NOT_NULL", 0, 0, ""},
});

/// The constraints have let no other name pass.
const Comparison& comparison_of(const LegacyCondition& condition) {
  return *std::find_if(kComparisons.begin(), kComparisons.end(),
                       [&](const Comparison& c) { return c.name == condition.comparison; });
}

const std::vector<Value>& arguments_of(const LegacyCondition& condition) {
  return condition.arguments ? *condition.arguments : condition.value;
}

bool is_listed(std::string_view types, Type type) {
  const auto names = split(types, ' ');
  return types.empty() || std::find(names.begin(), names.end(), to_string(type)) != names.end();
}

/// What holds for the arguments of every comparison.
Result<void> check_arguments(const LegacyCondition& condition) {
  if (condition.attribute.empty()) return validation("Empty attribute name");
  if (condition.fault) return *condition.fault;
  const Comparison& comparison = comparison_of(condition);
  const std::vector<Value>& arguments = arguments_of(condition);
  const std::string name(comparison.name);
  if (arguments.size() < comparison.arguments_min || arguments.size() > comparison.arguments_max) {
    return invalid_parameter("Invalid number of argument(s) for the " + name +
                             " ComparisonOperator");
  }
  for (const Value& argument : arguments) {
    if (argument.type() == arguments.front().type()) continue;
    return invalid_parameter("AttributeValues inside AttributeValueList must be of same type");
  }
  for (const Value& argument : arguments) {
    if (is_listed(comparison.types, argument.type())) continue;
    return invalid_parameter("ComparisonOperator " + name + " is not valid for " +
                             std::string(to_string(argument.type())) + " AttributeValue type");
  }
  if (name == "BETWEEN" && compare(arguments[0], arguments[1]) == std::strong_ordering::greater) {
    return validation(
        "The BETWEEN condition was provided a range where the lower bound is greater than the "
        "upper bound");
  }
  return {};
}

Result<void> check_one_expected(const LegacyCondition& condition) {
  const std::string for_attribute = " for Attribute: " + condition.attribute;
  const bool has_value = !condition.value.empty();
  if (has_value && condition.arguments) {
    return invalid_parameter("Value and AttributeValueList cannot be used together" +
                             for_attribute);
  }
  if (condition.comparison) {
    if (condition.exists) {
      return invalid_parameter("Exists and ComparisonOperator cannot be used together" +
                               for_attribute);
    }
    if (comparison_of(condition).arguments_min > 0 && !has_value && !condition.arguments) {
      return invalid_parameter(
          "Value or AttributeValueList must be used with ComparisonOperator: " +
          *condition.comparison + for_attribute);
    }
    return check_arguments(condition);
  }
  if (condition.arguments) {
    return invalid_parameter("AttributeValueList can only be used with a ComparisonOperator" +
                             for_attribute);
  }
  if (condition.exists.value_or(true) && !has_value) {
    return invalid_parameter("Value must be provided when Exists is " +
                             std::string(condition.exists ? "true" : "null") + for_attribute);
  }
  if (!condition.exists.value_or(true) && has_value) {
    return invalid_parameter("Value cannot be used when Exists is false" + for_attribute);
  }
  if (condition.attribute.empty()) return validation("Empty attribute name");
  return condition.fault ? Result<void>(*condition.fault) : Result<void>();
}

Result<void> check_update(const LegacyUpdate& update) {
  if (update.attribute.empty()) return validation("Empty attribute name");
  if (update.fault) return *update.fault;
  const std::string action = update.action.value_or("PUT");
  if (!update.value) {
    if (action == "DELETE") return {};
    return invalid_parameter("Only DELETE action is allowed when no attribute value is specified");
  }
  const std::string type(to_string(update.value->type()));
  if (action == "DELETE" && !is_listed("SS NS BS", update.value->type())) {
    return invalid_parameter("DELETE action with value is not supported for the type " + type);
  }
  if (action == "ADD" && !is_listed("N SS NS BS L", update.value->type())) {
    return invalid_parameter("ADD action is not supported for the type " + type);
  }
  return {};
}

/// ConditionalOperator joins conditions, so there must be some.
Result<void> check_operator(const LegacyParameters& legacy) {
  if (!legacy.conditional_operator) return {};
  std::size_t count = 0;
  for (const Conditions* conditions :
       {&legacy.expected, &legacy.query_filter, &legacy.scan_filter}) {
    if (*conditions) count += (*conditions)->size();
  }
  if (count == 0) {
    return validation("ConditionalOperator cannot be used without Filter or Expected");
  }
  if (count == 1) {
    return validation(
        "ConditionalOperator can only be used when Filter or Expected has two or more elements");
  }
  return {};
}

Node path_node(const std::string& attribute) {
  return {.kind = Node::Kind::kPath, .path = {{.name = attribute}}};
}

Node value_node(const Value& value) {
  return {.kind = Node::Kind::kValue, .value = &value};
}

Node function(std::string name, const std::string& attribute) {
  return {.kind = Node::Kind::kFunction, .text = std::move(name), .args = {path_node(attribute)}};
}

/// `attribute` and the arguments under one node.
Node with_arguments(Node::Kind kind, std::string text, const LegacyCondition& condition) {
  Node node{.kind = kind, .text = std::move(text), .args = {path_node(condition.attribute)}};
  for (const Value& argument : arguments_of(condition)) node.args.push_back(value_node(argument));
  return node;
}

Node condition_node(const LegacyCondition& condition) {
  const std::string name =
      condition.comparison.value_or(condition.exists.value_or(true) ? "EQ" : "NULL");
  if (name == "NULL") return function("attribute_not_exists", condition.attribute);
  if (name == "NOT_NULL") return function("attribute_exists", condition.attribute);
  if (name == "BETWEEN") return with_arguments(Node::Kind::kBetween, "BETWEEN", condition);
  if (name == "IN") return with_arguments(Node::Kind::kIn, "IN", condition);
  if (name == "BEGINS_WITH") {
    return with_arguments(Node::Kind::kFunction, "begins_with", condition);
  }
  if (name == "CONTAINS") return with_arguments(Node::Kind::kFunction, "contains", condition);
  if (name == "NOT_CONTAINS") {
    // Of an attribute that is not there it does not hold.
    Node contained = with_arguments(Node::Kind::kFunction, "contains", condition);
    Node negated{.kind = Node::Kind::kNot, .args = {std::move(contained)}};
    return {.kind = Node::Kind::kAnd,
            .args = {function("attribute_exists", condition.attribute), std::move(negated)}};
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSigns = {
      {{"EQ", "="}, {"NE", "<>"}, {"LE", "<="}, {"LT", "<"}, {"GE", ">="}, {"GT", ">"}}};
  const auto sign =
      std::find_if(kSigns.begin(), kSigns.end(), [&](const auto& s) { return s.first == name; });
  return with_arguments(Node::Kind::kCompare, std::string(sign->second), condition);
}

std::optional<Node> joined(const Conditions& conditions, const LegacyParameters& legacy) {
  if (!conditions || conditions->empty()) return std::nullopt;
  std::vector<Node> nodes;
  for (const LegacyCondition& condition : *conditions) nodes.push_back(condition_node(condition));
  if (nodes.size() == 1) return std::move(nodes.front());
  const bool is_or = legacy.conditional_operator == "OR" && &conditions != &legacy.key_conditions;
  return Node{.kind = is_or ? Node::Kind::kOr : Node::Kind::kAnd, .args = std::move(nodes)};
}

expr::Action update_action(const LegacyUpdate& update, const LegacyParameters& legacy) {
  using Kind = expr::Action::Kind;
  const std::string action = update.action.value_or("PUT");
  const expr::Path path = {{.name = update.attribute}};
  if (!update.value) return {Kind::kRemove, path, {}};
  if (action == "DELETE") return {Kind::kDelete, path, value_node(*update.value)};
  if (action == "PUT") return {Kind::kSet, path, value_node(*update.value)};
  if (update.value->type() != Type::kL) return {Kind::kAdd, path, value_node(*update.value)};
  // Only here ADD knows lists: it appends, as list_append(if_not_exists(a, []), value) does.
  Node old = function("if_not_exists", update.attribute);
  old.args.push_back(value_node(legacy.empty_list));
  Node appended{.kind = Node::Kind::kFunction, .text = "list_append", .args = {std::move(old)}};
  appended.args.push_back(value_node(*update.value));
  return {Kind::kSet, path, std::move(appended)};
}

}  // namespace

Result<void> check_mixture(const ItemRequest& request) {
  if (!request.legacy) return {};
  const LegacyParameters& legacy = *request.legacy;
  std::vector<std::string> expressions;
  std::vector<std::string> others;
  const auto add = [](std::vector<std::string>& names, bool is_given, std::string_view name) {
    if (is_given) names.emplace_back(name);
  };
  add(expressions, request.projection_expression.has_value(), "ProjectionExpression");
  add(expressions, request.filter_expression.has_value(), "FilterExpression");
  add(expressions, request.key_condition_expression.has_value(), "KeyConditionExpression");
  add(expressions, request.update_expression.has_value(), "UpdateExpression");
  add(expressions, request.condition_expression.has_value(), "ConditionExpression");
  add(others, legacy.attributes_to_get.has_value(), "AttributesToGet");
  add(others, legacy.scan_filter.has_value(), "ScanFilter");
  add(others, legacy.query_filter.has_value(), "QueryFilter");
  add(others, legacy.attribute_updates.has_value(), "AttributeUpdates");
  add(others, legacy.expected.has_value(), "Expected");
  add(others, legacy.conditional_operator.has_value(), "ConditionalOperator");
  // KeyConditions go with a FilterExpression, as long as no expression takes their own place.
  add(others, legacy.key_conditions && request.key_condition_expression, "KeyConditions");
  if (expressions.empty() || others.empty()) return {};
  return validation(
      "Can not use both expression and non-expression parameters in the same request: "
      "Non-expression parameters: {" +
      join(others, ", ") + "} Expression parameters: {" + join(expressions, ", ") + "}");
}

Result<void> check_legacy_reads_and_updates(const ItemRequest& request) {
  if (!request.legacy) return {};
  const LegacyParameters& legacy = *request.legacy;
  STATOR_TRY_VOID(check_operator(legacy));
  if (legacy.attribute_updates) {
    for (const LegacyUpdate& update : *legacy.attribute_updates) {
      STATOR_TRY_VOID(check_update(update));
    }
  }
  for (const Conditions* conditions : {&legacy.query_filter, &legacy.scan_filter}) {
    if (!*conditions) continue;
    for (const LegacyCondition& condition : **conditions) {
      STATOR_TRY_VOID(check_arguments(condition));
    }
  }
  if (!legacy.attributes_to_get) return {};
  std::set<std::string_view> seen;
  for (const std::string& name : *legacy.attributes_to_get) {
    if (name.empty()) return validation("Empty attribute name");
    if (!seen.insert(name).second) {
      return invalid_parameter("Duplicate value in attribute name: " + name);
    }
  }
  return {};
}

Result<void> check_expected(const ItemRequest& request) {
  if (!request.legacy || !request.legacy->expected) return {};
  for (const LegacyCondition& condition : *request.legacy->expected) {
    STATOR_TRY_VOID(check_one_expected(condition));
  }
  return {};
}

Result<void> check_key_conditions(const ItemRequest& request) {
  if (!request.legacy || !request.legacy->key_conditions) return {};
  const auto& conditions = *request.legacy->key_conditions;
  for (const LegacyCondition& condition : conditions) {
    STATOR_TRY_VOID(check_arguments(condition));
  }
  if (conditions.empty()) return validation("Conditions can be of length 1 or 2 only");
  for (const LegacyCondition& condition : conditions) {
    if (comparison_of(condition).is_of_keys) continue;
    return validation("Attempted conditional constraint is not an indexable operation");
  }
  return {};
}

void translate_legacy(PreparedRequest& prepared) {
  if (!prepared.request.legacy) return;
  const LegacyParameters& legacy = *prepared.request.legacy;
  if (legacy.expected) prepared.condition = joined(legacy.expected, legacy);
  if (legacy.query_filter) prepared.filter = joined(legacy.query_filter, legacy);
  if (legacy.scan_filter) prepared.filter = joined(legacy.scan_filter, legacy);
  if (legacy.key_conditions) prepared.key_condition = joined(legacy.key_conditions, legacy);
  if (legacy.attributes_to_get) {
    prepared.projection.emplace();
    for (const std::string& name : *legacy.attributes_to_get) {
      prepared.projection->push_back({{.name = name}});
    }
  }
  if (legacy.attribute_updates && !legacy.attribute_updates->empty()) {
    prepared.update.emplace();
    prepared.update->is_legacy = true;
    for (const LegacyUpdate& update : *legacy.attribute_updates) {
      prepared.update->actions.push_back(update_action(update, legacy));
    }
  }
}

}  // namespace stator::dynamodb
