#include "lambda/sources/pattern.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::sources {
namespace {

/// AWS's limit on the text of one pattern.
constexpr std::size_t kPatternBytesMax = 4'096;
/// EventBridge refuses patterns whose alternatives multiply beyond this.
constexpr std::size_t kAlternativesMax = 1'000;

struct Bounds {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
  bool is_lowest_in = true;
  bool is_highest_in = true;

  [[nodiscard]] bool contain(double number) const {
    const bool is_above = is_lowest_in ? number >= lowest : number > lowest;
    return is_above && (is_highest_in ? number <= highest : number < highest);
  }
};

/// What a leaf may be.
struct Rule {
  enum class Kind {
    kExact,
    kPrefix,
    kPrefixIgnoreCase,
    kSuffix,
    kSuffixIgnoreCase,
    kEqualsIgnoreCase,
    kWildcard,
    kNumeric,
    kExists,
    kAbsent,
    kAnythingBut,
  };
  Kind kind = Kind::kExact;
  json::Value value = nullptr;  ///< of kExact
  std::string text = {};
  Bounds bounds = {};
  std::vector<Rule> others = {};  ///< of kAnythingBut: none of them may match
};

}  // namespace

struct Pattern::Node {
  struct Member;
  std::vector<Member> members;
  std::vector<std::vector<Node>> choices;  ///< one of each must match
  std::vector<Rule> rules;                 ///< of a leaf, which has no members
  bool is_leaf = false;
};

struct Pattern::Node::Member {
  std::string name;
  Node node;
};

namespace {

using Kind = Rule::Kind;
using Node = Pattern::Node;

Error bad_pattern() {
  return invalid_parameter("Invalid filter pattern definition.");
}

bool is_leaf_value(const json::Value& value) {
  return !value.is_object() && !value.is_array();
}

std::string text_of(const json::Value& value) {
  return std::string(json::view(value.get_string()));
}

/// A pattern's "*" is a wildcard, "\*" a star and "\\" a backslash; "?" means itself. Base's
/// matcher knows no escapes, so texts are matched here.
bool wildcard_matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, read = 0, star = std::string_view::npos, resume = 0;
  const auto is_star = [&](std::size_t i) { return i < pattern.size() && pattern[i] == '*'; };
  while (read < text.size()) {
    if (is_star(at)) {
      star = ++at;
      resume = read;
      continue;
    }
    const std::size_t literal = at < pattern.size() && pattern[at] == '\\' ? at + 1 : at;
    if (literal < pattern.size() && pattern[literal] == text[read]) {
      at = literal + 1;
      ++read;
      continue;
    }
    if (star == std::string_view::npos) return false;
    at = star;
    read = ++resume;
  }
  while (is_star(at)) ++at;
  return at == pattern.size();
}

/// Escapes are of "*" and "\" alone, and no two wildcards stand side by side.
bool is_wildcard(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*' && i + 1 < pattern.size() && pattern[i + 1] == '*') return false;
    if (pattern[i] != '\\') continue;
    if (++i == pattern.size() || (pattern[i] != '*' && pattern[i] != '\\')) return false;
  }
  return true;
}

Result<Bounds> read_bounds(const json::Value& value) {
  if (!value.is_array()) return bad_pattern();
  const json::Array& parts = value.get_array();
  if (parts.size() != 2 && parts.size() != 4) return bad_pattern();
  Bounds bounds;
  bool has_lowest = false, has_highest = false;
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    if (!parts[i].is_string() || !parts[i + 1].is_number()) return bad_pattern();
    const std::string_view sign = json::view(parts[i].get_string());
    const auto number = parts[i + 1].to_number<double>();
    if (sign == "=" && parts.size() == 2) {
      bounds.lowest = bounds.highest = number;
    } else if ((sign == ">" || sign == ">=") && !has_lowest) {
      has_lowest = true;
      bounds.lowest = number;
      bounds.is_lowest_in = sign == ">=";
    } else if ((sign == "<" || sign == "<=") && !has_highest) {
      has_highest = true;
      bounds.highest = number;
      bounds.is_highest_in = sign == "<=";
    } else {
      return bad_pattern();
    }
  }
  return bounds;
}

