#include "cloudformation/function_forms.hpp"
#include "cloudformation/functions.hpp"

namespace stator::cloudformation {

std::optional<std::string> scalar_text(const json::Value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool() || value.is_number()) return json::dump(value);
  return std::nullopt;
}

const json::Object::value_type* call_of(const json::Value& value) {
  if (!value.is_object() || value.get_object().size() != 1) return nullptr;
  const auto* member = &*value.get_object().begin();
  const std::string_view key = key_of(*member);
  return key == "Ref" || key.starts_with("Fn::") ? member : nullptr;
}

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

namespace {

using Visit = std::function<void(std::string_view, std::string_view)>;

void visit_sub(const json::Value& argument, const Visit& visit) {
  const bool has_own = argument.is_array() && argument.get_array().size() == 2;
  const json::Value& pattern = has_own ? argument.get_array()[0] : argument;
  const json::Object* own = has_own ? argument.get_array()[1].if_object() : nullptr;
  if (!pattern.is_string()) return;
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

}  // namespace

void visit_references(const json::Value& value, const Visit& visit) {
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
    if (function == "Fn::Sub") visit_sub(argument, visit);
  }
  for (const auto& member : value.get_object()) visit_references(member.value(), visit);
}

}  // namespace stator::cloudformation
