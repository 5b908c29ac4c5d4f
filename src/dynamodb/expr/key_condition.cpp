#include "dynamodb/expr/key_condition.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::expr {

namespace {

Error refuse(std::string_view message) {
  return validation("Invalid KeyConditionExpression: " + std::string(message));
}

/// The comparator that means the same with its operands exchanged.
std::string mirrored(const std::string& comparator) {
  if (comparator == "<") return ">";
  if (comparator == "<=") return ">=";
  if (comparator == ">") return "<";
  if (comparator == ">=") return "<=";
  return comparator;
}

Result<void> check_operation(const Node& node) {
  const bool is_allowed = (node.kind == Node::Kind::kCompare && node.text != "<>") ||
                          node.kind == Node::Kind::kBetween ||
                          (node.kind == Node::Kind::kFunction && node.text == "begins_with");
  if (is_allowed) return {};
  return refuse("Invalid operator used in KeyConditionExpression: " + node.text);
}

Result<KeyTerm> key_term(const Node& node) {
  STATOR_TRY_VOID(check_operation(node));
  std::vector<const Value*> literals;
  const Path* path = nullptr;
  std::size_t path_at = 0;
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    const Node& argument = node.args[i];
    if (argument.kind == Node::Kind::kValue) {
      literals.push_back(argument.value);
    } else if (argument.kind == Node::Kind::kPath) {
      if (argument.path.size() > 1) {
        return refuse("KeyConditionExpressions cannot have conditions on nested attributes");
      }
      if (path) {
        return refuse(
            "Invalid condition in KeyConditionExpression: Multiple attribute names used "
            "in one condition");
      }
      path = &argument.path;
      path_at = i;
    } else {
      return refuse("KeyConditionExpressions cannot contain nested operations");
    }
  }
  if (!path) {
    return refuse("Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  if (path_at != 0 && node.kind != Node::Kind::kCompare) {
    return refuse("Invalid condition in KeyConditionExpression: " + node.text +
                  " operator must have the key attribute as its first operand");
  }
  return KeyTerm{path->front().name, path_at == 0 ? node.text : mirrored(node.text), literals[0],
                 literals.size() > 1 ? literals[1] : nullptr};
}

Result<void> check_types(const KeyTerm& term, Type type) {
  if (term.low->type() == type && (!term.high || term.high->type() == type)) return {};
  return invalid_parameter("Condition parameter type does not match schema type");
}

}  // namespace

Result<std::vector<KeyTerm>> key_terms(const Node& condition) {
  std::vector<const Node*> nodes;
  std::vector<const Node*> pending = {&condition};
  while (!pending.empty()) {
    const Node* node = pending.back();
    pending.pop_back();
    if (node->kind == Node::Kind::kAnd) {
      for (auto at = node->args.rbegin(); at != node->args.rend(); ++at) pending.push_back(&*at);
    } else {
      nodes.push_back(node);
    }
  }
  std::vector<KeyTerm> terms;
  for (const Node* node : nodes) {
    STATOR_TRY(auto term, key_term(*node));
    for (const KeyTerm& other : terms) {
      if (other.attribute != term.attribute) continue;
      return refuse("KeyConditionExpressions must only contain one condition per key");
    }
    terms.push_back(std::move(term));
  }
  if (terms.size() > 2) return validation("Conditions can be of length 1 or 2 only");
  return terms;
}

Result<KeyCondition> bind(const std::vector<KeyTerm>& terms, const Table& table) {
  KeyCondition condition;
  std::size_t matched = 0;
  for (const KeyTerm& term : terms) {
    if (term.attribute == table.partition.name) {
      STATOR_TRY_VOID(check_types(term, table.partition.type));
      if (term.operation != "=") return validation("Query key condition not supported");
      condition.partition = term.low;
      ++matched;
    } else if (table.sort && term.attribute == table.sort->name) {
      STATOR_TRY_VOID(check_types(term, table.sort->type));
      if (term.operation == "begins_with" && table.sort->type == Type::kN) {
        return validation("Query key condition not supported");
      }
      condition.sort = term;
      ++matched;
    }
  }
  if (!condition.partition) {
    return validation("Query condition missed key schema element: " + table.partition.name);
  }
  if (matched == terms.size()) return condition;
  if (!table.sort) return validation("Query key condition not supported");
  return validation("Query condition missed key schema element: " + table.sort->name);
}

storage::Range key_range(TableId table, const KeyCondition& condition) {
  const std::string prefix = partition_prefix(table, key_bytes(*condition.partition));
  storage::Range range{prefix, after_prefix(prefix)};
  if (!condition.sort) return range;
  const KeyTerm& term = *condition.sort;
  const std::string low = prefix + key_bytes(*term.low);
  if (term.operation == "=") return {low, after(low)};
  if (term.operation == "<") range.end = low;
  if (term.operation == "<=") range.end = after(low);
  if (term.operation == ">") range.begin = after(low);
  if (term.operation == ">=") range.begin = low;
  if (term.operation == "BETWEEN") return {low, after(prefix + key_bytes(*term.high))};
  if (term.operation == "begins_with") return {low, after_prefix(low)};
  return range;
}

}  // namespace stator::dynamodb::expr
