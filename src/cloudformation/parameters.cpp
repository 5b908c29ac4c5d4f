#include "cloudformation/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

constexpr std::string_view kKnown[] = {
    "Type",      "Default",   "Description", "AllowedValues", "NoEcho", "ConstraintDescription",
    "MinLength", "MaxLength", "MinValue",    "MaxValue"};

/// A scalar of a template as the text that CloudFormation makes of it.
std::optional<std::string> scalar_text(const json::Value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool() || value.is_number()) return json::dump(value);
  return std::nullopt;
}

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
    if (type == "String" || type == "Number" || type == "CommaDelimitedList") return {};
    return validation_error("Template format error: [/Parameters/" + key_ +
                            "] stator does not support parameters of type '" + type + "'");
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

  Result<Parameter> accept(std::string text) const {
    STATOR_TRY_VOID(check_allowed(text));
    STATOR_TRY_VOID(check_bounds(text));
    Parameter parameter{json::Value(text), text, is_hidden()};
    if (type() == "CommaDelimitedList") {
      json::Array items;
      for (const std::string_view item : split(text, ',')) items.push_back(json::Value(trim(item)));
      parameter.value = std::move(items);
    }
    return parameter;
  }

 private:
  [[nodiscard]] Error refused(const std::string& rule) const {
    const auto described = json::find_string(members_, "ConstraintDescription");
    return validation_error("Parameter '" + key_ + "' " + described.value_or(rule));
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
    if (type() == "Number" && !number(text)) return refused("must be a number.");
    const auto bound = [&](const char* name) -> std::optional<double> {
      const json::Value* value = json::find(members_, name);
      return value == nullptr ? std::nullopt : number(scalar_text(*value).value_or(""));
    };
    const double size = type() == "Number" ? *number(text) : double(text.size());
    const bool is_number = type() == "Number";
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

Result<Parameters> resolve_parameters(const json::Object& declared, const GivenParameters& given) {
  for (const auto& [key, value] : given) {
    if (json::find(declared, key) == nullptr) {
      return validation_error("Parameters: [" + key + "] do not exist in the template");
    }
  }
  Parameters parameters;
  for (const auto& member : declared) {
    const std::string key(member.key().data(), member.key().size());
    if (!member.value().is_object()) {
      return validation_error("Template format error: [/Parameters/" + key + "] is malformed");
    }
    const Declared parameter(key, member.value().get_object());
    STATOR_TRY_VOID(parameter.check_form());
    const auto found = given.find(key);
    const auto text = found == given.end() ? parameter.default_text() : found->second;
    if (!text) return validation_error("Parameters: [" + key + "] must have values");
    STATOR_TRY(Parameter accepted, parameter.accept(*text));
    parameters.emplace(key, std::move(accepted));
  }
  return parameters;
}

}  // namespace stator::cloudformation
