#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "dynamodb/expr/check.hpp"
#include "dynamodb/expr/check_common.hpp"

namespace stator::dynamodb::expr {

namespace {

struct Function {
  std::string_view name;
  std::size_t operands;
};

constexpr std::array<Function, 6> kFunctions = {{{"attribute_exists", 1},
                                                 {"attribute_not_exists", 1},
                                                 {"attribute_type", 2},
                                                 {"begins_with", 2},
                                                 {"contains", 2},
                                                 {"size", 1}}};

const Function* find_function(std::string_view name) {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const Function& f) { return f.name == name; });
  return found == kFunctions.end() ? nullptr : &*found;
}

bool is_scalar(Type type) {
  return type == Type::kS || type == Type::kN || type == Type::kB;
}

bool is_logical(const Node& node) {
  return node.kind == Node::Kind::kAnd || node.kind == Node::Kind::kOr ||
         node.kind == Node::Kind::kNot;
}

class ConditionCheck {
 public:
  ConditionCheck(Wording wording, Placeholders& placeholders)
      : wording_(wording), placeholders_(placeholders) {}

  Result<void> known_functions(const Node& root) const {
    return for_all(root, [&](const Node& node) -> Result<void> {
      if (node.kind != Node::Kind::kFunction || find_function(node.text)) return {};
      return wording_.fail_with("Invalid function name; function: " + node.text);
    });
  }

  /// Only size() computes a value; every other function is a condition and nothing else.
  Result<void> well_used_functions(const Node& node, bool is_operand) const {
    if (node.kind == Node::Kind::kFunction && is_operand != (node.text == "size")) {
      return wording_.fail_with(
          "The function is not allowed to be used this way in an expression; function: " +
          node.text);
    }
    for (const Node& argument : node.args) {
      STATOR_TRY_VOID(well_used_functions(argument, !is_logical(node)));
    }
    return {};
  }

  Result<void> no_reserved_names(const Node& root) const {
    return for_all(root, [&](const Node& node) { return check_reserved(wording_, node.path); });
  }

  /// Comparisons and functions one after another, each by all rules.
  Result<void> operands(Node& node) {
    if (is_logical(node)) {
      for (Node& argument : node.args) STATOR_TRY_VOID(operands(argument));
      return {};
    }
    STATOR_TRY_VOID(resolve_names(wording_, node, placeholders_));
    STATOR_TRY_VOID(resolve_values(wording_, node, placeholders_));
    STATOR_TRY_VOID(for_all(node, [&](const Node& inner) { return operand_count(inner); }));
    STATOR_TRY_VOID(for_all(node, [&](const Node& inner) { return distinct(inner); }));
    return for_all(node, [&](const Node& inner) { return operand_types(inner); });
  }

 private:
  template <class Check>
  static Result<void> for_all(const Node& root, const Check& check) {
    STATOR_TRY_VOID(check(root));
    for (const Node& argument : root.args) STATOR_TRY_VOID(for_all(argument, check));
    return {};
  }

  Result<void> operand_count(const Node& node) const {
    if (node.kind != Node::Kind::kFunction) return {};
    if (node.args.size() == find_function(node.text)->operands) return {};
    return wrong_operand_count(wording_, node);
  }

  Result<void> distinct(const Node& node) const {
    if (node.kind != Node::Kind::kCompare && node.kind != Node::Kind::kFunction) return {};
    if (node.args.size() != 2 || node.args[0].path.empty()) return {};
    if (node.args[0].path != node.args[1].path) return {};
    return wording_.fail_with(
        "The first operand must be distinct from the remaining operands for this operator or "
        "function; operator: " +
        node.text + ", first operand: " + to_string(node.args[0].path));
  }

  Result<void> operand_types(const Node& node) const {
    switch (node.kind) {
      case Node::Kind::kFunction:
        return function_types(node);
      case Node::Kind::kBetween:
        STATOR_TRY_VOID(ordered_types(node, "BETWEEN"));
        return between_bounds(node.args[1], node.args[2]);
      case Node::Kind::kCompare:
        if (node.text == "=" || node.text == "<>") return {};
        return ordered_types(node, node.text);
      default:
        return {};
    }
  }

  Result<void> ordered_types(const Node& node, std::string_view operation) const {
    for (const Node& argument : node.args) {
      const auto type = literal_type(argument);
      if (type && !is_scalar(*type)) {
        return wrong_operand_type(wording_, operation, dynamodb::to_string(*type));
      }
    }
    return {};
  }

  Result<void> function_types(const Node& node) const {
    if (node.text == "attribute_exists" || node.text == "attribute_not_exists") {
      if (node.args[0].kind == Node::Kind::kPath) return {};
      return needs_document_path(wording_, node.text);
    }
    if (node.text == "attribute_type") return attribute_type(node);
    if (node.text == "size") {
      const auto type = literal_type(node.args[0]);
      if (type == Type::kN || type == Type::kBool || type == Type::kNull) {
        return wrong_operand_type(wording_, node.text, dynamodb::to_string(*type));
      }
    }
    if (node.text == "begins_with") {
      for (const Node& argument : node.args) {
        const auto type = literal_type(argument);
        if (type && *type != Type::kS && *type != Type::kB) {
          return wrong_operand_type(wording_, node.text, dynamodb::to_string(*type));
        }
      }
    }
    return {};
  }

  Result<void> attribute_type(const Node& node) const {
    const auto type = literal_type(node.args[1]);
    if (type != Type::kS) {
      return wrong_operand_type(
          wording_, node.text,
          type ? dynamodb::to_string(*type) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
    }
    const std::string& name = *node.args[1].value->get_if<std::string>();
    if (type_from(name)) return {};
    return wording_.fail_with("Invalid attribute type name found; type: " + name +
                              ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
  }

  Result<void> between_bounds(const Node& low, const Node& high) const {
    const auto low_type = literal_type(low);
    const auto high_type = literal_type(high);
    if (!low_type || !high_type) return {};
    const auto bounds = [&] {
      return "; lower bound operand: AttributeValue: " + shown(*low.value) +
             ", upper bound operand: AttributeValue: " + shown(*high.value);
    };
    if (*low_type != *high_type) {
      return wording_.fail_with(
          "The BETWEEN operator requires same data type for lower and upper bounds" + bounds());
    }
    if (compare(*low.value, *high.value) == std::strong_ordering::greater) {
      return wording_.fail_with(
          "The BETWEEN operator requires upper bound to be greater than or equal to lower bound" +
          bounds());
    }
    return {};
  }

  /// "{S:text}"
  static std::string shown(const Value& value) {
    std::string text = "{" + std::string(dynamodb::to_string(value.type())) + ":";
    if (const auto* string = value.get_if<std::string>()) text.append(*string);
    if (const auto* number = value.get_if<Number>()) number->append_to(text);
    if (const auto* binary = value.get_if<Binary>()) text.append(base64_encode(binary->bytes));
    return text + "}";
  }

  Wording wording_;
  Placeholders& placeholders_;
};

}  // namespace

Result<void> check_condition(Wording wording, bool has_redundant_parentheses, Node& root,
                             Placeholders& placeholders) {
  if (has_redundant_parentheses) {
    return wording.fail_with("The expression has redundant parentheses;");
  }
  ConditionCheck check(wording, placeholders);
  STATOR_TRY_VOID(check.known_functions(root));
  STATOR_TRY_VOID(check.well_used_functions(root, false));
  STATOR_TRY_VOID(check.no_reserved_names(root));
  return check.operands(root);
}

}  // namespace stator::dynamodb::expr