/// Rules over a text: {"prefix": "a"}, {"prefix": {"equals-ignore-case": "a"}} and their like.
Result<Rule> read_text_rule(std::string_view name, const json::Value& value) {
  struct Form {
    std::string_view name;
    Kind kind;
    Kind ignoring_case;
  };
  constexpr std::array<Form, 4> kForms{
      {{"prefix", Kind::kPrefix, Kind::kPrefixIgnoreCase},
       {"suffix", Kind::kSuffix, Kind::kSuffixIgnoreCase},
       {"equals-ignore-case", Kind::kEqualsIgnoreCase, Kind::kEqualsIgnoreCase},
       {"wildcard", Kind::kWildcard, Kind::kWildcard}}};
  const auto* form = std::find_if(kForms.begin(), kForms.end(),
                                  [name](const Form& one) { return one.name == name; });
  if (form == kForms.end()) return bad_pattern();
  Rule rule{.kind = form->kind};
  const json::Value* text = &value;
  if (value.is_object() && form->kind != form->ignoring_case && value.get_object().size() == 1) {
    text = json::find(value.get_object(), "equals-ignore-case");
    rule.kind = form->ignoring_case;
  }
  if (text == nullptr || !text->is_string()) return bad_pattern();
  rule.text = text_of(*text);
  if (rule.kind == Kind::kWildcard && !is_wildcard(rule.text)) return bad_pattern();
  return rule;
}

Result<Rule> read_anything_but(const json::Value& value) {
  Rule rule{.kind = Kind::kAnythingBut};
  const auto add = [&](std::string_view form, const json::Value& one) -> Result<void> {
    if (form.empty()) {
      if (!one.is_string() && !one.is_number()) return bad_pattern();
      rule.others.push_back({.value = one});
      return {};
    }
    STATOR_TRY(auto other, read_text_rule(form, one));
    rule.others.push_back(std::move(other));
    return {};
  };
  const json::Value* wanted = &value;
  std::string form;
  if (value.is_object()) {
    if (value.get_object().size() != 1) return bad_pattern();
    form = std::string(value.get_object().begin()->key());
    wanted = &value.get_object().begin()->value();
  }
  if (!wanted->is_array()) {
    STATOR_TRY_VOID(add(form, *wanted));
    return rule;
  }
  if (wanted->get_array().empty()) return bad_pattern();
  for (const json::Value& one : wanted->get_array()) STATOR_TRY_VOID(add(form, one));
  return rule;
}

Result<Rule> read_rule(const json::Value& value) {
  if (value.is_array()) return bad_pattern();
  if (!value.is_object()) return Rule{.value = value};
  const json::Object& object = value.get_object();
  if (object.size() != 1) return bad_pattern();
  const std::string name(object.begin()->key());
  const json::Value& wanted = object.begin()->value();
  if (name == "exists") {
    if (!wanted.is_bool()) return bad_pattern();
    return Rule{.kind = wanted.get_bool() ? Kind::kExists : Kind::kAbsent};
  }
  if (name == "numeric") {
    Rule rule{.kind = Kind::kNumeric};
    STATOR_TRY(rule.bounds, read_bounds(wanted));
    return rule;
  }
  if (name == "anything-but") return read_anything_but(wanted);
  return read_text_rule(name, wanted);
}

Result<Node> read_object(const json::Object& object, std::size_t& alternatives);

Result<Node> read_node(const json::Value& value, std::size_t& alternatives) {
  if (value.is_object()) return read_object(value.get_object(), alternatives);
  if (!value.is_array() || value.get_array().empty()) return bad_pattern();
  Node node;
  node.is_leaf = true;
  for (const json::Value& one : value.get_array()) {
    STATOR_TRY(auto rule, read_rule(one));
    node.rules.push_back(std::move(rule));
  }
  return node;
}

Result<Node> read_object(const json::Object& object, std::size_t& alternatives) {
  if (object.empty()) return bad_pattern();
  Node node;
  for (const auto& member : object) {
    const std::string name(member.key());
    if (name != "$or") {
      STATOR_TRY(auto child, read_node(member.value(), alternatives));
      node.members.push_back({std::string(name), std::move(child)});
      continue;
    }
    if (!member.value().is_array() || member.value().get_array().size() < 2) return bad_pattern();
    std::vector<Node> choice;
    for (const json::Value& one : member.value().get_array()) {
      if (!one.is_object() || ++alternatives > kAlternativesMax) return bad_pattern();
      STATOR_TRY(auto child, read_object(one.get_object(), alternatives));
      choice.push_back(std::move(child));
    }
    node.choices.push_back(std::move(choice));
  }
  return node;
}

