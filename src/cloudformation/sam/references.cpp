#include "cloudformation/sam/references.hpp"

#include "cloudformation/function_forms.hpp"

namespace stator::cloudformation::sam {
namespace {

class Pointer {
 public:
  Pointer(const Names& new_ids, const Names& generated)
      : new_ids_(new_ids), generated_(generated) {}

  void walk(json::Value& value) const {
    if (value.is_array()) {
      for (json::Value& item : value.get_array()) walk(item);
    } else if (value.is_object()) {
      for (auto& member : value.get_object()) walk_member(key_of(member), member.value());
    }
  }

 private:
  /// "Id", "Id.Property" or "Id.Property.Attribute" under its new name.
  [[nodiscard]] std::string renamed(std::string_view name) const {
    const auto first = name.find('.');
    if (first != std::string_view::npos) {
      const auto second = name.find('.', first + 1);
      const auto found = generated_.find(name.substr(0, second));
      if (found != generated_.end()) {
        return found->second +
               std::string(second == std::string_view::npos ? "" : name.substr(second));
      }
    }
    const auto found = new_ids_.find(name.substr(0, first));
    if (found == new_ids_.end()) return std::string(name);
    return found->second + std::string(first == std::string_view::npos ? "" : name.substr(first));
  }

  void rename(json::Value& value) const {
    if (value.is_string()) value = renamed(json::view(value.get_string()));
  }

  void walk_member(std::string_view key, json::Value& value) const {
    if (key == "Ref" || key == "DependsOn") {
      rename(value);
      if (value.is_array()) {
        for (json::Value& item : value.get_array()) rename(item);
      }
      return;
    }
    if (key == "Fn::GetAtt") rename_get_att(value);
    if (key == "Fn::Sub") {
      const bool is_list = value.is_array() && !value.get_array().empty();
      json::Value* text = is_list ? &value.get_array().front() : &value;
      if (text->is_string()) *text = rename_in_sub(json::view(text->get_string()));
    }
    walk(value);
  }

  void rename_get_att(json::Value& value) const {
    if (value.is_string()) return rename(value);
    if (!value.is_array() || value.get_array().size() != 2) return;
    json::Array& parts = value.get_array();
    if (!parts[0].is_string() || !parts[1].is_string()) return rename(parts[0]);
    const std::string whole =
        std::string(parts[0].get_string()) + "." + std::string(parts[1].get_string());
    const std::string now = renamed(whole);
    const auto dot = now.find('.');
    if (now == whole || dot == std::string::npos) return;
    parts[0] = now.substr(0, dot);
    parts[1] = now.substr(dot + 1);
  }

  [[nodiscard]] std::string rename_in_sub(std::string_view text) const {
    std::string out;
    for (;;) {
      const auto begin = text.find("${");
      const auto end = begin == std::string_view::npos ? begin : text.find('}', begin);
      if (end == std::string_view::npos) return out.append(text);
      out.append(text.substr(0, begin + 2));
      out.append(renamed(text.substr(begin + 2, end - begin - 2))).append("}");
      text.remove_prefix(end + 1);
    }
  }

  const Names& new_ids_;
  const Names& generated_;
};

}  // namespace

void point_at(json::Value& value, const Names& new_ids, const Names& generated) {
  if (new_ids.empty() && generated.empty()) return;
  Pointer(new_ids, generated).walk(value);
}

}  // namespace stator::cloudformation::sam
