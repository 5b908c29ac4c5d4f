#include "cloudformation/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/regex.hpp"
#include "base/strings.hpp"
#include "cloudformation/function_forms.hpp"
#include "cloudformation/places.hpp"

namespace stator::cloudformation {
namespace {

constexpr std::string_view kKnown[] = {"Type",          "Default",       "Description",
                                       "AllowedValues", "NoEcho",        "ConstraintDescription",
                                       "MinLength",     "MaxLength",     "MinValue",
                                       "MaxValue",      "AllowedPattern"};

constexpr std::size_t kValueBytesMax = 4096;

constexpr std::string_view kStoredPrefix = "AWS::SSM::Parameter::Value<";
/// What is behind the parameter's name in the store, where the type says that it is there.
constexpr std::string_view kStoredTypes[] = {"String", "List<String>", "CommaDelimitedList"};
constexpr std::string_view kTypes[] = {"String", "Number", "List<Number>", "CommaDelimitedList",
                                       "AWS::SSM::Parameter::Name"};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The declaration of one parameter, its members known to be ones that are honoured.
class Declared {
 public:
  Declared(std::string key, const json::Object& members)
      : key_(std::move(key)), members_(members) {}

  Result<void> check_form() const {
    for (const auto& member : members_) {
      const std::string_view name(member.key().data(), member.key().size());
      if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
        return validation_error("Template format error: [/Parameters/" + key_ +
                                "] stator does not support the member '" + std::string(name) + "'");
      }
    }
    const std::string type = this->type();
    const std::string stored = stored_type();
    const bool is_known =
        stored.empty() ? std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes)
                       : std::find(std::begin(kStoredTypes), std::end(kStoredTypes), stored) !=
                             std::end(kStoredTypes);
    if (is_known) return {};
    return validation_error("Template format error: [/Parameters/" + key_ +
                            "] stator does not support parameters of type '" + type + "'");
  }

  /// The T of AWS::SSM::Parameter::Value<T>, "" for other types.
  [[nodiscard]] std::string stored_type() const {
    const std::string type = this->type();
    if (!type.starts_with(kStoredPrefix) || !type.ends_with('>')) return "";
    return type.substr(kStoredPrefix.size(), type.size() - kStoredPrefix.size() - 1);
  }

  [[nodiscard]] std::string type() const {
    return json::find_string(members_, "Type").value_or("");
  }

  [[nodiscard]] std::optional<std::string> default_text() const {
    const json::Value* value = json::find(members_, "Default");
    return value == nullptr ? std::nullopt : scalar_text(*value);
  }

  [[nodiscard]] bool is_hidden() const {
    const json::Value* value = json::find(members_, "NoEcho");
    return value != nullptr && scalar_text(*value) == "true";
  }

  Result<Parameter> accept(std::string text, const Outside& outside) const {
    if (text.size() > kValueBytesMax) {
      return validation_error("Parameter '" + key_ + "' must not be longer than " +
                              std::to_string(kValueBytesMax) + " bytes");
    }
    const bool is_list = type() == "CommaDelimitedList" || type() == "List<Number>";
    for (const std::string& one : is_list ? items_of(text) : std::vector<std::string>{text}) {
      STATOR_TRY_VOID(check_allowed(one));
      STATOR_TRY_VOID(check_bounds(one));
      STATOR_TRY_VOID(check_pattern(one));
    }
    Parameter parameter{json::Value(text), text, is_hidden(), std::nullopt};
    if (is_list) parameter.value = list_of(text);
    if (!stored_type().empty()) STATOR_TRY_VOID(fetch(parameter, outside));
    return parameter;
  }

 private:
  static std::vector<std::string> items_of(const std::string& text) {
    std::vector<std::string> items;
    for (const std::string_view item : split(text, ',')) items.emplace_back(trim(item));
    return items;
  }

  static json::Array list_of(const std::string& text) {
    json::Array list;
    for (const std::string& item : items_of(text)) list.push_back(json::Value(item));
    return list;
  }