bool text_matches(const Rule& rule, std::string_view text) {
  const std::size_t size = rule.text.size();
  switch (rule.kind) {
    case Kind::kPrefix:
      return text.starts_with(rule.text);
    case Kind::kPrefixIgnoreCase:
      return text.size() >= size && equals_ignore_case(text.substr(0, size), rule.text);
    case Kind::kSuffix:
      return text.ends_with(rule.text);
    case Kind::kSuffixIgnoreCase:
      return text.size() >= size && equals_ignore_case(text.substr(text.size() - size), rule.text);
    case Kind::kEqualsIgnoreCase:
      return equals_ignore_case(text, rule.text);
    default:
      return wildcard_matches(rule.text, text);
  }
}

bool rule_matches(const Rule& rule, const json::Value& leaf) {
  switch (rule.kind) {
    case Kind::kExists:
      return true;
    case Kind::kAbsent:
      return false;
    case Kind::kExact:
      if (rule.value.is_number() && leaf.is_number()) {
        return rule.value.to_number<double>() == leaf.to_number<double>();
      }
      return rule.value == leaf;
    case Kind::kNumeric:
      return leaf.is_number() && rule.bounds.contain(leaf.to_number<double>());
    case Kind::kAnythingBut:
      return std::none_of(rule.others.begin(), rule.others.end(),
                          [&](const Rule& other) { return rule_matches(other, leaf); });
    default:
      return leaf.is_string() && text_matches(rule, json::view(leaf.get_string()));
  }
}

/// Calls `visit` with each leaf of a value, lists opened, until it answers true.
template <class Visit>
bool any_leaf(const json::Value& value, const Visit& visit) {
  if (is_leaf_value(value)) return visit(value);
  if (!value.is_array()) return false;
  for (const json::Value& element : value.get_array()) {
    if (any_leaf(element, visit)) return true;
  }
  return false;
}

bool leaf_matches(const std::vector<Rule>& rules, const json::Value* value) {
  const auto matches_one = [&rules](const json::Value& leaf) {
    return std::any_of(rules.begin(), rules.end(),
                       [&leaf](const Rule& rule) { return rule_matches(rule, leaf); });
  };
  if (value != nullptr && any_leaf(*value, matches_one)) return true;
  const bool is_there =
      value != nullptr && any_leaf(*value, [](const json::Value&) { return true; });
  return !is_there && std::any_of(rules.begin(), rules.end(),
                                  [](const Rule& rule) { return rule.kind == Kind::kAbsent; });
}

/// `value` is null where the event has nothing.
bool node_matches(const Node& node, const json::Value* value) {
  if (node.is_leaf) return leaf_matches(node.rules, value);
  if (value != nullptr && value->is_array()) {
    const json::Array& elements = value->get_array();
    return std::any_of(elements.begin(), elements.end(),
                       [&node](const json::Value& one) { return node_matches(node, &one); });
  }
  const json::Object* object =
      value != nullptr && value->is_object() ? &value->get_object() : nullptr;
  for (const auto& [name, child] : node.members) {
    const json::Value* member = object == nullptr ? nullptr : json::find(*object, name);
    if (!node_matches(child, member)) return false;
  }
  return std::all_of(node.choices.begin(), node.choices.end(), [value](const auto& choice) {
    return std::any_of(choice.begin(), choice.end(),
                       [value](const Node& one) { return node_matches(one, value); });
  });
}

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  if (text.size() > kPatternBytesMax) return bad_pattern();
  const auto object = json::parse_object(text);
  if (!object) return bad_pattern();
  std::size_t alternatives = 0;
  STATOR_TRY(auto root, read_object(*object, alternatives));
  return Pattern(std::make_shared<const Node>(std::move(root)));
}

bool Pattern::matches(const json::Value& event) const {
  return node_matches(*root_, &event);
}

}  // namespace stator::lambda::sources
