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
  bool is_service = false;  ///< a service, or nobody who signed: only the resource's policy counts
  bool is_foreign = false;  ///< the resource is another account's: both sides must allow
};

/// What was decided and by whom. For an implicit denial `type` is the kind of policy that should
/// have allowed.
struct Outcome {
  Decision decision = Decision::kImplicitDeny;
  PolicyType type = PolicyType::kIdentity;
  /// The statement that decided, if one did; `policy` is null for a statement of the resource's.
  Verdict verdict;
};

/// The whole logic: explicit denials anywhere, then the resource's policy, identity policies,
/// boundary and session policies. A pure function. Within the account, a resource's policy that
/// names the caller itself (a user, one session, everyone) allows whatever the others do not say;
/// one that names the role behind a session leaves boundary and session policies in force; one that
/// names the account only lets it decide.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
[[nodiscard]] Outcome decide(const Voices& voices, const Access& access, const Context& context);

}  // namespace stator::iam
