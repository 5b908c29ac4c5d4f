#include "cloudformation/function_forms.hpp"
#include "cloudformation/functions.hpp"

namespace stator::cloudformation {
namespace {

/// Conditions refer to one another, so each is evaluated when it is first asked for.
class Conditions {
 public:
  Conditions(const json::Object& declared, Scope& scope) : declared_(declared), scope_(scope) {}

  Result<bool> named(std::string_view name) {
    if (const auto known = scope_.conditions.find(name); known != scope_.conditions.end()) {
      return known->second;
    }
    const json::Value* condition = json::find(declared_, name);
    if (condition == nullptr) {
      return validation_error("Template format error: Unresolved condition dependency " +
                              std::string(name) + " in the Conditions block of the template");
    }
    if (++depth_ > declared_.size()) {
      return validation_error("Template format error: Circular dependency in the Conditions block");
    }
    STATOR_TRY(const bool outcome, evaluate(*condition));
    --depth_;
    scope_.conditions.emplace(name, outcome);
    return outcome;
  }

 private:
  Result<bool> evaluate(const json::Value& condition) {
    if (!condition.is_object() || condition.get_object().size() != 1) return malformed("condition");
    const auto& member = *condition.get_object().begin();
    const std::string_view function = key_of(member);
    const json::Value& argument = member.value();
    if (function == "Condition" && argument.is_string()) {
      return named(json::view(argument.get_string()));
    }
    if (!argument.is_array()) return malformed(function);
    const json::Array& parts = argument.get_array();
    if (function == "Fn::Equals") {
      if (parts.size() != 2) return malformed(function);
      STATOR_TRY(const auto left, resolve(parts[0], scope_));
      STATOR_TRY(const auto right, resolve(parts[1], scope_));
      if (!left || !right) return malformed(function);
      return scalar_text(*left).value_or(json::dump(*left)) ==
             scalar_text(*right).value_or(json::dump(*right));
    }
    if (function == "Fn::Not") {
      if (parts.size() != 1) return malformed(function);
      STATOR_TRY(const bool inner, evaluate(parts[0]));
      return !inner;
    }
    if (function != "Fn::And" && function != "Fn::Or") return malformed(function);
    if (parts.size() < 2 || parts.size() > 10) return malformed(function);
    bool any = false, all = true;
    for (const json::Value& part : parts) {
      STATOR_TRY(const bool inner, evaluate(part));
      any = any || inner;
      all = all && inner;
    }
    return function == "Fn::And" ? all : any;
  }

  static Error malformed(std::string_view function) {
    return template_error("the Conditions block holds a malformed or unsupported " +
                          std::string(function));
  }

  const json::Object& declared_;
  Scope& scope_;
  std::size_t depth_ = 0;
};

}  // namespace

Result<void> evaluate_conditions(const json::Object& declared, Scope& scope) {
  Conditions conditions(declared, scope);
  for (const auto& member : declared) STATOR_TRY_VOID(conditions.named(key_of(member)));
  return {};
}

}  // namespace stator::cloudformation
