#include "cloudformation/yaml_loader.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace stator::cloudformation {
namespace {

constexpr std::size_t kTemplateBytesMax = 1u << 20;
constexpr std::size_t kNodesMax = 100'000;
constexpr int kDepthMax = 100;

/// Tags whose long form is "Fn::" and the name; Ref and Condition have none.
constexpr std::array<std::string_view, 16> kFunctionTags = {
    "And",  "Base64",      "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If",
    "Join", "ImportValue", "Not",  "Or",     "Select",    "Split",  "Sub",    "Transform"};

Error format_error(const std::string& what) {
  return {ErrorCode::kInvalid, "Template format error: " + what, "ValidationError"};
}

std::string place(const YAML::Mark& mark) {
  return "(line " + std::to_string(mark.line + 1) + ", column " + std::to_string(mark.column + 1) +
         ")";
}

bool is_decimal(std::string_view text, bool may_have_fraction) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || (digits > 1 && text[0] == '0')) return false;
  if (digits == text.size()) return true;
  if (!may_have_fraction || text[digits] != '.') return false;
  const std::string_view fraction = text.substr(digits + 1);
  return !fraction.empty() && fraction.find_first_not_of("0123456789") == std::string_view::npos;
}

json::Value plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return nullptr;
  }
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
  const char* end = text.data() + text.size();
  if (is_decimal(text, false)) {
    std::int64_t number = 0;
    if (std::from_chars(begin, end, number).ec == std::errc()) return number;
  } else if (is_decimal(text, true)) {
    double number = 0;
    if (std::from_chars(begin, end, number).ec == std::errc()) return number;
  }
  return json::Value(text);
}

class Converter {
 public:
  Result<json::Value> convert(const YAML::Node& node, int depth) {
    if (depth > kDepthMax) {
      return format_error("more than " + std::to_string(kDepthMax) + " levels. " +
                          place(node.Mark()));
    }
    if (++nodes_ > kNodesMax) {
      return format_error("more than " + std::to_string(kNodesMax) + " nodes.");
    }
    STATOR_TRY(json::Value value, untagged(node, depth));
    const std::string tag = node.Tag();
    if (tag.size() < 2 || tag[0] != '!') return value;
    return long_form(tag.substr(1), std::move(value), node);
  }

 private:
  Result<json::Value> untagged(const YAML::Node& node, int depth) {
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        return json::Value(nullptr);
      case YAML::NodeType::Scalar:
        // "?" marks a plain scalar and "!" a quoted one; a scalar with a short tag is text.
        return node.Tag() == "?" ? plain_scalar(node.Scalar()) : json::Value(node.Scalar());
      case YAML::NodeType::Sequence:
        return sequence(node, depth);
      case YAML::NodeType::Map:
        return mapping(node, depth);
    }
    return json::Value(nullptr);
  }

  Result<json::Value> sequence(const YAML::Node& node, int depth) {
    json::Array items;
    for (const auto& item : node) {
      STATOR_TRY(json::Value value, convert(item, depth + 1));
      items.push_back(std::move(value));
    }
    return json::Value(std::move(items));
  }

  Result<json::Value> mapping(const YAML::Node& node, int depth) {
    json::Object members;
    for (const auto& member : node) {
      if (!member.first.IsScalar()) {
        return format_error("a key that is not a text. " + place(member.first.Mark()));
      }
      const std::string& key = member.first.Scalar();
      if (key == "<<") {
        return format_error("YAML merge keys are not supported. " + place(member.first.Mark()));
      }
      STATOR_TRY(json::Value value, convert(member.second, depth + 1));
      if (!members.emplace(key, std::move(value)).second) {
        return format_error("duplicate key '" + key + "'. " + place(member.first.Mark()));
      }
    }
    return json::Value(std::move(members));
  }

  static Result<json::Value> long_form(const std::string& name, json::Value value,
                                       const YAML::Node& node) {
    if (name == "Ref" || name == "Condition") {
      return json::Value(json::Object{{name, std::move(value)}});
    }
    if (std::find(kFunctionTags.begin(), kFunctionTags.end(), name) == kFunctionTags.end()) {
      return format_error("unknown tag !" + name + ". " + place(node.Mark()));
    }
    if (name == "GetAtt" && value.is_string()) {
      const std::string text(json::view(value.get_string()));
      const auto dot = text.find('.');
      if (dot == std::string::npos) {
        return format_error("!GetAtt takes Resource.Attribute, not '" + text + "'. " +
                            place(node.Mark()));
      }
      value = json::Array{json::Value(text.substr(0, dot)), json::Value(text.substr(dot + 1))};
    }
    return json::Value(json::Object{{"Fn::" + name, std::move(value)}});
  }

  std::size_t nodes_ = 0;
};

Result<json::Value> load_yaml(std::string_view text) {
  // yaml-cpp speaks by exceptions; none of them leaves this function.
  try {
    Converter converter;
    return converter.convert(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    return format_error("YAML not well-formed. " + place(error.mark));
  }
}

Result<json::Value> load_json(std::string_view text) {
  auto value = json::parse(text);
  if (!value) return format_error("JSON not well-formed. (" + value.error().message + ")");
  return value;
}

}  // namespace

Result<json::Object> load_template(std::string_view text) {
  if (text.size() > kTemplateBytesMax) {
    return format_error("larger than " + std::to_string(kTemplateBytesMax) + " bytes.");
  }
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  STATOR_TRY(json::Value value, is_json ? load_json(text) : load_yaml(text));
  if (!value.is_object()) return format_error("unsupported structure.");
  return std::move(value.get_object());
}

}  // namespace stator::cloudformation
