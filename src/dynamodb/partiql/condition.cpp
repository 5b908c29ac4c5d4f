#include "dynamodb/partiql/condition.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/partiql/condition_check.hpp"
#include "dynamodb/partiql/literal.hpp"

namespace stator::dynamodb::partiql {

namespace {

using Kind = Expression::Kind;
using expr::Node;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> texts) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool is_condition_function(std::string_view name) {
  return is_one_of(name, {"attribute_exists", "attribute_not_exists", "attribute_type",
                          "begins_with", "contains"});
}

bool is_comparator(std::string_view text) {
  return is_one_of(text, {"=", "<>", "<", "<=", ">", ">="});
}

/// Whether the expression computes a truth.
bool is_condition(const Expression& expression) {
  if (expression.kind == Kind::kIs) return true;
  if (expression.kind == Kind::kCall) return is_condition_function(expression.text);
  return expression.kind == Kind::kOperator &&
         (is_comparator(expression.text) ||
          is_one_of(expression.text, {"and", "or", "not", "between", "in", "like"}));
}

std::string type_letters(std::string_view type_name) {
  if (type_name == "NULL") return "NULL";
  if (type_name == "BOOLEAN") return "BOOL";
  if (type_name == "BLOB") return "B";
  if (type_name == "STRING") return "S";
  if (type_name == "NUMERIC") return "N";
  if (type_name == "STRUCT" || type_name == "TUPLE") return "M";
  if (type_name == "LIST") return "L";
  return {};
}

Error missing_needs_is() {
  return validation("MISSING must be compared using IS operator");
}

class ConditionTranslator {
 public:
  explicit ConditionTranslator(const Scope& scope) : scope_(scope) {}

  Result<Node> condition(const Expression& expression) const {
    if (expression.kind == Kind::kIs) return type_test(expression);
    if (expression.kind == Kind::kCall) return function(expression);
    if (expression.kind == Kind::kOperator) return operation(expression);
    return not_a_condition();
  }

 private:
  static Error not_a_condition() {
    return validation("WHERE clause must contain an expression that resolves to a boolean");
  }
  static Error unsupported_operator(const Expression& expression) {
    return validation("Unsupported operator in Condition Expression. Operator: " + expression.text);
  }

  Result<Node> operation(const Expression& expression) const {
    const std::string& name = expression.text;
    if (name == "and" || name == "or") return logical(expression);
    if (name == "not") {
      if (!is_condition(expression.args[0])) {
        return validation("The argument to NOT must be a Type or Expression");
      }
      STATOR_TRY(auto inner, condition(expression.args[0]));
      return negated(std::move(inner));
    }
    if (name == "in") return membership(expression);
    if (name == "between") return between(expression);
    if (is_comparator(name)) return comparison(expression);
    return unsupported_operator(expression);
  }

  Result<Node> logical(const Expression& expression) const {
    const bool is_and = expression.text == "and";
    Node node{is_and ? Node::Kind::kAnd : Node::Kind::kOr, is_and ? "AND" : "OR"};
    for (const Expression& argument : expression.args) {
      if (!is_condition(argument) && argument.kind != Kind::kCall) {
        return validation("The arguments to AND/OR must be Expressions");
      }
      STATOR_TRY(auto part, condition(argument));
      node.args.push_back(std::move(part));
    }
    return node;
  }

  static Node negated(Node inner) {
    Node node{Node::Kind::kNot, "NOT"};
    node.args.push_back(std::move(inner));
    return node;
  }

  Node constant(bool holds) const {
    Node node{Node::Kind::kCompare, holds ? "=" : "<>"};
    node.args.push_back(value_node(Value(true), scope_));
    node.args.push_back(value_node(Value(true), scope_));
    return node;
  }

  Result<Node> comparison(const Expression& expression) const {
    const Expression& left = expression.args[0];
    const Expression& right = expression.args[1];
    if (is_condition(left) || is_condition(right)) return truth_comparison(expression);
    Node node{Node::Kind::kCompare, expression.text};
    STATOR_TRY_VOID(add_operand(left, node));
    STATOR_TRY_VOID(add_operand(right, node));
    STATOR_TRY_VOID(check_comparison(node));
    return node;
  }

  /// A condition compared with a boolean, an attribute or another condition.
  Result<Node> truth_comparison(const Expression& expression) const {
    if (expression.text != "=" && expression.text != "<>") {
      return wrong_operand_type(expression.text, "BOOL");
    }
    const bool is_left = is_condition(expression.args[0]);
    STATOR_TRY(auto truth, condition(expression.args[is_left ? 0 : 1]));
    STATOR_TRY(auto equal, equals(std::move(truth), expression.args[is_left ? 1 : 0]));
    return expression.text == "=" ? std::move(equal) : negated(std::move(equal));
  }

