#include "dynamodb/expr/check_common.hpp"

#include "dynamodb/expr/reserved_words.hpp"

namespace stator::dynamodb::expr {

namespace {

enum class Relation { kApart, kOverlap, kConflict };

Relation relate(const Path& a, const Path& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i].is_index != b[i].is_index) return Relation::kConflict;
    if (a[i] != b[i]) return Relation::kApart;
  }
  return Relation::kOverlap;
}

}  // namespace

Result<void> check_reserved(Wording wording, const Path& path) {
  for (const Step& step : path) {
    if (!is_reserved(step.name)) continue;
    return wording.fail_with("Attribute name is a reserved keyword; reserved keyword: " +
                             step.name);
  }
  return {};
}

Result<void> resolve_names(Wording wording, Path& path, Placeholders& placeholders) {
  for (Step& step : path) {
    if (!step.name.starts_with('#')) continue;
    auto name = placeholders.name(step.name);
    if (!name) return wording.fail_with(name.error().message);
    step.name = std::move(*name);
  }
  return {};
}

Result<void> resolve_names(Wording wording, Node& node, Placeholders& placeholders) {
  if (node.kind == Node::Kind::kPath) return resolve_names(wording, node.path, placeholders);
  for (Node& argument : node.args) {
    STATOR_TRY_VOID(resolve_names(wording, argument, placeholders));
  }
  return {};
}

Result<void> resolve_values(Wording wording, Node& node, Placeholders& placeholders) {
  if (node.kind == Node::Kind::kValue) {
    const auto value = placeholders.value(node.text);
    if (!value) return wording.fail_with(value.error().message);
    node.value = *value;
  }
  for (Node& argument : node.args) {
    STATOR_TRY_VOID(resolve_values(wording, argument, placeholders));
  }
  return {};
}

Result<void> check_overlap(Wording wording, const std::vector<const Path*>& paths) {
  const auto sentence = [](std::string_view verb, const Path& one, const Path& two) {
    return "Two document paths " + std::string(verb) +
           " with each other; must remove or rewrite one of these paths; path one: " +
           to_string(one) + ", path two: " + to_string(two);
  };
  std::string conflict;
  for (std::size_t second = 1; second < paths.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      const Relation relation = relate(*paths[first], *paths[second]);
      if (relation == Relation::kOverlap) {
        return wording.fail_with(sentence("overlap", *paths[first], *paths[second]));
      }
      if (relation == Relation::kConflict && conflict.empty()) {
        conflict = sentence("conflict", *paths[first], *paths[second]);
      }
    }
  }
  if (!conflict.empty()) return wording.fail_with(conflict);
  return {};
}

std::optional<Type> literal_type(const Node& node) {
  if (node.kind != Node::Kind::kValue || node.value == nullptr) return std::nullopt;
  return node.value->type();
}

Error wrong_operand_type(Wording wording, std::string_view function, std::string_view type) {
  return wording.fail_with(
      "Incorrect operand type for operator or function; operator or function: " +
      std::string(function) + ", operand type: " + std::string(type));
}

Error wrong_operand_count(Wording wording, const Node& function) {
  return wording.fail_with(
      "Incorrect number of operands for operator or function; operator or function: " +
      function.text + ", number of operands: " + std::to_string(function.args.size()));
}

Error needs_document_path(Wording wording, std::string_view function) {
  return wording.fail_with("Operator or function requires a document path; operator or function: " +
                           std::string(function));
}

}  // namespace stator::dynamodb::expr
