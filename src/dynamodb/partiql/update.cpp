#include "dynamodb/partiql/update.hpp"

#include "dynamodb/errors.hpp"
#include "dynamodb/partiql/literal.hpp"

namespace stator::dynamodb::partiql {

namespace {

using Kind = Expression::Kind;
using expr::Action;
using expr::Node;

bool is_set(const Value& value) {
  return value.type() == Type::kSs || value.type() == Type::kNs || value.type() == Type::kBs;
}

class UpdateTranslator {
 public:
  explicit UpdateTranslator(const Scope& scope) : scope_(scope) {}

  Result<Action> action(const Assignment& assignment) const {
    if (!assignment.value) return Action{Action::Kind::kRemove, assignment.target};
    const Expression& value = *assignment.value;
    if (value.kind == Kind::kCall && (value.text == "set_add" || value.text == "set_delete")) {
      return set_action(assignment.target, value);
    }
    STATOR_TRY(auto operand, operand(value));
    return Action{Action::Kind::kSet, assignment.target, std::move(operand)};
  }

 private:
  Result<Action> set_action(const expr::Path& target, const Expression& call) const {
    const bool is_add = call.text == "set_add";
    const std::string name = is_add ? "SET_ADD" : "SET_DELETE";
    if (call.args.size() != 2) {
      return validation(name + " must have exactly two arguments" + at(call.position));
    }
    const Expression& set = call.args[0];
    if (set.kind != Kind::kPath || set.path != target) {
      return validation("The first argument to " + name + " must equal the assignment value" +
                        at(call.position));
    }
    const Error not_a_set = validation("The second argument to " + name +
                                       " must be a value with type SET" + at(set.position));
    if (!is_literal(call.args[1])) return not_a_set;
    STATOR_TRY(auto members, literal_value(call.args[1], scope_.parameters));
    if (!is_set(members)) return not_a_set;
    return Action{is_add ? Action::Kind::kAdd : Action::Kind::kDelete, target,
                  value_node(std::move(members), scope_)};
  }

  Result<Node> operand(const Expression& expression) const {
    switch (expression.kind) {
      case Kind::kMissing:
        return validation("MISSING must be compared using IS operator");
      case Kind::kPath:
        return path_node(expression.path);
      case Kind::kWildcard:
        return validation("Unpivot path component like a.*.b are not supported" +
                          at(expression.position));
      case Kind::kCall:
        return call(expression);
      case Kind::kOperator:
        return sum(expression);
      case Kind::kIs:
        return validation("Unsupported operator in Update Expression. Operator: is");
      default:
        break;
    }
    STATOR_TRY(auto value, literal_value(expression, scope_.parameters));
    return value_node(std::move(value), scope_);
  }

  Result<Node> sum(const Expression& expression) const {
    if (expression.text != "+" && expression.text != "-") {
      return validation("Unsupported operator in Update Expression. Operator: " + expression.text);
    }
    if (expression.args.size() != 2) {
      return wrong_operand_count(expression.text, expression.args.size());
    }
    Node node{expression.text == "+" ? Node::Kind::kPlus : Node::Kind::kMinus, expression.text};
    STATOR_TRY_VOID(add_operands(expression, node));
    return check_types(std::move(node), Type::kN);
  }

  Result<Node> call(const Expression& call) const {
    if (call.text == "size") {
      return validation("The function is not allowed in an update expression; function: size");
    }
    if (call.text != "list_append" && call.text != "if_not_exists") {
      return unrecognized_function(call);
    }
    if (call.args.size() != 2) return wrong_operand_count(call.text, call.args.size());
    Node node{Node::Kind::kFunction, call.text};
    STATOR_TRY_VOID(add_operands(call, node));
    if (call.text == "list_append") return check_types(std::move(node), Type::kL);
    if (node.args[0].kind != Node::Kind::kPath) return needs_document_path(call.text);
    return node;
  }

  Result<void> add_operands(const Expression& expression, Node& node) const {
    for (const Expression& argument : expression.args) {
      STATOR_TRY(auto translated, operand(argument));
      node.args.push_back(std::move(translated));
    }
    return {};
  }

  /// Literals of another type are refused before any item is read.
  static Result<Node> check_types(Node node, Type wanted) {
    for (const Node& argument : node.args) {
      if (argument.kind != Node::Kind::kValue || argument.value->type() == wanted) continue;
      return wrong_operand_type(node.text, to_string(argument.value->type()));
    }
    return node;
  }

  const Scope& scope_;
};

}  // namespace

Result<expr::Update> to_update(const std::vector<Assignment>& assignments, const Scope& scope) {
  const UpdateTranslator translator(scope);
  expr::Update update;
  for (const Assignment& assignment : assignments) {
    STATOR_TRY(auto action, translator.action(assignment));
    update.actions.push_back(std::move(action));
  }
  std::vector<const expr::Path*> paths;
  for (const Action& action : update.actions) paths.push_back(&action.path);
  STATOR_TRY_VOID(check_overlap(paths));
  return update;
}

}  // namespace stator::dynamodb::partiql