  static std::size_t count_nodes(const Node& node) {
    std::size_t count = 1;
    for (const Node& argument : node.args) count += count_nodes(argument);
    return count;
  }

  /// A condition that stands twice in its translation grows with each comparison around it.
  static Result<void> check_growth(const Node& truth, std::size_t copies) {
    if (count_nodes(truth) * copies <= kNodesMax) return {};
    return validation("The statement contains too many operators; operator count: " +
                      std::to_string(count_nodes(truth) * copies));
  }

  /// truth = other
  Result<Node> equals(Node truth, const Expression& other) const {
    STATOR_TRY_VOID(check_growth(truth, 2));
    if (other.kind == Kind::kMissing) return missing_needs_is();
    if (is_condition(other)) {
      STATOR_TRY(auto second, condition(other));
      Node both = join_nodes(Node::Kind::kAnd, truth, second);
      Node neither =
          join_nodes(Node::Kind::kAnd, negated(std::move(truth)), negated(std::move(second)));
      return join_nodes(Node::Kind::kOr, std::move(both), std::move(neither));
    }
    if (is_literal(other)) {
      STATOR_TRY(const auto value, literal_value(other, scope_.parameters));
      const bool* wanted = value.get_if<bool>();
      if (wanted == nullptr) return constant(false);
      return *wanted ? std::move(truth) : negated(std::move(truth));
    }
    const auto is_value = [&](bool wanted) -> Result<Node> {
      Node node{Node::Kind::kCompare, "="};
      STATOR_TRY_VOID(add_operand(other, node));
      node.args.push_back(value_node(Value(wanted), scope_));
      return node;
    };
    STATOR_TRY(auto is_true, is_value(true));
    STATOR_TRY(auto is_false, is_value(false));
    Node both = join_nodes(Node::Kind::kAnd, truth, std::move(is_true));
    Node neither = join_nodes(Node::Kind::kAnd, negated(std::move(truth)), std::move(is_false));
    return join_nodes(Node::Kind::kOr, std::move(both), std::move(neither));
  }

  Result<Node> membership(const Expression& expression) const {
    const Expression& subject = expression.args[0];
    const Expression& candidates = expression.args[1];
    const bool is_sequence = candidates.kind == Kind::kList || candidates.kind == Kind::kBag;
    if (!is_sequence || candidates.args.empty()) {
      return validation(
          "IN operator must have a left hand argument of type Variable Reference and right hand "
          "argument of type Seq with at least one member");
    }
    if (candidates.args.size() > kInOperandsMax) {
      return validation("The IN operator is provided with too many operands; number of operands: " +
                        std::to_string(candidates.args.size()));
    }
    if (is_condition(subject)) return truth_membership(subject, candidates);
    Node node{Node::Kind::kIn, "IN"};
    STATOR_TRY_VOID(add_operand(subject, node));
    for (const Expression& candidate : candidates.args) {
      STATOR_TRY_VOID(add_operand(candidate, node));
    }
    STATOR_TRY_VOID(check_distinct(node));
    return node;
  }

  Result<Node> truth_membership(const Expression& subject, const Expression& candidates) const {
    Node node{Node::Kind::kOr, "OR"};
    STATOR_TRY(const auto truth, condition(subject));
    STATOR_TRY_VOID(check_growth(truth, candidates.args.size()));
    for (const Expression& candidate : candidates.args) {
      STATOR_TRY(auto equal, equals(truth, candidate));
      node.args.push_back(std::move(equal));
    }
    return node;
  }

  Result<Node> between(const Expression& expression) const {
    Node node{Node::Kind::kBetween, "BETWEEN"};
    for (const Expression& argument : expression.args) {
      STATOR_TRY_VOID(add_operand(argument, node));
    }
    STATOR_TRY_VOID(check_between(node));
    return node;
  }

  Result<Node> type_test(const Expression& expression) const {
    const bool is_missing = expression.text == "MISSING";
    Node node{Node::Kind::kFunction, is_missing ? "attribute_not_exists" : "attribute_type"};
    const std::string letters = is_missing ? "" : type_letters(expression.text);
    if (!is_missing && letters.empty()) {
      return validation("Unsupported data type for IS operator: " + expression.text +
                        ". Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, "
                        "NUMERIC, STRUCT, TUPLE, LIST]" +
                        at(expression.position));
    }
    STATOR_TRY_VOID(add_operand(expression.args[0], node));
    if (!is_missing) node.args.push_back(value_node(Value(letters), scope_));
    STATOR_TRY_VOID(check_function(node));
    return node;
  }

