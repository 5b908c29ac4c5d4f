#include "iam/decide.hpp"

#include <array>

namespace stator::iam {
namespace {

using enum Decision;

/// A verdict of one kind of policy, as the outcome.
Outcome by(PolicyType type, Decision decision, Verdict verdict = {}) {
  verdict.decision = decision;
  return {.decision = decision, .type = type, .verdict = verdict};
}

Outcome by_resource(Decision decision, const ResourceVerdict& resource) {
  return by(PolicyType::kResource, decision, {.statement = resource.statement});
}

/// What boundary and session policies leave: an explicit denial by one of them, else the first that
/// does not allow, else nothing.
std::optional<Outcome> ask_limits(const Voices& voices, const Access& access,
                                  const Context& context) {
  const std::array<std::pair<PolicyType, const std::vector<NamedPolicy>*>, 2> limits{
      {{PolicyType::kBoundary, voices.boundary}, {PolicyType::kSession, voices.session}}};
  std::optional<Outcome> silent;
  for (const auto& [type, policies] : limits) {
    if (policies == nullptr) continue;
    const Verdict verdict = evaluate(*policies, access, context);
    if (verdict.decision == kExplicitDeny) return by(type, kExplicitDeny, verdict);
    if (verdict.decision == kImplicitDeny && !silent) silent = by(type, kImplicitDeny, verdict);
  }
  return silent;
}

}  // namespace

std::string_view words_of(PolicyType type) {
  static constexpr std::array<std::string_view, 4> kWords{
      "identity-based policy", "resource-based policy", "permissions boundary", "session policy"};
  return kWords.at(static_cast<std::size_t>(type));
}

Outcome decide(const Voices& voices, const Access& access, const Context& context) {
  ResourceVerdict resource;
  if (voices.resource != nullptr) {
    resource = evaluate_resource_policy(*voices.resource, voices.caller, access, context);
    if (resource.grant == Grant::kDenied) return by_resource(kExplicitDeny, resource);
  }
  if (voices.is_root) {
    if (!voices.is_foreign) return by(PolicyType::kIdentity, kAllow);
    return by_resource(resource.grant != Grant::kNone ? kAllow : kImplicitDeny, resource);
  }
  if (voices.is_service) {
    return by_resource(resource.grant == Grant::kToCaller ? kAllow : kImplicitDeny, resource);
  }
  const Verdict identity = evaluate(voices.identity, access, context);
  if (identity.decision == kExplicitDeny) {
    return by(PolicyType::kIdentity, kExplicitDeny, identity);
  }
  const auto limit = ask_limits(voices, access, context);
  if (limit && limit->decision == kExplicitDeny) return *limit;
  // Across accounts a grant of the resource's side is only half of what is needed.
  const Grant grant = voices.is_foreign ? Grant::kNone : resource.grant;
  if (grant == Grant::kToCaller) return by_resource(kAllow, resource);
  if (identity.decision != kAllow && grant != Grant::kToRole) {
    return by(PolicyType::kIdentity, kImplicitDeny, identity);
  }
  if (limit) return *limit;
  if (grant == Grant::kToRole) return by_resource(kAllow, resource);
  if (voices.is_foreign && resource.grant == Grant::kNone) {
    return by_resource(kImplicitDeny, resource);
  }
  return by(PolicyType::kIdentity, kAllow, identity);
}

}  // namespace stator::iam
