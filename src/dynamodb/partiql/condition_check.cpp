#include "dynamodb/partiql/condition_check.hpp"

#include "base/bytes.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/partiql/condition.hpp"

namespace stator::dynamodb::partiql {

namespace {

using expr::Node;

bool is_scalar(Type type) {
  return type == Type::kS || type == Type::kN || type == Type::kB;
}

std::optional<Type> type_of(const Node& node) {
  if (node.kind != Node::Kind::kValue) return std::nullopt;
  return node.value->type();
}

Result<void> check_ordered(const Node& node, std::string_view operation) {
  for (const Node& argument : node.args) {
    const auto type = type_of(argument);
    if (type && !is_scalar(*type)) return wrong_operand_type(operation, to_string(*type));
  }
  return {};
}

/// "{S:text}"
std::string shown(const Value& value) {
  std::string text = "{" + std::string(to_string(value.type())) + ":";
  if (const auto* string = value.get_if<std::string>()) text.append(*string);
  if (const auto* number = value.get_if<Number>()) number->append_to(text);
  if (const auto* binary = value.get_if<Binary>()) text.append(base64_encode(binary->bytes));
  return text + "}";
}

std::size_t operand_count(std::string_view function) {
  return function == "attribute_exists" || function == "attribute_not_exists" || function == "size"
             ? 1
             : 2;
}

Result<void> check_attribute_type(const Node& node) {
  const auto type = type_of(node.args[1]);
  if (type != Type::kS) {
    return wrong_operand_type(node.text,
                              type ? to_string(*type) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  }
  const std::string& name = *node.args[1].value->get_if<std::string>();
  if (type_from(name)) return {};
  return validation("Invalid attribute type name found; type: " + name +
                    ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
}

}  // namespace

Result<void> check_distinct(const Node& node) {
  if (node.args.empty() || node.args[0].kind != Node::Kind::kPath) return {};
  for (std::size_t i = 1; i < node.args.size(); ++i) {
    if (node.args[i].path != node.args[0].path) continue;
    return validation(
        "The first operand must be distinct from the remaining operands for this operator or "
        "function; operator: " +
        node.text + ", first operand: " + to_string(node.args[0].path));
  }
  return {};
}

Result<void> check_comparison(const Node& node) {
  STATOR_TRY_VOID(check_distinct(node));
  if (node.text == "=" || node.text == "<>") return {};
  return check_ordered(node, node.text);
}

Result<void> check_between(const Node& node) {
  STATOR_TRY_VOID(check_distinct(node));
  STATOR_TRY_VOID(check_ordered(node, "BETWEEN"));
  const auto low = type_of(node.args[1]);
  const auto high = type_of(node.args[2]);
  if (!low || !high) return {};
  const std::string bounds =
      "; lower bound operand: AttributeValue: " + shown(*node.args[1].value) +
      ", upper bound operand: AttributeValue: " + shown(*node.args[2].value);
  if (*low != *high) {
    return validation("The BETWEEN operator requires same data type for lower and upper bounds" +
                      bounds);
  }
  if (compare(*node.args[1].value, *node.args[2].value) == std::strong_ordering::greater) {
    return validation(
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound" +
        bounds);
  }
  return {};
}

Result<void> check_function(const Node& node) {
  if (node.args.size() != operand_count(node.text)) {
    return wrong_operand_count(node.text, node.args.size());
  }
  STATOR_TRY_VOID(check_distinct(node));
  if (node.text == "attribute_exists" || node.text == "attribute_not_exists") {
    if (node.args[0].kind == Node::Kind::kPath) return {};
    return needs_document_path(node.text);
  }
  if (node.text == "attribute_type") return check_attribute_type(node);
  for (const Node& argument : node.args) {
    const auto type = type_of(argument);
    if (!type) continue;
    const bool is_wrong = (node.text == "begins_with" && *type != Type::kS && *type != Type::kB) ||
                          (node.text == "size" &&
                           (*type == Type::kN || *type == Type::kBool || *type == Type::kNull));
    if (is_wrong) return wrong_operand_type(node.text, to_string(*type));
  }
  return {};
}

}  // namespace stator::dynamodb::partiql
