#include "iam/authorizer.hpp"

#include "iam/errors.hpp"

namespace stator::iam {
namespace {

using Kind = aws::Principal::Kind;

/// A resource of another account, which only a policy on its own side could open. AWS's own
/// ("aws") and resources without an account in their ARN are nobody else's.
bool is_foreign(const Access& access, std::string_view account) {
  const auto* segments = access.segments();
  if (segments == nullptr) return false;
  const auto owner = (*segments)[3];
  return !owner.empty() && owner != "*" && owner != "aws" && owner != account;
}

/// "statement 2 (Sid) of policy NAME"
std::string place(const Statement& statement, const NamedPolicy& policy) {
  const auto index = &statement - policy.policy.statements().data();
  std::string text = "statement " + std::to_string(index + 1);
  if (!statement.sid.empty()) text += " (" + statement.sid + ")";
  return text + " of policy " + policy.name;
}

std::string explain(const Verdict& verdict, const Access& access) {
  if (verdict.decision == Decision::kExplicitDeny) {
    std::string text = " with an explicit deny in an identity-based policy";
    if (verdict.open_statement != nullptr) {
      text += " (" + place(*verdict.open_statement, *verdict.open_policy) +
              ": stator does not evaluate " + std::string(open_reason(*verdict.open_statement)) +
              ", and a Deny that may apply denies)";
    }
    return text;
  }
  std::string text =
      " because no identity-based policy allows the " + std::string(access.action()) + " action";
  if (verdict.open_statement != nullptr) {
    text += " (" + place(*verdict.open_statement, *verdict.open_policy) +
            " may allow it, but stator does not evaluate " +
            std::string(open_reason(*verdict.open_statement)) + ")";
  }
  return text;
}

/// The last part of "arn:aws:iam::ACCOUNT:user/path/NAME".
std::string_view user_name(std::string_view arn) {
  return arn.substr(arn.rfind('/') + 1);
}

}  // namespace

std::string denial_subject(const aws::Principal& principal, const Access& access) {
  std::string text = "User: ";
  text.append(principal.arn).append(" is not authorized to perform: ").append(access.action());
  return text.append(" on resource: ").append(access.resource());
}

Result<Judgement> PolicyAuthorizer::judge(const aws::Principal& principal, const Access& access) {
  Judgement judgement;
  if (principal.kind == Kind::kRoot) {
    judgement.verdict.decision = Decision::kAllow;
    return judgement;
  }
  if (principal.kind == Kind::kService) return judgement;
  const bool is_role = principal.kind == Kind::kAssumedRole;
  STATOR_TRY(judgement.entity,
             principals_.find(principal.account, is_role ? EntityKind::kRole : EntityKind::kUser,
                              is_role ? principal.role_name : user_name(principal.arn)));
  // A user or role made anew under an old name inherits nothing from those who knew the old one.
  const auto id = std::string_view(principal.user_id).substr(0, principal.user_id.find(':'));
  if (judgement.entity && judgement.entity->id == id) {
    judgement.verdict = evaluate(judgement.entity->policies, access);
  }
  return judgement;
}

Result<void> PolicyAuthorizer::authorize(const aws::Principal& principal,
                                         std::span<const aws::Permission> needs) {
  for (const auto& need : needs) {
    const Access access(need.action, need.resource);
    STATOR_TRY(const auto judgement, judge(principal, access));
    if (judgement.verdict.decision != Decision::kAllow) {
      return access_denied(denial_subject(principal, access) + explain(judgement.verdict, access));
    }
    if (is_foreign(access, principal.account)) {
      return access_denied(denial_subject(principal, access) +
                           " because no resource-based policy allows the " + need.action +
                           " action");
    }
  }
  return {};
}

}  // namespace stator::iam
