#include <algorithm>
#include <vector>

#include "base/strings.hpp"
#include "cloudformation/sam/http_api.hpp"

/// What conditions and policies on functions mean for the paths of their API.
namespace stator::cloudformation::sam {
namespace {

/// "/a/{b}" as letters of a logical id.
std::string path_name(std::string_view path) {
  std::string name;
  for (const char c : path) {
    if (c == '/') {
      name += "SLASH";
    } else if (c == '{') {
      name += "OB";
    } else if (c == '}') {
      name += "CB";
    } else {
      name += c;
    }
  }
  return name;
}

std::string text_of(const json::Value* value) {
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

void add_combined_condition(const std::string& name, const std::set<std::string>& any,
                            json::Object& conditions) {
  constexpr std::size_t kOrMax = 10;
  std::vector<std::string> left(any.begin(), any.end());
  std::size_t more = 0;
  for (std::size_t size = left.size(); size > kOrMax; size -= kOrMax - 1) ++more;
  while (left.size() > 1) {
    const std::string own = more > 0 ? name + std::to_string(more) : name;
    if (more > 0) --more;
    json::Array parts;
    const std::size_t taken = std::min(left.size(), kOrMax);
    for (std::size_t i = 0; i < taken; ++i) {
      parts.push_back(json::Object{{"Condition", left[i]}});
    }
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(taken));
    left.push_back(own);
    conditions[own] = json::Object{{"Fn::Or", std::move(parts)}};
  }
}

void HttpApi::declare(const HttpRoute& route) {
  conditions_[route.path].insert(text_of(route.function.condition()));
  deletion_policies_.insert(text_of(route.function.attribute("DeletionPolicy")));
  replace_policies_.insert(text_of(route.function.attribute("UpdateReplacePolicy")));
  if (is_managed_) {
    json::Value& paths = body_["paths"];
    json::Value& item = paths.get_object()[route.path];
    if (!item.is_object()) item = json::Object();
    const std::string method = to_lower(route.method);
    item.get_object()[method == "any" ? kAnyMethod : method] = json::Object();
  }
  if (route.route_settings == nullptr) return;
  std::string key = route.path;
  if (route.method != kAnyMethod) {
    key = route.method + " " + key;
    std::transform(
        key.begin(), key.begin() + static_cast<std::ptrdiff_t>(route.method.size()), key.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  }
  const json::Value* condition = route.function.condition();
  const json::Value settings = condition == nullptr
                                   ? *route.route_settings
                                   : make_conditional(*condition, *route.route_settings);
  json::Value& into = route_settings_[key];
  if (!into.is_object()) into = json::Object();
  if (!settings.is_object()) return;
  for (const auto& member : settings.get_object()) {
    into.get_object()[member.key()] = member.value();
  }
}

void HttpApi::settle_paths(json::Object& conditions) {
  if (!is_managed_) return;
  for (auto& path : body_["paths"].get_object()) {
    const std::string name(path.key());
    const auto found = conditions_.find(name);
    if (found == conditions_.end() || found->second.contains("")) continue;
    std::string condition = *found->second.begin();
    if (found->second.size() > 1) {
      condition = resource_.id() + path_name(name) + "PathCondition";
      add_combined_condition(condition, found->second, conditions);
    }
    path.value() = make_conditional(json::Value(condition), path.value());
  }
}

void HttpApi::gain_attributes(json::Object& conditions) {
  json::Object attributes;
  Conditions all;
  for (const auto& [path, own] : conditions_) all.insert(own.begin(), own.end());
  if (!all.empty() && !all.contains("")) {
    const std::string name = all.size() == 1 ? *all.begin() : "ServerlessHttpApiCondition";
    if (all.size() > 1) add_combined_condition(name, all, conditions);
    attributes["Condition"] = name;
  }
  for (const char* policy : {"Retain", "Delete"}) {
    if (!deletion_policies_.contains(policy)) continue;
    attributes["DeletionPolicy"] = policy;
    break;
  }
  for (const char* policy : {"Retain", "Snapshot", "Delete"}) {
    if (!replace_policies_.contains(policy)) continue;
    attributes["UpdateReplacePolicy"] = policy;
    break;
  }
  resource_.gain(std::move(attributes));
}

}  // namespace stator::cloudformation::sam
