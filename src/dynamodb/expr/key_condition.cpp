#include "dynamodb/expr/key_condition.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/index_entry.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb::expr {

namespace {

Error refuse(std::string_view message) {
  return validation(std::string(message));
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

/// The literals are what this part of the key can be.
Result<void> check_literals(const KeyTerm& term, const KeySchema& schema, KeyPart part,
                            const KeyAttribute& attribute) {
  STATOR_TRY_VOID(check_types(term, attribute.type));
  STATOR_TRY_VOID(check_key_value(schema, part, attribute, *term.low));
  return term.high ? check_key_value(schema, part, attribute, *term.high) : Result<void>();
}

const KeyTerm* find_term(const std::vector<KeyTerm>& terms, const KeyAttribute& attribute) {
  for (const KeyTerm& term : terms) {
    if (term.attribute == attribute.name) return &term;
  }
  return nullptr;
}

Result<void> bind_partition(const std::vector<KeyTerm>& terms, const KeySchema& schema,
                            KeyCondition& condition) {
  std::vector<std::string> missed;
  bool has_other_operation = false;
  for (const KeyAttribute& attribute : schema.partition) {
    const KeyTerm* term = find_term(terms, attribute);
    if (term) STATOR_TRY_VOID(check_literals(*term, schema, KeyPart::kPartition, attribute));
    if (term && term->operation == "=") {
      condition.partition.push_back(term->low);
    } else {
      missed.push_back(attribute.name);
      has_other_operation = has_other_operation || term;
    }
  }
  if (missed.empty()) return {};
  if (schema.partition.size() > 1) {
    return validation("HASH key attributes " + join(missed, ", ") +
                      " must have equality conditions specified in the query");
  }
  if (has_other_operation) return validation("Query key condition not supported");
  return validation("Query condition missed key schema element: " + missed.front());
}

/// Takes sort attributes from the left; every one before the last that has a term needs an =.
Result<void> bind_sort(const std::vector<KeyTerm>& terms, const KeySchema& schema,
                       KeyCondition& condition) {
  std::vector<std::string> unequal;
  std::size_t matched = 0;
  for (const KeyAttribute& attribute : schema.sort) {
    const KeyTerm* term = find_term(terms, attribute);
    if (term) {
      STATOR_TRY_VOID(check_literals(*term, schema, KeyPart::kSort, attribute));
      if (!unequal.empty()) {
        return validation("RANGE key attributes " + join(unequal, ", ") +
                          " must have equality conditions specified in the query because a "
                          "condition is present on key attribute " +
                          attribute.name);
      }
      if (term->operation == "begins_with" && attribute.type == Type::kN) {
        return validation("Query key condition not supported");
      }
      ++matched;
    }
    if (term && term->operation == "=") {
      condition.sort.push_back(term->low);
    } else {
      if (term) condition.last = *term;
      unequal.push_back(attribute.name);
    }
  }
  if (matched + schema.partition.size() == terms.size()) return {};
  if (unequal.empty()) return validation("Query key condition not supported");
  return validation("Query condition missed key schema element: " + unequal.front());
}

/// Where the values of the attribute after those bound by = begin and end.
class KeyBounds {
 public:
  KeyBounds(const Table& table, const Index* index, const KeyCondition& condition)
      : is_index_(index != nullptr),
        prefix_(index ? index_prefix(*index, condition.partition, condition.sort)
                      : partition_prefix(table.id, key_bytes(*condition.partition.front()))) {
    if (!index && !condition.sort.empty()) equal_ = key_bytes(*condition.sort.front());
  }

  [[nodiscard]] storage::Range all() const {
    // A table's sort key is the rest of its key, so = names one key.
    if (equal_) return {prefix_ + *equal_, after(prefix_ + *equal_)};
    return {prefix_, after_prefix(prefix_)};
  }
  /// The first key whose attribute has this value.
  [[nodiscard]] std::string first(const Value& value) const {
    std::string key = prefix_;
    if (!is_index_) return key + key_bytes(value);
    storage::append_part(key, key_bytes(value));
    return key;
  }
  /// The first key after those.
  [[nodiscard]] std::string past(const Value& value) const {
    return is_index_ ? after_prefix(first(value)) : after(first(value));
  }
  /// What the keys whose attribute begins with this value begin with.
  [[nodiscard]] std::string stem(const Value& value) const {
    std::string key = first(value);
    if (is_index_) key.resize(key.size() - kPartEndBytes);
    return key;
  }

 private:
  static constexpr std::size_t kPartEndBytes = 2;

  bool is_index_;
  std::string prefix_;
  std::optional<std::string> equal_;
};

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
  return terms;
}

Result<KeyCondition> bind(const std::vector<KeyTerm>& terms, const KeySchema& schema) {
  const std::size_t key_size = schema.partition.size() + schema.sort.size();
  if (terms.size() > key_size) {
    return validation("The number of query conditions (" + std::to_string(terms.size()) +
                      ") exceeds the number of key attributes defined in the schema (" +
                      std::to_string(key_size) + ")");
  }
  KeyCondition condition;
  STATOR_TRY_VOID(bind_partition(terms, schema, condition));
  STATOR_TRY_VOID(bind_sort(terms, schema, condition));
  return condition;
}

storage::Range key_range(const Table& table, const Index* index, const KeyCondition& condition) {
  const KeyBounds bounds(table, index, condition);
  if (!condition.last) return bounds.all();
  const KeyTerm& term = *condition.last;
  const Value& low = *term.low;
  storage::Range range = bounds.all();
  if (term.operation == "=") return {bounds.first(low), bounds.past(low)};
  if (term.operation == "<") range.end = bounds.first(low);
  if (term.operation == "<=") range.end = bounds.past(low);
  if (term.operation == ">") range.begin = bounds.past(low);
  if (term.operation == ">=") range.begin = bounds.first(low);
  if (term.operation == "BETWEEN") return {bounds.first(low), bounds.past(*term.high)};
  if (term.operation == "begins_with") {
    return {bounds.stem(low), after_prefix(bounds.stem(low))};
  }
  return range;
}

}  // namespace stator::dynamodb::expr
