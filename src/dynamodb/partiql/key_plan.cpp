#include "dynamodb/partiql/key_plan.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::partiql {

namespace {

using expr::KeyTerm;
using expr::Node;

constexpr std::size_t kReadsMax = 50;
/// Combinations that are looked at before the impossible ones are dropped.
constexpr std::size_t kCombinationsMax = 10'000;

Error too_many_reads() {
  return validation("Too many decomposed read operations for a given query.");
}

bool is_attribute(const Node& node, const KeyAttribute& attribute) {
  return node.kind == Node::Kind::kPath && node.path.size() == 1 &&
         node.path[0].name == attribute.name;
}

bool is_value(const Node& node) {
  return node.kind == Node::Kind::kValue;
}

std::string mirrored(const std::string& comparator) {
  if (comparator == "<") return ">";
  if (comparator == "<=") return ">=";
  if (comparator == ">") return "<";
  if (comparator == ">=") return "<=";
  return comparator;
}

/// The terms, one of which must hold, that a comparison puts on an attribute; none when it is no
/// condition that a range of keys can stand for.
std::vector<KeyTerm> terms_on(const Node& node, const KeyAttribute& attribute) {
  if (node.args.size() < 2) return {};
  const bool is_first = is_attribute(node.args[0], attribute);
  if (node.kind == Node::Kind::kCompare && node.text != "<>") {
    if (is_first && is_value(node.args[1])) {
      return {{attribute.name, node.text, node.args[1].value}};
    }
    if (is_value(node.args[0]) && is_attribute(node.args[1], attribute)) {
      return {{attribute.name, mirrored(node.text), node.args[0].value}};
    }
    return {};
  }
  if (!is_first || !std::all_of(node.args.begin() + 1, node.args.end(), is_value)) return {};
  if (node.kind == Node::Kind::kBetween) {
    return {{attribute.name, "BETWEEN", node.args[1].value, node.args[2].value}};
  }
  if (node.kind == Node::Kind::kFunction && node.text == "begins_with") {
    return {{attribute.name, "begins_with", node.args[1].value}};
  }
  std::vector<KeyTerm> terms;
  if (node.kind == Node::Kind::kIn) {
    for (std::size_t i = 1; i < node.args.size(); ++i) {
      terms.push_back({attribute.name, "=", node.args[i].value});
    }
  }
  return terms;
}

bool mentions(const Node& node, const KeyAttribute& attribute) {
  return is_attribute(node, attribute) ||
         std::any_of(node.args.begin(), node.args.end(),
                     [&](const Node& argument) { return mentions(argument, attribute); });
}

bool is_equality(const KeyTerm& term) {
  return term.operation == "=";
}

bool has_type(const KeyTerm& term, Type type) {
  return term.low->type() == type && (!term.high || term.high->type() == type);
}

/// Takes a clause apart into alternatives.
class Decomposer {
 public:
  explicit Decomposer(const KeyAttributes& keys, bool checks_types = true)
      : keys_(keys), checks_types_(checks_types) {}

  [[nodiscard]] bool fixes_partition(const Node& node) const {
    const auto fixes = [this](const Node& part) { return fixes_partition(part); };
    if (node.kind == Node::Kind::kAnd) {
      return std::any_of(node.args.begin(), node.args.end(), fixes);
    }
    if (node.kind == Node::Kind::kOr) {
      return std::all_of(node.args.begin(), node.args.end(), fixes);
    }
    return !partition_terms(node).empty();
  }

  [[nodiscard]] Result<std::vector<KeyedRead>> reads(const Node& node) const {
    if (node.kind == Node::Kind::kAnd) return all_of(node);
    if (node.kind == Node::Kind::kOr && has_key_terms(node)) return any_of(node);
    return leaf(node);
  }

 private:
  [[nodiscard]] std::vector<KeyTerm> partition_terms(const Node& node) const {
    auto terms = terms_on(node, keys_.partition);
    if (!std::all_of(terms.begin(), terms.end(), is_equality)) terms.clear();
    return terms;
  }

  [[nodiscard]] std::vector<KeyTerm> sort_terms(const Node& node) const {
    return keys_.sort ? terms_on(node, *keys_.sort) : std::vector<KeyTerm>();
  }

  [[nodiscard]] bool has_key_terms(const Node& node) const {
    if (node.kind == Node::Kind::kAnd || node.kind == Node::Kind::kOr) {
      return std::any_of(node.args.begin(), node.args.end(),
                         [this](const Node& part) { return has_key_terms(part); });
    }
    return !partition_terms(node).empty() || !sort_terms(node).empty();
  }

  [[nodiscard]] bool fits(const KeyTerm& term, const KeyAttribute& attribute) const {
    return !checks_types_ || has_type(term, attribute.type);
  }

