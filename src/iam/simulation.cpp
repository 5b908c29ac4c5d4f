#include "iam/simulation.hpp"

#include <algorithm>
#include <set>

namespace stator::iam {
namespace {

std::string_view words_of_decision(Decision decision) {
  switch (decision) {
    case Decision::kAllow:
      return "allowed";
    case Decision::kExplicitDeny:
      return "explicitDeny";
    case Decision::kImplicitDeny:
      break;
  }
  return "implicitDeny";
}

json::Object source(std::string_view id, std::string_view type) {
  return {{"SourcePolicyId", id}, {"SourcePolicyType", type}};
}

/// The statements that determine the result: those that allow, or the one that denies.
json::Array matched_statements(const Simulation& simulation, const Outcome& outcome,
                               const Access& access) {
  json::Array matched;
  if (outcome.decision == Decision::kImplicitDeny) return matched;
  if (outcome.type == PolicyType::kResource) {
    matched.push_back(source("ResourcePolicy", "Resource Policy"));
    return matched;
  }
  if (outcome.decision == Decision::kExplicitDeny) {
    if (outcome.verdict.policy != nullptr) {
      matched.push_back(source(outcome.verdict.policy->name, "IAM Policy"));
    }
    return matched;
  }
  for (const auto& policy : simulation.policies) {
    for (const auto& statement : policy.policy.statements()) {
      if (statement.effect != Effect::kAllow) continue;
      if (!match_statement(statement, access, simulation.context)) continue;
      matched.push_back(source(policy.name, "IAM Policy"));
    }
  }
  return matched;
}

void add_keys(std::set<std::string>& keys, const Policy& policy) {
  for (auto& key : policy.context_keys()) keys.insert(std::move(key));
}

json::Array missing_keys(const Simulation& simulation) {
  std::set<std::string> keys;
  for (const auto& policy : simulation.policies) add_keys(keys, policy.policy);
  if (simulation.boundary) {
    for (const auto& policy : *simulation.boundary) add_keys(keys, policy.policy);
  }
  if (simulation.resource_policy) add_keys(keys, *simulation.resource_policy);
  json::Array missing;
  for (const auto& key : keys) {
    if (simulation.context.find(key) == nullptr) missing.emplace_back(key);
  }
  return missing;
}

}  // namespace

json::Object simulate(const Simulation& simulation, std::string_view action,
                      std::string_view resource) {
  const Access access(action, resource);
  Voices voices{.caller = {.account = simulation.caller_account,
                           .arn = simulation.caller_arn,
                           .role_arn = simulation.caller_role_arn,
                           .service = {}}};
  voices.caller.has_boundary = simulation.boundary.has_value();
  voices.identity = simulation.policies;
  if (simulation.boundary) voices.boundary = &*simulation.boundary;
  if (simulation.resource_policy) voices.resource = &*simulation.resource_policy;
  voices.is_foreign =
      !simulation.resource_owner.empty() && simulation.resource_owner != simulation.caller_account;
  const Outcome outcome = decide(voices, access, simulation.context);

  const auto decision = words_of_decision(outcome.decision);
  const auto matched = matched_statements(simulation, outcome, access);
  auto missing = missing_keys(simulation);
  json::Object result{{"EvalActionName", action},
                      {"EvalResourceName", resource},
                      {"EvalDecision", decision},
                      {"MatchedStatements", matched}};
  json::Object limit;
  if (simulation.boundary) {
    const auto verdict = evaluate(*simulation.boundary, access, simulation.context);
    limit["AllowedByPermissionsBoundary"] = verdict.decision == Decision::kAllow;
    result["PermissionsBoundaryDecisionDetail"] = limit;
  }
  // AWS moves the missing keys into the result of the resource where one is named.
  if (resource == "*") {
    result["MissingContextValues"] = std::move(missing);
    return result;
  }
  json::Object specific{{"EvalResourceName", resource},
                        {"EvalResourceDecision", decision},
                        {"MatchedStatements", matched},
                        {"MissingContextValues", std::move(missing)}};
  if (simulation.boundary) specific["PermissionsBoundaryDecisionDetail"] = limit;
  result["MissingContextValues"] = json::Array();
  result["ResourceSpecificResults"] = json::Array{std::move(specific)};
  return result;
}

std::vector<std::string> context_keys_of(std::span<const NamedPolicy> policies) {
  std::set<std::string> keys;
  for (const auto& policy : policies) add_keys(keys, policy.policy);
  return {keys.begin(), keys.end()};
}

}  // namespace stator::iam
