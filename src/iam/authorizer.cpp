#include "iam/authorizer.hpp"

#include "iam/compiled.hpp"
#include "iam/errors.hpp"
#include "iam/observer.hpp"

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

/// How AWS ends the sentence.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
std::string reason(const Outcome& outcome, const Access& access) {
  const std::string words(words_of(outcome.type));
  if (outcome.decision == Decision::kExplicitDeny) {
    const bool has_vowel = outcome.type == PolicyType::kIdentity;
    return std::string(" with an explicit deny in a") + (has_vowel ? "n " : " ") + words;
  }
  return " because no " + words + " allows the " + std::string(access.action()) + " action";
}

std::string sentence(const aws::Principal& principal, const Outcome& outcome,
                     const Access& access) {
  return denial_subject(principal, access) + reason(outcome, access);
}

/// The last part of "arn:aws:iam::ACCOUNT:user/path/NAME".
std::string_view user_name(std::string_view arn) {
  return arn.substr(arn.rfind('/') + 1);
}

}  // namespace

Caller caller_of(const aws::Principal& principal, const CompiledEntity* entity) {
  Caller caller;
  if (principal.kind == Kind::kService) {
    caller.service = principal.arn;
    return caller;
  }
  if (principal.kind == Kind::kAnonymous) return caller;
  caller.account = principal.account;
  caller.arn = principal.arn;
  if (entity == nullptr) return caller;
  if (principal.kind != Kind::kUser) caller.role_arn = entity->arn;
  caller.has_boundary = entity->boundary.has_value();
  return caller;
}

std::string denial_subject(const aws::Principal& principal, const Access& access) {
  std::string text = "User: ";
  const bool is_anonymous = principal.kind == Kind::kAnonymous;
  text.append(is_anonymous ? "anonymous" : principal.arn)
      .append(" is not authorized to perform: ")
      .append(access.action());
  return text.append(" on resource: ").append(access.resource());
}

/// The user or role whose policies count for the principal; null when there is none.
Result<std::shared_ptr<const CompiledEntity>> PolicyAuthorizer::find_entity(
    const aws::Principal& principal, const CompiledSession* session) {
  EntityKind kind = EntityKind::kUser;
  std::string_view name, id = principal.user_id;
  if (principal.kind == Kind::kUser) {
    name = user_name(principal.arn);
  } else if (principal.kind == Kind::kAssumedRole) {
    kind = EntityKind::kRole;
    name = principal.role_name;
    id = id.substr(0, id.find(':'));
  } else if (principal.kind == Kind::kFederatedUser && session != nullptr) {
    name = session->owner_name;
    id = session->owner_id;
  }
  if (name.empty()) return std::shared_ptr<const CompiledEntity>();
  STATOR_TRY(auto entity, principals_.find(principal.account, kind, name));
  // A user or role made anew under an old name inherits nothing from those who knew the old one.
  if (entity && entity->id != id) entity.reset();
  return entity;
}

namespace {

/// A federated user may do nothing that the session's policies do not allow, also when there are
/// none.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
const std::vector<NamedPolicy>* session_policies(const aws::Principal& principal,
                                                 const CompiledSession* session) {
  static const std::vector<NamedPolicy> kNothing;
  if (session != nullptr && session->policies) return &*session->policies;
  return principal.kind == Kind::kFederatedUser ? &kNothing : nullptr;
}

}  // namespace

Result<Judgement> PolicyAuthorizer::judge_for(DecisionObserver* observer, const aws::Call& call,
                                              const aws::Permission& need) {
  const aws::Principal& principal = call.principal;
  const Access access(need.action, need.resource);
  const auto* session = dynamic_cast<const CompiledSession*>(principal.session.get());
  Judgement judgement;
  STATOR_TRY(judgement.entity, find_entity(principal, session));
  const CompiledEntity* entity = judgement.entity.get();
  Voices voices{.caller = caller_of(principal, entity)};
  voices.session = session_policies(principal, session);
  if (entity != nullptr) {
    voices.identity = entity->policies;
    if (entity->boundary) voices.boundary = &*entity->boundary;
  } else if (principal.kind == Kind::kFederatedUser && session != nullptr &&
             session->owner_name.empty()) {
    // Root's own federated users have nobody's policies but the session's.
    voices.identity = *voices.session;
  }
  const auto* resource = dynamic_cast<const CompiledResourcePolicy*>(need.resource_policy.get());
  if (resource != nullptr) voices.resource = &resource->policy;
  voices.is_root = principal.kind == Kind::kRoot;
  voices.is_service = principal.kind == Kind::kService || principal.kind == Kind::kAnonymous;
  voices.is_foreign = is_foreign(access, principal.account);
  const CallContext context(call, need, entity);
  judgement.outcome = decide(voices, access, context);
  if (observer == nullptr) return judgement;
  const Judged judged{call, access, context, voices, judgement.outcome, entity};
  if (judgement.outcome.decision == Decision::kAllow) {
    observer->allowed(judged);
  } else {
    observer->denied(judged, sentence(principal, judgement.outcome, access),
                     is_enforced_for(principal));
  }
  return judgement;
}

Result<void> PolicyAuthorizer::authorize(const aws::Call& call,
                                         std::span<const aws::Permission> needs) {
  for (const auto& need : needs) {
    STATOR_TRY(const auto judgement, judge_for(options_.observer, call, need));
    if (judgement.outcome.decision == Decision::kAllow) continue;
    if (!is_enforced_for(call.principal)) continue;
    const Access access(need.action, need.resource);
    return access_denied(sentence(call.principal, judgement.outcome, access));
  }
  return {};
}

}  // namespace stator::iam
