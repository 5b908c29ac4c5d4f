#include "iam/evaluator.hpp"

#include <algorithm>

namespace stator::iam {
namespace {

Match match_actions(const Statement& statement, const Access& access) {
  const bool hit =
      std::any_of(statement.actions.begin(), statement.actions.end(),
                  [&](const ActionPattern& pattern) { return pattern.matches(access); });
  return hit != statement.not_action ? Match::kYes : Match::kNo;
}

Match match_resources(const Statement& statement, const Access& access) {
  if (statement.resources.empty()) return Match::kYes;
  Match best = Match::kNo;
  for (const auto& pattern : statement.resources) {
    best = std::max(best, pattern.matches(access));
    if (best == Match::kYes) break;
  }
  return statement.not_resource ? negate(best) : best;
}

/// kToCaller when one of the patterns is the caller itself, kToAccount when only its account is.
Grant match_principal(const PrincipalPattern& pattern, const Caller& caller) {
  using Type = PrincipalPattern::Type;
  switch (pattern.type) {
    case Type::kAnyone:
      return Grant::kToCaller;
    case Type::kAccount:
      return caller.service.empty() && pattern.value == caller.account ? Grant::kToAccount
                                                                       : Grant::kNone;
    case Type::kArn:
      return caller.service.empty() &&
                     (pattern.value == caller.arn ||
                      (!caller.role_arn.empty() && pattern.value == caller.role_arn))
                 ? Grant::kToCaller
                 : Grant::kNone;
    case Type::kService:
      return !caller.service.empty() && pattern.value == caller.service ? Grant::kToCaller
                                                                        : Grant::kNone;
    case Type::kFederated:
      return !caller.federated.empty() && pattern.value == caller.federated ? Grant::kToCaller
                                                                            : Grant::kNone;
    case Type::kCanonicalUser:
      return Grant::kNone;
  }
  return Grant::kNone;
}

Grant match_principals(const Statement& statement, const Caller& caller) {
  Grant best = Grant::kNone;
  for (const auto& pattern : statement.principals) {
    best = std::max(best, match_principal(pattern, caller));
  }
  if (!statement.not_principal) return best;
  return best == Grant::kNone ? Grant::kToCaller : Grant::kNone;
}

}  // namespace

Match match_statement(const Statement& statement, const Access& access,
                      const Context& /*context*/) {
  Match match = match_actions(statement, access);
  if (match == Match::kNo) return match;
  match = std::min(match, match_resources(statement, access));
  return statement.has_condition ? std::min(match, Match::kMaybe) : match;
}

Verdict evaluate(std::span<const NamedPolicy> policies, const Access& access,
                 const Context& context) {
  Verdict verdict;
  for (const auto& policy : policies) {
    for (const auto& statement : policy.policy.statements()) {
      const bool is_allow = statement.effect == Effect::kAllow;
      if (is_allow && verdict.decision == Decision::kAllow) continue;
      const Match match = match_statement(statement, access, context);
      if (match == Match::kNo) continue;
      if (match == Match::kMaybe && (!is_allow || verdict.open_statement == nullptr)) {
        verdict.open_statement = &statement;
        verdict.open_policy = &policy;
      }
      if (is_allow && match == Match::kMaybe) continue;
      verdict.statement = &statement;
      verdict.policy = &policy;
      verdict.decision = is_allow ? Decision::kAllow : Decision::kExplicitDeny;
      if (!is_allow) {
        if (match == Match::kYes) verdict.open_statement = nullptr, verdict.open_policy = nullptr;
        return verdict;
      }
    }
  }
  if (verdict.decision == Decision::kAllow) {
    verdict.open_statement = nullptr;
    verdict.open_policy = nullptr;
  }
  return verdict;
}

ResourceVerdict evaluate_resource_policy(const Policy& policy, const Caller& caller,
                                         const Access& access, const Context& context) {
  ResourceVerdict verdict;
  for (const auto& statement : policy.statements()) {
    const Grant grant = match_principals(statement, caller);
    if (grant == Grant::kNone) continue;
    const Match match = match_statement(statement, access, context);
    if (match == Match::kNo) continue;
    const bool is_open = match == Match::kMaybe;
    if (statement.effect == Effect::kDeny) {
      return {.grant = Grant::kDenied, .open_reason = is_open ? open_reason(statement) : ""};
    }
    if (is_open && verdict.open_reason.empty()) verdict.open_reason = open_reason(statement);
    if (match == Match::kYes) verdict.grant = std::max(verdict.grant, grant);
  }
  return verdict;
}

std::string_view open_reason(const Statement& statement) {
  return statement.has_condition ? "its Condition" : "its policy variable";
}

}  // namespace stator::iam
