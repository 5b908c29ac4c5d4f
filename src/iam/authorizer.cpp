#include "iam/authorizer.hpp"

#include "iam/compiled.hpp"
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

Result<Judgement> PolicyAuthorizer::judge(const aws::Call& call, const aws::Permission& need) {
  const aws::Principal& principal = call.principal;
  const Access access(need.action, need.resource);
  const auto* session = dynamic_cast<const CompiledSession*>(principal.session.get());
  Judgement judgement;
  STATOR_TRY(judgement.entity, find_entity(principal, session));
  const CompiledEntity* entity = judgement.entity.get();
  const bool is_service = principal.kind == Kind::kService;
  Voices voices{
      .caller = {.account = principal.account,
                 .arn = is_service ? std::string_view() : principal.arn,
                 .role_arn = entity != nullptr && principal.kind == Kind::kAssumedRole
                                 ? std::string_view(entity->arn)
                                 : std::string_view(),
                 .service = is_service ? std::string_view(principal.arn) : std::string_view()}};
  if (entity != nullptr) {
    voices.identity = entity->policies;
    if (entity->boundary) voices.boundary = &*entity->boundary;
  }
  // Root's own federated users have nobody's policies but the session's.
  const bool is_roots = session != nullptr && session->owner_name.empty();
  if (principal.kind == Kind::kFederatedUser && is_roots && session->policies) {
    voices.identity = *session->policies;
  }
  if (session != nullptr && session->policies) voices.session = &*session->policies;
  const auto* resource = dynamic_cast<const CompiledResourcePolicy*>(need.resource_policy.get());
  if (resource != nullptr) voices.resource = &resource->policy;
  voices.is_root = principal.kind == Kind::kRoot;
  voices.is_service = is_service;
  voices.is_foreign = is_foreign(access, principal.account);
  const CallContext context(call, need, entity != nullptr ? &entity->tags : nullptr);
  judgement.outcome = decide(voices, access, context);
  return judgement;
}

Result<void> PolicyAuthorizer::authorize(const aws::Call& call,
                                         std::span<const aws::Permission> needs) {
  for (const auto& need : needs) {
    STATOR_TRY(const auto judgement, judge(call, need));
    if (judgement.outcome.decision == Decision::kAllow) continue;
    const Access access(need.action, need.resource);
    return access_denied(denial_subject(call.principal, access) +
                         reason(judgement.outcome, access));
  }
  return {};
}

}  // namespace stator::iam
