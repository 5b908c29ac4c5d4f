#include "aws/tag_keys.hpp"

namespace stator::aws {
namespace {

void append_tag(std::string key, std::string value, std::vector<std::string>& names,
                ConditionKeys& keys) {
  keys.push_back({"aws:RequestTag/" + key, {std::move(value)}});
  names.push_back(std::move(key));
}

}  // namespace

void append_request_tags(const Input& input, std::string_view tags, std::string_view names,
                         ConditionKeys& keys) {
  std::vector<std::string> changed;
  if (const json::Value* value = json::find(input.members(), tags)) {
    if (const json::Object* object = value->if_object()) {
      for (const auto& tag : *object) {
        const auto* text = tag.value().if_string();
        if (text == nullptr) continue;
        append_tag(std::string(tag.key()), std::string(json::view(*text)), changed, keys);
      }
    }
    if (const json::Array* list = value->if_array()) {
      for (const json::Value& element : *list) {
        const json::Object* tag = element.if_object();
        auto key = tag != nullptr ? json::find_string(*tag, "Key") : std::nullopt;
        if (!key) continue;
        append_tag(std::move(*key), json::find_string(*tag, "Value").value_or(""), changed, keys);
      }
    }
  }
  const json::Value* list = json::find(input.members(), names);
  if (list != nullptr && list->is_array()) {
    for (const json::Value& name : list->get_array()) {
      if (const auto* text = name.if_string()) changed.emplace_back(json::view(*text));
    }
  }
  if (!changed.empty()) keys.push_back({"aws:TagKeys", std::move(changed)});
}

}  // namespace stator::aws
