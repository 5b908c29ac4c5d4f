#include "iam/decide.hpp"

#include <array>

namespace stator::iam {
namespace {

/// A verdict of one kind of policy, as the outcome.
Outcome by(PolicyType type, Decision decision, const Verdict& verdict = {}) {
  return {.decision = decision, .type = type, .verdict = verdict};
}

}  // namespace

std::string_view words_of(PolicyType type) {
  static constexpr std::array<std::string_view, 4> kWords{
      "identity-based policy", "resource-based policy", "permissions boundary", "session policy"};
  return kWords.at(static_cast<std::size_t>(type));
}

Outcome decide(const Voices& voices, const Access& access, const Context& context) {
  using enum Decision;
  ResourceVerdict resource;
  if (voices.resource != nullptr) {
    resource = evaluate_resource_policy(*voices.resource, voices.caller, access, context);
    if (resource.grant == Grant::kDenied) return by(PolicyType::kResource, kExplicitDeny);
  }
  if (voices.is_root) {
    if (!voices.is_foreign || resource.grant != Grant::kNone) {
      return by(PolicyType::kIdentity, kAllow);
    }
    return by(PolicyType::kResource, kImplicitDeny);
  }
  if (voices.is_service) {
    return by(PolicyType::kResource, resource.grant == Grant::kToCaller ? kAllow : kImplicitDeny);
  }
  const Verdict identity = evaluate(voices.identity, access, context);
  if (identity.decision == kExplicitDeny) {
    return by(PolicyType::kIdentity, kExplicitDeny, identity);
  }
  // A boundary or session policy that denies does so whatever else allows; one that is silent is
  // passed over by a resource policy that names the caller itself.
  const bool is_named = resource.grant == Grant::kToCaller && !voices.is_foreign;
  const bool is_role_named = resource.grant == Grant::kToRole && !voices.is_foreign;
  const std::array<std::pair<PolicyType, const std::vector<NamedPolicy>*>, 2> limits{
      {{PolicyType::kBoundary, voices.boundary}, {PolicyType::kSession, voices.session}}};
  std::optional<Outcome> silent;
  for (const auto& [type, policies] : limits) {
    if (policies == nullptr) continue;
    const Verdict verdict = evaluate(*policies, access, context);
    if (verdict.decision == kExplicitDeny) return by(type, kExplicitDeny, verdict);
    if (verdict.decision == kImplicitDeny && !silent) silent = by(type, kImplicitDeny, verdict);
  }
  if (is_named) return by(PolicyType::kResource, kAllow);
  if (identity.decision != kAllow && !is_role_named) {
    return by(PolicyType::kIdentity, kImplicitDeny, identity);
  }
  if (silent) return *silent;
  if (is_role_named) return by(PolicyType::kResource, kAllow);
  if (voices.is_foreign && resource.grant == Grant::kNone) {
    return by(PolicyType::kResource, kImplicitDeny);
  }
  return by(PolicyType::kIdentity, kAllow, identity);
}

}  // namespace stator::iam
