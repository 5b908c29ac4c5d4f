#include "cloudformation/functions.hpp"

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

using Resolved = Result<std::optional<json::Value>>;

Error template_error(const std::string& what) {
  return validation_error("Template error: " + what);
}

std::string_view key_of(const json::Object::value_type& member) {
  return {member.key().data(), member.key().size()};
}

std::optional<std::string> scalar_text(const json::Value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool() || value.is_number()) return json::dump(value);
  return std::nullopt;
}

/// The only member of an object that is a function call, or null.
const json::Object::value_type* call_of(const json::Value& value) {
  if (!value.is_object() || value.get_object().size() != 1) return nullptr;
  const auto* member = &*value.get_object().begin();
  const std::string_view key = key_of(*member);
  return key == "Ref" || key.starts_with("Fn::") ? member : nullptr;
}

/// "Id.Attribute" or ["Id", "Attribute"]; attributes may hold dots.
std::optional<std::pair<std::string, json::Value>> split_get_att(const json::Value& argument) {
  if (argument.is_string()) {
    const std::string_view text = json::view(argument.get_string());
    const auto dot = text.find('.');
    if (dot == 0 || dot == std::string_view::npos || dot + 1 == text.size()) return std::nullopt;
    return std::pair(std::string(text.substr(0, dot)), json::Value(text.substr(dot + 1)));
  }
  if (!argument.is_array() || argument.get_array().size() != 2) return std::nullopt;
  const json::Array& parts = argument.get_array();
  if (!parts[0].is_string()) return std::nullopt;
  return std::pair(std::string(parts[0].get_string()), parts[1]);
}

/// Walks "text ${Name} ${!Literal}": `literal` gets plain text, `name` what stands in braces.
template <class Literal, class Name>
Result<void> walk_sub(std::string_view text, Literal literal, Name name) {
  for (;;) {
    const auto open = text.find("${");
    literal(text.substr(0, open));
    if (open == std::string_view::npos) return {};
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) {
      return template_error("Fn::Sub has a '${' without its '}'");
    }
    const std::string_view inside = trim(text.substr(open + 2, close - open - 2));
    if (inside.starts_with('!')) {
      literal("${" + std::string(inside.substr(1)) + "}");
    } else {
      STATOR_TRY_VOID(name(inside));
    }
    text.remove_prefix(close + 1);
  }
}

class Evaluator {
 public:
  explicit Evaluator(const Scope& scope) : scope_(scope) {}

  Resolved value(const json::Value& input) const {
    if (const auto* call = call_of(input)) return function(key_of(*call), call->value());
    if (input.is_array()) return list(input.get_array());
    if (!input.is_object()) return std::optional(input);
    json::Object object;
    for (const auto& member : input.get_object()) {
      STATOR_TRY(auto resolved, value(member.value()));
      if (resolved) object.insert_or_assign(member.key(), std::move(*resolved));
    }
    return std::optional<json::Value>(std::move(object));
  }

  Result<json::Value> ref(std::string_view name) const {
    if (const auto parameter = scope_.parameters.find(name); parameter != scope_.parameters.end()) {
      return parameter->second.value;
    }
    if (const auto pseudo = scope_.pseudo.find(name); pseudo != scope_.pseudo.end()) {
      return json::Value(pseudo->second);
    }
    if (name.starts_with("AWS::")) {
      return template_error("stator does not support the pseudo parameter " + std::string(name));
    }
    return scope_.resource(name, "");
  }

  Result<std::string> text(const json::Value& input, std::string_view function) const {
    STATOR_TRY(const auto resolved, value(input));
    const auto scalar = resolved ? scalar_text(*resolved) : std::nullopt;
    if (!scalar) return template_error(std::string(function) + " takes text here");
    return *scalar;
  }

 private:
  Resolved list(const json::Array& input) const {
    json::Array items;
    for (const json::Value& item : input) {
      STATOR_TRY(auto resolved, value(item));
      if (resolved) items.push_back(std::move(*resolved));
    }
    return std::optional<json::Value>(std::move(items));
  }

