#include "iam/evaluator.hpp"

#include <algorithm>

namespace stator::iam {
namespace {

bool match_actions(const Statement& statement, const Access& access) {
  const bool hit =
      std::any_of(statement.actions.begin(), statement.actions.end(),
                  [&](const ActionPattern& pattern) { return pattern.matches(access); });
  return hit != statement.not_action;
}

/// A pattern whose variable cannot be resolved makes the statement apply in neither form.
bool match_resources(const Statement& statement, const Access& access, const Context& context) {
  if (statement.resources.empty()) return true;
  Match best = Match::kNo;
  for (const auto& pattern : statement.resources) {
    best = std::max(best, pattern.matches(access, context));
    if (best == Match::kYes) break;
  }
  return best == (statement.not_resource ? Match::kNo : Match::kYes);
}

bool match_conditions(const Statement& statement, const Context& context) {
  return std::all_of(statement.conditions.begin(), statement.conditions.end(),
                     [&](const Condition& condition) { return condition.holds(context); });
}

bool is_role_of(const PrincipalPattern& pattern, const Caller& caller) {
  return !caller.role_arn.empty() && pattern.value == caller.role_arn;
}

Grant match_principal(const PrincipalPattern& pattern, const Caller& caller) {
  using Type = PrincipalPattern::Type;
  const auto grant_if = [](bool fits, Grant grant) { return fits ? grant : Grant::kNone; };
  switch (pattern.type) {
    case Type::kAnyone:
      return Grant::kToCaller;
    case Type::kAccount:
      return grant_if(
          !caller.account.empty() && caller.service.empty() && pattern.value == caller.account,
          Grant::kToAccount);
    case Type::kArn:
      if (!caller.service.empty() || caller.arn.empty()) return Grant::kNone;
      if (pattern.value == caller.arn) return Grant::kToCaller;
      return grant_if(is_role_of(pattern, caller), Grant::kToRole);
    case Type::kService:
      return grant_if(!caller.service.empty() && pattern.value == caller.service, Grant::kToCaller);
    case Type::kFederated:
      return grant_if(!caller.federated.empty() && pattern.value == caller.federated,
                      Grant::kToCaller);
    case Type::kCanonicalUser:
      return Grant::kNone;
  }
  return Grant::kNone;
}

/// NotPrincipal spares a caller only when everything that the caller is stands in the list: the
/// account, the role and the session.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
bool is_spared(const Statement& statement, const Caller& caller) {
  if (caller.has_boundary) return false;
  bool has_account = false, has_role = caller.role_arn.empty(), has_caller = false;
  for (const auto& pattern : statement.principals) {
    if (pattern.type == PrincipalPattern::Type::kAnyone) return true;
    const Grant grant = match_principal(pattern, caller);
    has_account = has_account || grant == Grant::kToAccount;
    has_role = has_role || is_role_of(pattern, caller);
    has_caller = has_caller || grant == Grant::kToCaller;
  }
  // A service and a web identity belong to no account; root is its account.
  if (!caller.service.empty() || !caller.federated.empty()) return has_caller;
  return has_account && has_role && (has_caller || caller.arn.ends_with(":root"));
}

Grant match_principals(const Statement& statement, const Caller& caller) {
  if (statement.not_principal) {
    return is_spared(statement, caller) ? Grant::kNone : Grant::kToCaller;
  }
  Grant best = Grant::kNone;
  for (const auto& pattern : statement.principals) {
    best = std::max(best, match_principal(pattern, caller));
  }
  return best;
}

}  // namespace

bool match_statement(const Statement& statement, const Access& access, const Context& context) {
  return match_actions(statement, access) && match_resources(statement, access, context) &&
         match_conditions(statement, context);
}

Verdict evaluate(std::span<const NamedPolicy> policies, const Access& access,
                 const Context& context) {
  Verdict verdict;
  for (const auto& policy : policies) {
    for (const auto& statement : policy.policy.statements()) {
      const bool is_allow = statement.effect == Effect::kAllow;
      if (is_allow && verdict.decision == Decision::kAllow) continue;
      if (!match_statement(statement, access, context)) continue;
      verdict.statement = &statement;
      verdict.policy = &policy;
      verdict.decision = is_allow ? Decision::kAllow : Decision::kExplicitDeny;
      if (!is_allow) return verdict;
    }
  }
  return verdict;
}

ResourceVerdict evaluate_resource_policy(const Policy& policy, const Caller& caller,
                                         const Access& access, const Context& context) {
  ResourceVerdict verdict;
  for (const auto& statement : policy.statements()) {
    const bool is_allow = statement.effect == Effect::kAllow;
    const Grant grant = match_principals(statement, caller);
    if (grant == Grant::kNone || (is_allow && grant <= verdict.grant)) continue;
    if (!match_statement(statement, access, context)) continue;
    if (!is_allow) return {.grant = Grant::kDenied, .statement = &statement};
    verdict = {.grant = grant, .statement = &statement};
  }
  return verdict;
}

std::vector<Misfit> explain_statement(const Statement& statement, const Caller* caller,
                                      const Access& access, const Context& context) {
  using enum Misfit::Part;
  std::vector<Misfit> misfits;
  if (caller != nullptr && match_principals(statement, *caller) == Grant::kNone) {
    misfits.push_back({kPrincipal});
  }
  if (!match_actions(statement, access)) misfits.push_back({kAction});
  if (!match_resources(statement, access, context)) misfits.push_back({kResource});
  for (const auto& condition : statement.conditions) {
    if (condition.holds(context)) continue;
    misfits.push_back({kCondition, &condition});
    const auto* found = context.find(condition.key_lower());
    if (found != nullptr) misfits.back().found = *found;
  }
  return misfits;
}

}  // namespace stator::iam
