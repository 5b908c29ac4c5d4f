#include "cloudformation/change_causes.hpp"

#include <algorithm>

#include "cloudformation/functions.hpp"

namespace stator::cloudformation {
namespace {

constexpr const char* kVeil = "****";

std::string name_of(const json::Object::value_type& member) {
  return {member.key().data(), member.key().size()};
}

bool refers_to(const json::Value& declared, const Names& names) {
  bool does = false;
  visit_references(declared, [&](std::string_view id, std::string_view attribute) {
    does = does || (attribute.empty() && names.contains(id));
  });
  return does;
}

/// {"Ref": …} or {"Fn::…": …}.
bool is_function(const json::Object& object) {
  if (object.size() != 1) return false;
  const std::string name = name_of(*object.begin());
  return name == "Ref" || name.starts_with("Fn::");
}

/// The names of conditions that Fn::If and Condition ask for anywhere in `value`.
void visit_conditions(const json::Value& value, const std::function<void(std::string)>& visit) {
  if (value.is_array()) {
    for (const json::Value& item : value.get_array()) visit_conditions(item, visit);
    return;
  }
  if (!value.is_object()) return;
  for (const auto& member : value.get_object()) {
    const json::Value& argument = member.value();
    if (member.key() == "Condition" && argument.is_string()) {
      visit(std::string(json::view(argument.get_string())));
    }
    if (member.key() == "Fn::If" && argument.is_array() && !argument.get_array().empty() &&
        argument.get_array()[0].is_string()) {
      visit(std::string(json::view(argument.get_array()[0].get_string())));
    }
    visit_conditions(argument, visit);
  }
}

}  // namespace

json::Value veiled(const json::Value& value, const json::Value* declared, const Names& hidden) {
  if (hidden.empty()) return value;
  if (declared == nullptr) return kVeil;
  if (!refers_to(*declared, hidden)) return value;
  if (const json::Object* raw = declared->if_object();
      raw != nullptr && !is_function(*raw) && value.is_object()) {
    json::Object out;
    for (const auto& member : value.get_object()) {
      out[member.key()] = veiled(member.value(), json::find(*raw, name_of(member)), hidden);
    }
    return out;
  }
  if (const json::Array* raw = declared->if_array();
      raw != nullptr && value.is_array() && raw->size() == value.get_array().size()) {
    json::Array out;
    for (std::size_t i = 0; i < raw->size(); ++i) {
      out.push_back(veiled(value.get_array()[i], &(*raw)[i], hidden));
    }
    return out;
  }
  return kVeil;
}

json::Object veiled_properties(const json::Object& properties, const Declaration* declared,
                               const Names& hidden) {
  if (hidden.empty()) return properties;
  json::Object out;
  for (const auto& member : properties) {
    out[member.key()] =
        declared == nullptr
            ? json::Value(kVeil)
            : veiled(member.value(), json::find(declared->properties, name_of(member)), hidden);
  }
  return out;
}

void Causes::collect(const json::Value& value, std::vector<Cause>& causes, Names& seen) const {
  const auto add = [&](ChangeSource source, std::string entity) {
    Cause cause{source, std::move(entity)};
    if (std::find(causes.begin(), causes.end(), cause) == causes.end()) {
      causes.push_back(std::move(cause));
    }
  };
  visit_references(value, [&](std::string_view id, std::string_view attribute) {
    if (attribute.empty() && changed_.contains(id)) {
      add(ChangeSource::kParameterReference, std::string(id));
    } else if (made_anew_.contains(id) && attribute.empty()) {
      add(ChangeSource::kResourceReference, std::string(id));
    } else if (made_anew_.contains(id)) {
      add(ChangeSource::kResourceAttribute, std::string(id) + "." + std::string(attribute));
    }
  });
  visit_conditions(value, [&](const std::string& name) {
    const json::Value* condition = json::find(conditions_, name);
    if (condition != nullptr && seen.insert(name).second) collect(*condition, causes, seen);
  });
}

std::vector<Cause> Causes::of(const json::Value* before, const json::Value* after) const {
  std::vector<Cause> causes;
  Names seen;
  if (after != nullptr) collect(*after, causes, seen);
  const bool is_same = before == nullptr || after == nullptr ? before == after : *before == *after;
  if (!is_same || causes.empty()) causes.push_back({ChangeSource::kDirectModification, ""});
  return causes;
}

}  // namespace stator::cloudformation