  Result<Node> function(const Expression& call) const {
    if (call.text == "size") return not_a_condition();
    if (!is_condition_function(call.text)) return unrecognized_function(call);
    return function_node_of(call);
  }

  Result<Node> function_node_of(const Expression& call) const {
    Node node{Node::Kind::kFunction, call.text};
    for (const Expression& argument : call.args) STATOR_TRY_VOID(add_operand(argument, node));
    STATOR_TRY_VOID(check_function(node));
    return node;
  }

  Result<void> add_operand(const Expression& expression, Node& node) const {
    STATOR_TRY(auto argument, operand(expression));
    node.args.push_back(std::move(argument));
    return {};
  }

  Result<Node> operand(const Expression& expression) const {
    switch (expression.kind) {
      case Kind::kMissing:
        return missing_needs_is();
      case Kind::kPath:
        return path_node(expression.path);
      case Kind::kWildcard:
        return validation("Unpivot path component like a.*.b are not supported" +
                          at(expression.position));
      case Kind::kCall:
        if (call_is_size(expression)) return function_node_of(expression);
        if (!is_condition_function(expression.text)) return unrecognized_function(expression);
        return validation(
            "The function is not allowed to be used this way in an expression; function: " +
            expression.text);
      case Kind::kOperator:
      case Kind::kIs:
        return unsupported_operator(expression);
      default:
        break;
    }
    STATOR_TRY(auto value, literal_value(expression, scope_.parameters));
    return value_node(std::move(value), scope_);
  }

  static bool call_is_size(const Expression& call) { return call.text == "size"; }

  static constexpr std::size_t kInOperandsMax = 100;
  static constexpr std::size_t kNodesMax = 10'000;

  const Scope& scope_;
};

enum class Relation { kApart, kOverlap, kConflict };

Relation relate(const expr::Path& a, const expr::Path& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i].is_index != b[i].is_index) return Relation::kConflict;
    if (a[i] != b[i]) return Relation::kApart;
  }
  return Relation::kOverlap;
}

}  // namespace

Result<Node> to_condition(const Expression& where, const Scope& scope) {
  return ConditionTranslator(scope).condition(where);
}

Node path_node(expr::Path path) {
  Node node{Node::Kind::kPath};
  node.path = std::move(path);
  return node;
}

Node value_node(Value value, const Scope& scope) {
  Node node{Node::Kind::kValue};
  node.value = &scope.values.emplace_back(std::move(value));
  return node;
}

Node function_node(std::string name, expr::Path path) {
  Node node{Node::Kind::kFunction, std::move(name)};
  node.args.push_back(path_node(std::move(path)));
  return node;
}

Node join_nodes(Node::Kind kind, Node left, Node right) {
  Node node{kind, kind == Node::Kind::kAnd ? "AND" : "OR"};
  node.args.push_back(std::move(left));
  node.args.push_back(std::move(right));
  return node;
}

Error unrecognized_function(const Expression& call) {
  return validation("Unrecognized function: " + call.text + at(call.position));
}

Error wrong_operand_count(std::string_view function, std::size_t count) {
  return validation(
      "Incorrect number of operands for operator or function; operator or function: " +
      std::string(function) + ", number of operands: " + std::to_string(count));
}

Error wrong_operand_type(std::string_view function, std::string_view type) {
  return validation("Incorrect operand type for operator or function; operator or function: " +
                    std::string(function) + ", operand type: " + std::string(type));
}

Error needs_document_path(std::string_view function) {
  return validation("Operator or function requires a document path; operator or function: " +
                    std::string(function));
}

Result<void> check_overlap(const std::vector<const expr::Path*>& paths) {
  for (std::size_t second = 1; second < paths.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      const Relation relation = relate(*paths[first], *paths[second]);
      if (relation == Relation::kApart) continue;
      return validation(std::string("Two document paths ") +
                        (relation == Relation::kOverlap ? "overlap" : "conflict") +
                        " with each other; must remove or rewrite one of these paths; path one: " +
                        to_string(*paths[first]) + ", path two: " + to_string(*paths[second]));
    }
  }
  return {};
}

}  // namespace stator::dynamodb::partiql