  [[nodiscard]] Result<std::vector<KeyedRead>> leaf(const Node& node) const {
    std::vector<KeyedRead> reads;
    for (KeyTerm& term : partition_terms(node)) {
      if (!fits(term, keys_.partition)) return wrong_key_type(term.attribute);
      reads.emplace_back().partition = std::move(term);
    }
    for (KeyTerm& term : sort_terms(node)) {
      if (!fits(term, *keys_.sort)) return wrong_key_type(term.attribute);
      reads.emplace_back().sort.push_back(std::move(term));
    }
    if (!reads.empty()) return reads;
    KeyedRead& rest = reads.emplace_back();
    rest.rest.push_back(&node);
    const bool is_negation =
        node.kind == Node::Kind::kNot || (node.kind == Node::Kind::kCompare && node.text == "<>");
    rest.has_negated_sort = is_negation && keys_.sort && mentions(node, *keys_.sort);
    return reads;
  }

  [[nodiscard]] Result<std::vector<KeyedRead>> any_of(const Node& node) const {
    std::vector<KeyedRead> alternatives;
    for (const Node& part : node.args) {
      STATOR_TRY(auto more, reads(part));
      std::move(more.begin(), more.end(), std::back_inserter(alternatives));
      if (alternatives.size() > kCombinationsMax) return too_many_reads();
    }
    return alternatives;
  }

  [[nodiscard]] Result<std::vector<KeyedRead>> all_of(const Node& node) const {
    std::vector<KeyedRead> combined(1);
    for (const Node& part : node.args) {
      STATOR_TRY(const auto more, reads(part));
      if (combined.size() * more.size() > kCombinationsMax) return too_many_reads();
      std::vector<KeyedRead> next;
      next.reserve(combined.size() * more.size());
      for (const KeyedRead& left : combined) {
        for (const KeyedRead& right : more) next.push_back(both(left, right));
      }
      combined = std::move(next);
    }
    return combined;
  }

  static KeyedRead both(KeyedRead left, const KeyedRead& right) {
    if (!left.partition.low) {
      left.partition = right.partition;
    } else if (right.partition.low && *right.partition.low != *left.partition.low) {
      left.is_void = true;
    }
    left.sort.insert(left.sort.end(), right.sort.begin(), right.sort.end());
    left.rest.insert(left.rest.end(), right.rest.begin(), right.rest.end());
    left.has_negated_sort = left.has_negated_sort || right.has_negated_sort;
    left.is_void = left.is_void || right.is_void;
    return left;
  }

  const KeyAttributes& keys_;
  bool checks_types_;
};

/// The parts of a chain of ANDs, from left to right.
void flatten(const Node& node, std::vector<const Node*>& parts) {
  if (node.kind != Node::Kind::kAnd) {
    parts.push_back(&node);
    return;
  }
  for (const Node& part : node.args) flatten(part, parts);
}

}  // namespace

KeyAttributes KeyAttributes::of(const Table& table, const Index* index) {
  if (index == nullptr) return {table.partition, table.sort};
  KeyAttributes keys{index->partition.front(), std::nullopt};
  if (!index->sort.empty()) keys.sort = index->sort.front();
  return keys;
}

bool fixes_partition(const Node& where, const KeyAttributes& keys) {
  return Decomposer(keys).fixes_partition(where);
}

Result<std::vector<KeyedRead>> keyed_reads(const Node& where, const KeyAttributes& keys,
                                           bool checks_types) {
  STATOR_TRY(auto reads, Decomposer(keys, checks_types).reads(where));
  const auto count = std::count_if(reads.begin(), reads.end(),
                                   [](const KeyedRead& read) { return !read.is_void; });
  if (static_cast<std::size_t>(count) > kReadsMax) return too_many_reads();
  return reads;
}

std::optional<Map> single_key(const std::vector<KeyedRead>& reads, const KeyAttributes& keys) {
  if (reads.size() != 1 || reads[0].is_void || !reads[0].rest.empty()) return std::nullopt;
  const KeyedRead& read = reads[0];
  Map key;
  key.set(keys.partition.name, *read.partition.low);
  if (!keys.sort) return read.sort.empty() ? std::optional(std::move(key)) : std::nullopt;
  if (read.sort.empty()) return std::nullopt;
  for (const KeyTerm& term : read.sort) {
    if (!is_equality(term) || *term.low != *read.sort[0].low) return std::nullopt;
  }
  key.set(keys.sort->name, *read.sort[0].low);
  return key;
}

std::optional<WriteTarget> write_target(const Node& where, const KeyAttributes& keys) {
  std::vector<const Node*> parts;
  flatten(where, parts);
  WriteTarget target;
  for (const Node* part : parts) {
    const auto take = [&](const KeyAttribute& attribute) {
      if (part->kind != Node::Kind::kCompare) return false;
      const auto terms = terms_on(*part, attribute);
      if (terms.empty() || !is_equality(terms[0])) return false;
      const Value* known = target.key.find(attribute.name);
      if (!known) {
        target.key.set(attribute.name, *terms[0].low);
      } else if (*known != *terms[0].low) {
        if (target.conflict.empty()) target.conflict = attribute.name;
        return false;
      }
      return true;
    };
    if (!take(keys.partition) && !(keys.sort && take(*keys.sort))) target.rest.push_back(part);
  }
  if (target.key.size() != (keys.sort ? 2u : 1u)) return std::nullopt;
  return target;
}

Error wrong_key_type(std::string_view attribute) {
  return validation("Key attribute's data type should match its data type in table's schema: Key " +
                    std::string(attribute));
}

}  // namespace stator::dynamodb::partiql
