#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "iam/evaluator.hpp"
#include "iam/records.hpp"

/// What holds policies, ready to be matched. All of it immutable, shared, and made at first use.
namespace stator::iam {

/// A user or role.
struct CompiledEntity {
  std::string id;  ///< AROA... or AIDA...
  std::string arn;
  std::vector<Tag> tags;
  /// Inline, attached and, for users, those of their groups.
  std::vector<NamedPolicy> policies;
  /// The managed policy that limits all of them; none when there is no boundary.
  std::optional<std::vector<NamedPolicy>> boundary;
  std::uint64_t generation = 0;
};

/// A session: what its token carries. `policies` are those given when it was made; none when none
/// were, which limits nothing.
struct CompiledSession final : aws::SessionFacts {
  std::optional<std::vector<NamedPolicy>> policies;
  /// Of a federated user: the user who asked for the session and whose policies limit it; both ""
  /// when the account's root asked, who is limited by nothing.
  std::string owner_name;
  std::string owner_id;  ///< AIDA...
};

/// The policy of a resource.
struct CompiledResourcePolicy final : aws::ResourcePolicy {
  explicit CompiledResourcePolicy(Policy given) : policy(std::move(given)) {}
  Policy policy;
};

/// For aws::Permission::resource_policy. MalformedPolicyDocument, as Policy::parse().
[[nodiscard]] Result<std::shared_ptr<const aws::ResourcePolicy>> compile_resource_policy(
    std::string_view document);

}  // namespace stator::iam
