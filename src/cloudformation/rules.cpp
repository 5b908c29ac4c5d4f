#include "cloudformation/rules.hpp"

#include <algorithm>

#include "cloudformation/function_forms.hpp"

namespace stator::cloudformation {
namespace {

/// The functions of one rule. Errors carry the sentence alone.
class Rule {
 public:
  explicit Rule(const Scope& scope) : scope_(scope) {}

  Result<bool> holds(const json::Value& expression) const {
    const json::Object* object = expression.if_object();
    if (object == nullptr || object->size() != 1) {
      return invalid("an assertion must be one rule-specific function");
    }
    const std::string_view function = key_of(*object->begin());
    const json::Value& argument = object->begin()->value();
    if (!argument.is_array()) return invalid(std::string(function) + " takes a list");
    const json::Array& parts = argument.get_array();
    if (function == "Fn::And" || function == "Fn::Or") return combined(function, parts);
    if (function == "Fn::Not") {
      if (parts.size() != 1) return invalid("Fn::Not takes one condition");
      STATOR_TRY(const bool inner, holds(parts[0]));
      return !inner;
    }
    if (parts.size() != 2) return invalid(std::string(function) + " takes two arguments");
    if (function == "Fn::Equals") {
      STATOR_TRY(const std::string left, text(parts[0]));
      STATOR_TRY(const std::string right, text(parts[1]));
      return left == right;
    }
    return about_lists(function, parts);
  }

 private:
  using Texts = std::vector<std::string>;

  Result<bool> combined(std::string_view function, const json::Array& parts) const {
    if (parts.size() < 2 || parts.size() > 10) {
      return invalid(std::string(function) + " takes two to ten conditions");
    }
    bool any = false, all = true;
    for (const json::Value& part : parts) {
      STATOR_TRY(const bool inner, holds(part));
      any = any || inner;
      all = all && inner;
    }
    return function == "Fn::And" ? all : any;
  }

  Result<bool> about_lists(std::string_view function, const json::Array& parts) const {
    if (function == "Fn::Contains") {
      STATOR_TRY(const Texts list, texts(parts[0]));
      STATOR_TRY(const std::string member, text(parts[1]));
      return std::find(list.begin(), list.end(), member) != list.end();
    }
    if (function == "Fn::EachMemberEquals") {
      STATOR_TRY(const Texts list, texts(parts[0]));
      STATOR_TRY(const std::string wanted, text(parts[1]));
      return std::all_of(list.begin(), list.end(),
                         [&](const std::string& one) { return one == wanted; });
    }
    if (function == "Fn::EachMemberIn") {
      STATOR_TRY(const Texts list, texts(parts[0]));
      STATOR_TRY(const Texts wanted, texts(parts[1]));
      return std::all_of(list.begin(), list.end(), [&](const std::string& one) {
        return std::find(wanted.begin(), wanted.end(), one) != wanted.end();
      });
    }
    return invalid("stator does not support " + std::string(function) + " in Rules");
  }

  Result<json::Value> value(const json::Value& input) const {
    if (const auto* call = call_of(input)) {
      const std::string_view function = key_of(*call);
      if (function == "Fn::RefAll" || function == "Fn::ValueOf" || function == "Fn::ValueOfAll") {
        return invalid("stator does not support " + std::string(function) + " in Rules");
      }
    }
    STATOR_TRY(auto resolved, resolve(input, scope_));
    return resolved ? std::move(*resolved) : json::Value();
  }

  Result<std::string> text(const json::Value& input) const {
    STATOR_TRY(const json::Value resolved, value(input));
    if (auto scalar = scalar_text(resolved)) return std::move(*scalar);
    return invalid("a text is wanted, not " + json::dump(resolved));
  }

  Result<Texts> texts(const json::Value& input) const {
    STATOR_TRY(const json::Value resolved, value(input));
    if (!resolved.is_array()) return invalid("a list of texts is wanted");
    Texts list;
    for (const json::Value& item : resolved.get_array()) {
      STATOR_TRY(std::string one, text(item));
      list.push_back(std::move(one));
    }
    return list;
  }

  const Scope& scope_;
};

Result<void> check_rule(const std::string& name, const json::Object& rule, const Scope& scope) {
  const auto malformed = [&](const std::string& what) {
    return validation_error("Template format error: [/Rules/" + name + "] " + what);
  };
  for (const auto& member : rule) {
    if (member.key() != "RuleCondition" && member.key() != "Assertions") {
      return malformed("has the unknown member '" + std::string(member.key()) + "'");
    }
  }
  const Rule evaluator(scope);
  if (const json::Value* condition = json::find(rule, "RuleCondition")) {
    const auto applies = evaluator.holds(*condition);
    if (!applies) return malformed(applies.error().message);
    if (!*applies) return {};
  }
  const json::Value* assertions = json::find(rule, "Assertions");
  if (assertions == nullptr || !assertions->is_array()) {
    return malformed("must contain a list of Assertions");
  }
  for (const json::Value& one : assertions->get_array()) {
    const json::Value* expression =
        one.is_object() ? json::find(one.get_object(), "Assert") : nullptr;
    if (expression == nullptr) return malformed("every assertion must contain an Assert");
    const auto outcome = evaluator.holds(*expression);
    if (!outcome) return malformed(outcome.error().message);
    if (*outcome) continue;
    return validation_error(
        "Rule " + name + " is not satisfied: " +
        json::find_string(one.get_object(), "AssertDescription").value_or("an assertion failed"));
  }
  return {};
}

}  // namespace

Result<void> check_rules(const json::Object& rules, const Scope& scope) {
  for (const auto& member : rules) {
    const std::string name(key_of(member));
    if (!member.value().is_object()) {
      return validation_error("Template format error: [/Rules/" + name + "] must be an object.");
    }
    STATOR_TRY_VOID(check_rule(name, member.value().get_object(), scope));
  }
  return {};
}

}  // namespace stator::cloudformation