  Resolved function(std::string_view name, const json::Value& argument) const {
    if (name == "Ref") {
      if (!argument.is_string())
        return template_error("every Ref object must have a single String value");
      const std::string_view target = json::view(argument.get_string());
      if (target == "AWS::NoValue") return std::optional<json::Value>();
      return some(ref(target));
    }
    if (name == "Fn::GetAtt") return some(get_att(argument));
    if (name == "Fn::Sub") return some(sub(argument));
    if (name == "Fn::Join") return some(join_list(argument));
    if (name == "Fn::If") return choose(argument);
    if (name == "Fn::FindInMap") return some(find_in_map(argument));
    if (name == "Fn::Select") return some(select(argument));
    if (name == "Fn::Split") return some(split_text(argument));
    if (name == "Fn::Base64") {
      STATOR_TRY(const std::string plain, text(argument, name));
      return std::optional(json::Value(base64_encode(plain)));
    }
    return template_error("stator does not support the function " + std::string(name));
  }

  static Resolved some(Result<json::Value> result) {
    if (!result) return std::move(result).error();
    return std::optional(std::move(*result));
  }

  Result<json::Value> get_att(const json::Value& argument) const {
    const auto parts = split_get_att(argument);
    if (!parts) {
      return template_error(
          "every Fn::GetAtt object requires two non-empty parameters, the resource name and the "
          "resource attribute");
    }
    STATOR_TRY(const std::string attribute, text(parts->second, "Fn::GetAtt"));
    return scope_.resource(parts->first, attribute);
  }

  Result<json::Value> sub(const json::Value& argument) const {
    const json::Value* pattern = &argument;
    json::Object own;
    if (argument.is_array()) {
      const json::Array& parts = argument.get_array();
      if (parts.size() != 2 || !parts[1].is_object()) return malformed_sub();
      pattern = &parts[0];
      STATOR_TRY(own, resolve_object(parts[1].get_object(), scope_));
    }
    if (!pattern->is_string()) return malformed_sub();
    std::string out;
    STATOR_TRY_VOID(walk_sub(
        json::view(pattern->get_string()), [&](std::string_view literal) { out += literal; },
        [&](std::string_view name) -> Result<void> {
          STATOR_TRY(const json::Value found, sub_name(name, own));
          const auto scalar = scalar_text(found);
          if (!scalar) return template_error("Fn::Sub: ${" + std::string(name) + "} is not text");
          out += *scalar;
          return {};
        }));
    return json::Value(out);
  }

  Result<json::Value> sub_name(std::string_view name, const json::Object& own) const {
    if (const json::Value* mine = json::find(own, name)) return *mine;
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return ref(name);
    return scope_.resource(name.substr(0, dot), name.substr(dot + 1));
  }

  static Error malformed_sub() {
    return template_error(
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
        "string as first argument, and an optional second argument to specify a mapping of values "
        "to replace in the string");
  }

  Result<json::Value> join_list(const json::Value& argument) const {
    const Error malformed = template_error(
        "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
        "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to "
        "be joined.");
    if (!argument.is_array() || argument.get_array().size() != 2) return malformed;
    STATOR_TRY(const std::string delimiter, text(argument.get_array()[0], "Fn::Join"));
    STATOR_TRY(const auto items, value(argument.get_array()[1]));
    if (!items || !items->is_array()) return malformed;
    std::vector<std::string> texts;
    for (const json::Value& item : items->get_array()) {
      const auto scalar = scalar_text(item);
      if (!scalar) return malformed;
      texts.push_back(*scalar);
    }
    return json::Value(join(texts, delimiter));
  }

  Resolved choose(const json::Value& argument) const {
    if (!argument.is_array() || argument.get_array().size() != 3 ||
        !argument.get_array()[0].is_string()) {
      return template_error("Fn::If requires a list argument with three elements");
    }
    const json::Array& parts = argument.get_array();
    const auto condition = scope_.conditions.find(json::view(parts[0].get_string()));
    if (condition == scope_.conditions.end()) {
      return template_error("unresolved condition dependency " +
                            std::string(parts[0].get_string()) + " in Fn::If");
    }
    return value(parts[condition->second ? 1 : 2]);
  }

  Result<json::Value> find_in_map(const json::Value& argument) const {
    if (!argument.is_array() || argument.get_array().size() != 3) {
      return template_error(
          "every Fn::FindInMap object requires three parameters, the map name, map key and the "
          "attribute for return value");
    }
    const json::Object* level = &scope_.mappings;
    const json::Value* found = nullptr;
    std::string path;
    for (const json::Value& part : argument.get_array()) {
      STATOR_TRY(const std::string key, text(part, "Fn::FindInMap"));
      path += (path.empty() ? "" : "::") + key;
      found = level == nullptr ? nullptr : json::find(*level, key);
      if (found == nullptr) return template_error("Unable to get mapping for " + path);
      level = found->is_object() ? &found->get_object() : nullptr;
    }
    return *found;
  }

