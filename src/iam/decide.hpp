#pragma once

#include <optional>
#include <span>
#include <vector>

#include "iam/context.hpp"
#include "iam/evaluator.hpp"

namespace stator::iam {

enum class PolicyType : std::uint8_t { kIdentity, kResource, kBoundary, kSession };
/// "identity-based policy", "resource-based policy", "permissions boundary", "session policy".
[[nodiscard]] std::string_view words_of(PolicyType type);

/// Everything that has a say about a request. Refers to what it is made from.
struct Voices {
  Caller caller;
  std::span<const NamedPolicy> identity;
  const std::vector<NamedPolicy>* boundary = nullptr;  ///< null: no boundary
  const std::vector<NamedPolicy>* session = nullptr;   ///< null: no session policy
  const Policy* resource = nullptr;                    ///< null: the resource has no policy
  bool is_root = false;     ///< the account itself: only a resource's Deny limits it
  bool is_service = false;  ///< only the resource's policy counts
  bool is_foreign = false;  ///< the resource is another account's: both sides must allow
};

/// What was decided and by whom. For an implicit denial `type` is the kind of policy that should
/// have allowed.
struct Outcome {
  Decision decision = Decision::kImplicitDeny;
  PolicyType type = PolicyType::kIdentity;
  Verdict verdict;  ///< its statement and policy may be null
};

/// The whole logic: explicit denials anywhere, then the resource's policy, identity policies,
/// boundary and session policies. A pure function.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
[[nodiscard]] Outcome decide(const Voices& voices, const Access& access, const Context& context);

}  // namespace stator::iam
