#include "cloudformation/language_extensions.hpp"

#include <algorithm>

#include "cloudformation/function_forms.hpp"

namespace stator::cloudformation {
namespace {

constexpr std::string_view kLoop = "Fn::ForEach::";
constexpr std::size_t kMembersMax = 10'000;
/// Of the texts and members that all turns of all loops give.
constexpr std::size_t kBytesMax = 4u << 20;
constexpr int kNestingMax = 5;

/// One turn of a loop: what its identifier stands for.
struct Turn {
  std::string identifier;
  std::string value;
};

std::string letters_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string replaced(std::string_view text, const Turn& turn) {
  std::string out(text);
  replace_all(out, "${" + turn.identifier + "}", turn.value);
  replace_all(out, "&{" + turn.identifier + "}", letters_of(turn.value));
  return out;
}

class Unroller {
 public:
  explicit Unroller(const Scope& scope) : scope_(scope) {}

  Result<json::Value> unroll(const json::Value& value, int depth) {
    if (value.is_array()) {
      json::Array items;
      for (const json::Value& item : value.get_array()) {
        STATOR_TRY(json::Value one, unroll(item, depth));
        items.push_back(std::move(one));
      }
      return json::Value(std::move(items));
    }
    if (!value.is_object()) return value;
    STATOR_TRY(json::Object members, unroll_members(value.get_object(), depth));
    return json::Value(std::move(members));
  }

  Result<json::Object> unroll_members(const json::Object& object, int depth) {
    json::Object out;
    for (const auto& member : object) {
      const std::string_view key = key_of(member);
      if (key.starts_with(kLoop)) {
        STATOR_TRY(const json::Object made, loop(key, member.value(), depth));
        for (const auto& one : made) {
          if (!out.insert(one).second) {
            return refused(key, "gives the member '" + std::string(one.key()) + "' twice");
          }
        }
        continue;
      }
      STATOR_TRY(json::Value inner, unroll(member.value(), depth));
      out[member.key()] = std::move(inner);
    }
    return out;
  }

 private:
  static Error refused(std::string_view key, const std::string& what) {
    return validation_error("Template format error: " + std::string(key) + " " + what);
  }

  json::Value substituted(const json::Value& value, const Turn& turn) {
    bytes_ += 8;
    if (value.is_string()) {
      std::string text = replaced(json::view(value.get_string()), turn);
      bytes_ += text.size();
      return json::Value(std::move(text));
    }
    if (value.is_array()) {
      json::Array items;
      for (const json::Value& item : value.get_array()) items.push_back(substituted(item, turn));
      return items;
    }
    if (!value.is_object()) return value;
    const auto* call = call_of(value);
    if (call != nullptr && key_of(*call) == "Ref" &&
        call->value() == json::Value(turn.identifier)) {
      return json::Value(turn.value);
    }
    json::Object members;
    for (const auto& member : value.get_object()) {
      const std::string name = replaced(key_of(member), turn);
      members[name] = substituted(member.value(), turn);
      bytes_ += name.size();
    }
    return members;
  }

  Result<json::Object> loop(std::string_view key, const json::Value& value, int depth) {
    if (depth >= kNestingMax) return refused(key, "nests deeper than 5 loops");
    if (!value.is_array() || value.get_array().size() != 3 || !value.get_array()[0].is_string() ||
        !value.get_array()[2].is_object()) {
      return refused(key, "takes an identifier, a collection and a map");
    }
    const json::Array& parts = value.get_array();
    STATOR_TRY(const auto collection, resolve(parts[1], scope_));
    if (!collection || !collection->is_array()) {
      return refused(key, "takes a collection that is a list");
    }
    json::Object out;
    for (const json::Value& item : collection->get_array()) {
      const auto text = scalar_text(item);
      if (!text) return refused(key, "takes a collection of texts");
      const json::Value turn = substituted(parts[2], {std::string(parts[0].get_string()), *text});
      STATOR_TRY(const json::Object made, unroll_members(turn.get_object(), depth + 1));
      for (const auto& one : made) {
        if (++made_ > kMembersMax || bytes_ > kBytesMax) {
          return refused(key, "gives more than 10000 members or 4 MB");
        }
        if (!out.insert(one).second) {
          return refused(key, "gives the member '" + std::string(one.key()) + "' twice");
        }
      }
    }
    return out;
  }

  const Scope& scope_;
  std::size_t made_ = 0;
  std::size_t bytes_ = 0;
};

/// A name that a function makes out of what is known, as a text; others stay as they are.
void settle_name(json::Value& name, const Scope& scope) {
  if (call_of(name) == nullptr) return;
  bool is_known = true;
  visit_references(name, [&](std::string_view id, std::string_view) {
    is_known = is_known && (scope.parameters.contains(id) || id.starts_with("AWS::"));
  });
  if (!is_known) return;
  auto settled = resolve(name, scope);
  if (settled && *settled && (*settled)->is_string()) name = std::move(**settled);
}

void settle_names(json::Value& value, const Scope& scope) {
  if (value.is_array()) {
    for (json::Value& item : value.get_array()) settle_names(item, scope);
  }
  if (!value.is_object()) return;
  for (auto& member : value.get_object()) {
    const std::string_view key = key_of(member);
    if (key == "Ref" && value.get_object().size() == 1) settle_name(member.value(), scope);
    if ((key == "Fn::GetAtt" || key == "DependsOn") && member.value().is_array()) {
      for (json::Value& part : member.value().get_array()) settle_name(part, scope);
    } else if (key == "DependsOn") {
      settle_name(member.value(), scope);
    }
    settle_names(member.value(), scope);
  }
}

Result<void> settle_policies(json::Object& resources, const Scope& scope) {
  for (auto& entry : resources) {
    if (!entry.value().is_object()) continue;
    json::Object& resource = entry.value().get_object();
    for (const char* name : {"DeletionPolicy", "UpdateReplacePolicy"}) {
      json::Value* policy = resource.if_contains(name);
      if (policy == nullptr || call_of(*policy) == nullptr) continue;
      STATOR_TRY(const auto settled, resolve(*policy, scope));
      if (settled) {
        *policy = *settled;
      } else {
        resource.erase(name);
      }
    }
  }
  return {};
}

}  // namespace

bool asks_for(const json::Object& template_body, std::string_view transform) {
  const json::Value* wanted = json::find(template_body, "Transform");
  if (wanted == nullptr) return false;
  const json::Value name(transform);
  if (!wanted->is_array()) return *wanted == name;
  const json::Array& names = wanted->get_array();
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<json::Object> extend_language(json::Object template_body, Scope scope) {
  Unroller unroller(scope);
  for (const char* section : {"Conditions", "Resources", "Outputs"}) {
    json::Value* found = template_body.if_contains(section);
    if (found == nullptr || !found->is_object()) continue;
    STATOR_TRY(*found, unroller.unroll(*found, 0));
    settle_names(*found, scope);
  }
  json::Value* resources = template_body.if_contains("Resources");
  if (resources == nullptr || !resources->is_object()) return template_body;
  if (const json::Value* conditions = json::find(template_body, "Conditions");
      conditions != nullptr && conditions->is_object()) {
    STATOR_TRY_VOID(evaluate_conditions(conditions->get_object(), scope));
  }
  STATOR_TRY_VOID(settle_policies(resources->get_object(), scope));
  return template_body;
}

}  // namespace stator::cloudformation