  /// Puts what the store has under the given name in the value's place.
  Result<void> fetch(Parameter& parameter, const Outside& outside) const {
    const auto unable = [&](const std::string& why) {
      return validation_error("Unable to fetch parameters [" + parameter.text +
                              "] from parameter store for this account: " + why);
    };
    if (!outside.parameter) return unable("the store is out of reach");
    const auto found = outside.parameter(parameter.text);
    if (!found) return unable(found.error().message);
    const bool is_list = stored_type() != "String";
    if (found->type == "SecureString" || (found->type == "StringList") != is_list) {
      return validation_error("Parameters [" + key_ + "] referenced by template have types not " +
                              "supported by CloudFormation: the store has a " + found->type +
                              ", the template wants " + type());
    }
    parameter.resolved = found->value;
    parameter.value = is_list ? json::Value(list_of(found->value)) : json::Value(found->value);
    return {};
  }

  [[nodiscard]] Error refused(const std::string& rule) const {
    const auto described = json::find_string(members_, "ConstraintDescription");
    if (described) {
      return validation_error("Parameter " + key_ + " failed to satisfy constraint: " + *described);
    }
    return validation_error("Parameter '" + key_ + "' " + rule);
  }

  Result<void> check_pattern(const std::string& text) const {
    const auto pattern = json::find_string(members_, "AllowedPattern");
    if (!pattern) return {};
    const auto regex = Regex::parse(*pattern);
    if (!regex) {
      return validation_error("Template format error: [/Parameters/" + key_ + "/AllowedPattern] " +
                              regex.error().message);
    }
    if (regex->matches(text)) return {};
    return refused("must match pattern " + *pattern);
  }

  Result<void> check_allowed(const std::string& text) const {
    const json::Value* allowed = json::find(members_, "AllowedValues");
    if (allowed == nullptr) return {};
    std::vector<std::string> values;
    if (allowed->is_array()) {
      for (const json::Value& value : allowed->get_array()) {
        values.push_back(scalar_text(value).value_or(""));
      }
    }
    if (std::find(values.begin(), values.end(), text) != values.end()) return {};
    return refused("must be one of AllowedValues");
  }

  Result<void> check_bounds(const std::string& text) const {
    const bool is_number = type() == "Number" || type() == "List<Number>";
    if (is_number && !number(text)) return refused("must be a number.");
    const auto bound = [&](const char* name) -> std::optional<double> {
      const json::Value* value = json::find(members_, name);
      return value == nullptr ? std::nullopt : number(scalar_text(*value).value_or(""));
    };
    const double size = is_number ? *number(text) : double(text.size());
    const auto least = bound(is_number ? "MinValue" : "MinLength");
    const auto most = bound(is_number ? "MaxValue" : "MaxLength");
    if (least && size < *least) {
      return refused(is_number ? "must be a number not less than MinValue"
                               : "must contain at least MinLength characters");
    }
    if (most && size > *most) {
      return refused(is_number ? "must be a number not greater than MaxValue"
                               : "must contain at most MaxLength characters");
    }
    return {};
  }

  std::string key_;
  const json::Object& members_;
};

}  // namespace

Result<Parameters> resolve_parameters(const json::Object& declared, const GivenParameters& given,
                                      const Outside& outside) {
  std::vector<std::string> unknown, missing;
  for (const auto& [key, value] : given) {
    if (json::find(declared, key) == nullptr) unknown.push_back(key);
  }
  if (!unknown.empty()) {
    return validation_error("Parameters: [" + join(unknown, ", ") +
                            "] do not exist in the template");
  }
  Parameters parameters;
  for (const auto& member : declared) {
    const std::string key(key_of(member));
    const Place place = {"Parameters", key};
    if (!member.value().is_object()) {
      return at_place(
          validation_error("Template format error: [/Parameters/" + key + "] is malformed"), place);
    }
    const Declared parameter(key, member.value().get_object());
    if (const auto form = parameter.check_form(); !form) return at_place(form.error(), place);
    const auto found = given.find(key);
    const auto text = found == given.end() ? parameter.default_text() : found->second;
    if (!text) {
      missing.push_back(key);
      continue;
    }
    auto accepted = parameter.accept(*text, outside);
    if (!accepted) return at_place(std::move(accepted).error(), place);
    parameters.emplace(key, std::move(*accepted));
  }
  if (missing.empty()) return parameters;
  return validation_error("Parameters: [" + join(missing, ", ") + "] must have values");
}

}  // namespace stator::cloudformation