  Result<json::Value> select(const json::Value& argument) const {
    if (!argument.is_array() || argument.get_array().size() != 2) {
      return template_error(
          "Fn::Select requires a list argument with two elements: an integer "
          "index and a list");
    }
    STATOR_TRY(const std::string index, text(argument.get_array()[0], "Fn::Select"));
    STATOR_TRY(const auto items, value(argument.get_array()[1]));
    const bool is_number = !index.empty() && index.size() < 6 &&
                           index.find_first_not_of("0123456789") == std::string::npos;
    if (!items || !items->is_array() || !is_number ||
        std::stoul(index) >= items->get_array().size()) {
      return template_error("Fn::Select cannot select nonexistent value at index " + index);
    }
    return items->get_array()[std::stoul(index)];
  }

  Result<json::Value> split_text(const json::Value& argument) const {
    if (!argument.is_array() || argument.get_array().size() != 2) {
      return template_error(
          "every Fn::Split object requires two parameters, (1) a string "
          "delimiter and (2) a string to be split");
    }
    STATOR_TRY(const std::string delimiter, text(argument.get_array()[0], "Fn::Split"));
    STATOR_TRY(std::string rest, text(argument.get_array()[1], "Fn::Split"));
    if (delimiter.empty()) return template_error("Fn::Split delimiter cannot be empty");
    json::Array parts;
    for (;;) {
      const auto at = rest.find(delimiter);
      parts.push_back(json::Value(rest.substr(0, at)));
      if (at == std::string::npos) return json::Value(std::move(parts));
      rest.erase(0, at + delimiter.size());
    }
  }

  const Scope& scope_;
};

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

std::map<std::string, std::string, std::less<>> pseudo_parameters(const StackIdentity& stack) {
  return {{"AWS::AccountId", stack.account}, {"AWS::Partition", "aws"},
          {"AWS::Region", stack.region},     {"AWS::StackId", stack.id},
          {"AWS::StackName", stack.name},    {"AWS::URLSuffix", "amazonaws.com"}};
}

Result<std::optional<json::Value>> resolve(const json::Value& value, const Scope& scope) {
  return Evaluator(scope).value(value);
}

Result<json::Object> resolve_object(const json::Object& object, const Scope& scope) {
  // Not through resolve(): a map with the single member "Ref" would be a call there.
  json::Object resolved;
  for (const auto& member : object) {
    STATOR_TRY(auto value, resolve(member.value(), scope));
    if (value) resolved.insert_or_assign(member.key(), std::move(*value));
  }
  return resolved;
}

Result<void> evaluate_conditions(const json::Object& declared, Scope& scope) {
  Conditions conditions(declared, scope);
  for (const auto& member : declared) STATOR_TRY_VOID(conditions.named(key_of(member)));
  return {};
}

void visit_references(const json::Value& value,
                      const std::function<void(std::string_view, std::string_view)>& visit) {
  if (value.is_array()) {
    for (const json::Value& item : value.get_array()) visit_references(item, visit);
    return;
  }
  if (!value.is_object()) return;
  if (const auto* call = call_of(value)) {
    const std::string_view function = key_of(*call);
    const json::Value& argument = call->value();
    if (function == "Ref" && argument.is_string()) visit(json::view(argument.get_string()), "");
    if (function == "Fn::GetAtt") {
      if (const auto parts = split_get_att(argument)) {
        visit(parts->first, scalar_text(parts->second).value_or(""));
      }
    }
    if (function == "Fn::Sub") {
      const bool has_own = argument.is_array() && argument.get_array().size() == 2;
      const json::Value& pattern = has_own ? argument.get_array()[0] : argument;
      const json::Object* own = has_own ? argument.get_array()[1].if_object() : nullptr;
      if (pattern.is_string()) {
        (void)walk_sub(
            json::view(pattern.get_string()), [](std::string_view) {},
            [&](std::string_view name) -> Result<void> {
              if (own != nullptr && json::find(*own, name) != nullptr) return {};
              const auto dot = name.find('.');
              visit(name.substr(0, dot),
                    dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1));
              return {};
            });
      }
    }
  }
  for (const auto& member : value.get_object()) visit_references(member.value(), visit);
}

}  // namespace stator::cloudformation
