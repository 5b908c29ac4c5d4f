#include "cloudformation/yaml_loader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "json/deep.hpp"
#include "json/yaml.hpp"

namespace stator::cloudformation {
namespace {

constexpr std::size_t kTemplateBytesMax = 1u << 20;

/// Tags whose long form is "Fn::" and the name; Ref and Condition have none.
constexpr std::array<std::string_view, 24> kFunctionTags = {
    "And",          "Base64",      "Cidr",    "Contains",  "EachMemberEquals",
    "EachMemberIn", "Equals",      "GetAZs",  "FindInMap", "GetAtt",
    "If",           "ImportValue", "Join",    "Length",    "Not",
    "Or",           "RefAll",      "Select",  "Split",     "Sub",
    "ToJsonString", "Transform",   "ValueOf", "ValueOfAll"};
constexpr std::size_t kDepthMax = 100;

Error format_error(const std::string& what) {
  return {ErrorCode::kInvalid, "Template format error: " + what, "ValidationError"};
}

Result<json::Value> long_form(const std::string& name, json::Value value) {
  if (name == "Ref" || name == "Condition") {
    return json::Value(json::Object{{name, std::move(value)}});
  }
  if (std::find(kFunctionTags.begin(), kFunctionTags.end(), name) == kFunctionTags.end()) {
    return invalid("unknown tag !" + name);
  }
  if (name == "GetAtt" && value.is_string()) {
    const std::string text(json::view(value.get_string()));
    const auto dot = text.find('.');
    if (dot == std::string::npos) {
      return invalid("!GetAtt takes Resource.Attribute, not '" + text + "'");
    }
    value = json::Array{json::Value(text.substr(0, dot)), json::Value(text.substr(dot + 1))};
  }
  return json::Value(json::Object{{"Fn::" + name, std::move(value)}});
}

/// "(line 3, column 2)" of the place that the JSON parser gives as "... at offset 17".
std::string place_of(const std::string& message, std::string_view text) {
  const auto space = message.rfind(' ');
  std::size_t offset = 0;
  if (space != std::string::npos) {
    std::from_chars(message.data() + space + 1, message.data() + message.size(), offset);
  }
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const std::size_t column =
      newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  return "(line " + std::to_string(lines + 1) + ", column " + std::to_string(column + 1) + ")";
}

Result<json::Value> load_json(std::string_view text) {
  auto value = json::parse_deep(text, kDepthMax);
  if (!value) return invalid("JSON not well-formed. " + place_of(value.error().message, text));
  return value;
}

}  // namespace

Result<json::Object> load_template(std::string_view text) {
  if (text.size() > kTemplateBytesMax) {
    return format_error("larger than " + std::to_string(kTemplateBytesMax) + " bytes.");
  }
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  json::YamlOptions options;
  options.tagged = long_form;
  auto value = is_json ? load_json(text) : json::parse_yaml(text, options);
  if (!value) return format_error(value.error().message);
  if (!value->is_object()) return format_error("unsupported structure.");
  return std::move(value->get_object());
}

}  // namespace stator::cloudformation
