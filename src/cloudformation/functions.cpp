#include "cloudformation/functions.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.hpp"
#include "cloudformation/cidr.hpp"
#include "cloudformation/dynamic_references.hpp"
#include "cloudformation/function_forms.hpp"

namespace stator::cloudformation {
namespace {

using Resolved = Result<std::optional<json::Value>>;

/// Whether a text, or an item of a list, hangs on a resource that is still to be made.
bool is_unknown(const json::Value& value) {
  if (value.is_string()) {
    return json::view(value.get_string()).find(kUnknownYet) != std::string_view::npos;
  }
  return value.is_array() && std::any_of(value.get_array().begin(), value.get_array().end(),
                                         [](const json::Value& item) { return is_unknown(item); });
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
    if (name == "AWS::NotificationARNs") return json::Value(scope_.notification_arns);
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
    if (name == "Fn::Base64") return some(base64(argument));
    if (name == "Fn::ImportValue") return some(import_value(argument));
    if (name == "Fn::GetAZs") return some(availability_zones(argument));
    if (name == "Fn::Cidr") return some(cidr(argument));
    if (name == "Fn::Length" || name == "Fn::ToJsonString") {
      if (!scope_.has_language_extensions) {
        return template_error(std::string(name) +
                              " needs the transform AWS::LanguageExtensions in the template");
      }
      return some(name == "Fn::Length" ? length(argument) : to_json_string(argument));
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
    const json::Value* fallback = nullptr;
    const std::size_t size = argument.is_array() ? argument.get_array().size() : 0;
    if (size == 4 && scope_.has_language_extensions && argument.get_array()[3].is_object()) {
      fallback = json::find(argument.get_array()[3].get_object(), "DefaultValue");
    }
    if (size != 3 && fallback == nullptr) {
      return template_error(
          "every Fn::FindInMap object requires three parameters, the map name, map key and the "
          "attribute for return value");
    }
    const json::Object* level = &scope_.mappings;
    const json::Value* found = nullptr;
    std::string path;
    for (std::size_t i = 0; i < 3; ++i) {
      STATOR_TRY(const std::string key, text(argument.get_array()[i], "Fn::FindInMap"));
      path += (path.empty() ? "" : "::") + key;
      found = level == nullptr ? nullptr : json::find(*level, key);
      if (found == nullptr) break;
      level = found->is_object() ? &found->get_object() : nullptr;
    }
    if (found != nullptr) return *found;
    if (fallback == nullptr) return template_error("Unable to get mapping for " + path);
    return whole(*fallback, "Fn::FindInMap");
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
    if (items && is_number && is_unknown(*items)) return json::Value(kUnknownYet);
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
    if (is_unknown(json::Value(rest))) return json::Value(json::Array{json::Value(kUnknownYet)});
    json::Array parts;
    for (;;) {
      const auto at = rest.find(delimiter);
      parts.push_back(json::Value(rest.substr(0, at)));
      if (at == std::string::npos) return json::Value(std::move(parts));
      rest.erase(0, at + delimiter.size());
    }
  }

  /// What a function's argument comes to; AWS::NoValue is none.
  Result<json::Value> whole(const json::Value& input, std::string_view function) const {
    STATOR_TRY(auto resolved, value(input));
    if (!resolved) return template_error(std::string(function) + " takes a value here");
    return std::move(*resolved);
  }

  Result<json::Value> base64(const json::Value& argument) const {
    STATOR_TRY(const std::string plain, text(argument, "Fn::Base64"));
    if (is_unknown(json::Value(plain))) return json::Value(kUnknownYet);
    return json::Value(base64_encode(plain));
  }

  Result<json::Value> import_value(const json::Value& argument) const {
    STATOR_TRY(const std::string name, text(argument, "Fn::ImportValue"));
    if (!scope_.outside.exported) return template_error("No export named " + name + " found.");
    STATOR_TRY(const std::string found, scope_.outside.exported(name));
    return json::Value(found);
  }

  Result<json::Value> availability_zones(const json::Value& argument) const {
    STATOR_TRY(std::string region, text(argument, "Fn::GetAZs"));
    if (region.empty()) {
      const auto own = scope_.pseudo.find("AWS::Region");
      if (own != scope_.pseudo.end()) region = own->second;
    }
    json::Array zones;
    for (const char* letter : {"a", "b", "c"}) zones.push_back(json::Value(region + letter));
    return json::Value(std::move(zones));
  }

  Result<json::Value> cidr(const json::Value& argument) const {
    const Error malformed = template_error(
        "every Fn::Cidr object requires two or three parameters, (1) a CIDR block, (2) a count "
        "and (3) the number of bits of a block");
    if (!argument.is_array() || argument.get_array().size() < 2 ||
        argument.get_array().size() > 3) {
      return malformed;
    }
    const json::Array& parts = argument.get_array();
    STATOR_TRY(const std::string block, text(parts[0], "Fn::Cidr"));
    if (is_unknown(json::Value(block))) return json::Value(json::Array{json::Value(kUnknownYet)});
    std::array<std::uint32_t, 2> numbers = {0, block.find(':') == std::string::npos ? 8U : 64U};
    for (std::size_t i = 1; i < parts.size(); ++i) {
      STATOR_TRY(const std::string digits, text(parts[i], "Fn::Cidr"));
      const char* end = digits.data() + digits.size();
      const auto read = std::from_chars(digits.data(), end, numbers.at(i - 1));
      if (read.ec != std::errc() || read.ptr != end) return malformed;
    }
    STATOR_TRY(const auto blocks, cidr_blocks(block, numbers[0], numbers[1]));
    json::Array list;
    for (const std::string& one : blocks) list.push_back(json::Value(one));
    return json::Value(std::move(list));
  }

  Result<json::Value> length(const json::Value& argument) const {
    STATOR_TRY(const json::Value list, whole(argument, "Fn::Length"));
    if (!list.is_array()) return template_error("Fn::Length only supports values of type array");
    return json::Value(list.get_array().size());
  }

  Result<json::Value> to_json_string(const json::Value& argument) const {
    if (!argument.is_object() && !argument.is_array()) {
      return template_error("Fn::ToJsonString only supports values of type object or array");
    }
    STATOR_TRY(const json::Value resolved, whole(argument, "Fn::ToJsonString"));
    return json::Value(json::dump(resolved));
  }

  const Scope& scope_;
};

}  // namespace

std::map<std::string, std::string, std::less<>> pseudo_parameters(const StackIdentity& stack) {
  return {{"AWS::AccountId", stack.account}, {"AWS::Partition", "aws"},
          {"AWS::Region", stack.region},     {"AWS::StackId", stack.id},
          {"AWS::StackName", stack.name},    {"AWS::URLSuffix", "amazonaws.com"}};
}

Result<std::optional<json::Value>> resolve(const json::Value& value, const Scope& scope) {
  STATOR_TRY(auto resolved, Evaluator(scope).value(value));
  if (resolved) STATOR_TRY_VOID(resolve_dynamic_references(*resolved, scope.outside));
  return resolved;
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

}  // namespace stator::cloudformation
