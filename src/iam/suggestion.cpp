#include "iam/suggestion.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace stator::iam {
namespace {

/// A resource's own stars and dollars mean themselves.
std::string escaped(std::string_view resource) {
  std::string text;
  for (const char c : resource) {
    if (c == '*' || c == '?' || c == '$') {
      text.append("${").append(1, c).append("}");
    } else {
      text.push_back(c);
    }
  }
  return text;
}

/// The resource as a policy has it.
std::string pattern_of(const Use& use) {
  if (use.resource == "*") return "*";
  if (use.is_prefix) return escaped(use.resource) + "*";
  const auto group = use.resource.find(":log-group:");
  const auto stream = use.resource.find(":log-stream:");
  if (group != std::string::npos && stream != std::string::npos && group < stream) {
    return escaped(use.resource.substr(0, stream)) + ":*";
  }
  return escaped(use.resource);
}

json::Array list_of(const std::set<std::string>& texts) {
  json::Array list;
  for (const std::string& text : texts) list.push_back(json::Value(text));
  return list;
}

}  // namespace

json::Value suggest_policy(const std::vector<Use>& uses) {
  using Place = std::pair<std::string, std::string>;  // a resource's pattern and who a role goes to
  std::map<Place, std::set<std::string>> actions_of;
  for (const Use& use : uses) actions_of[{pattern_of(use), use.passed_to}].insert(use.action);

  std::map<std::pair<std::set<std::string>, std::string>, std::set<std::string>> resources_of;
  for (const auto& [place, actions] : actions_of) {
    resources_of[{actions, place.second}].insert(place.first);
  }
  if (resources_of.empty()) return nullptr;
  json::Array statements;
  for (const auto& [key, resources] : resources_of) {
    const auto& [actions, passed_to] = key;
    json::Object statement{
        {"Effect", "Allow"}, {"Action", list_of(actions)}, {"Resource", list_of(resources)}};
    if (!passed_to.empty()) {
      statement["Condition"] =
          json::Object{{"StringEquals", json::Object{{"iam:PassedToService", passed_to}}}};
    }
    statements.push_back(std::move(statement));
  }
  return json::Object{{"Version", "2012-10-17"}, {"Statement", std::move(statements)}};
}

std::vector<std::string> unused_actions(const std::vector<NamedPolicy>& policies,
                                        const std::vector<Use>& uses) {
  std::set<std::string> unused;
  for (const NamedPolicy& policy : policies) {
    for (const Statement& statement : policy.policy.statements()) {
      if (statement.effect != Effect::kAllow || statement.not_action) continue;
      for (const ActionPattern& pattern : statement.actions) {
        const bool is_used = std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
          return pattern.matches(Access(use.action, use.resource));
        });
        if (!is_used) unused.insert(pattern.text());
      }
    }
  }
  return {unused.begin(), unused.end()};
}

}  // namespace stator::iam
