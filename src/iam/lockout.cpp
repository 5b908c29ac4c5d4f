#include "iam/lockout.hpp"

#include "iam/compiled.hpp"
#include "iam/decide.hpp"

namespace stator::iam {

bool denies(const aws::ResourcePolicy& policy, const aws::Call& call, const aws::Permission& need) {
  const auto* compiled = dynamic_cast<const CompiledResourcePolicy*>(&policy);
  if (compiled == nullptr) return false;
  const aws::Principal& principal = call.principal;
  // The role's path is not known here, and few roles have one.
  const std::string role_arn =
      principal.kind == aws::Principal::Kind::kAssumedRole
          ? "arn:aws:iam::" + principal.account + ":role/" + principal.role_name
          : std::string();
  Voices voices{
      .caller = {.account = principal.account, .arn = principal.arn, .role_arn = role_arn},
      .resource = &compiled->policy,
      .is_root = true};
  const Access access(need.action, need.resource);
  const CallContext context(call, need, nullptr);
  return decide(voices, access, context).decision == Decision::kExplicitDeny;
}

}  // namespace stator::iam
