#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "iam/answers.hpp"
#include "iam/errors.hpp"
#include "iam/identity.hpp"
#include "iam/ops/needs.hpp"
#include "iam/records.hpp"

/// What the operations have in common.
namespace stator::iam::ops {

/// Reads the entity that the input names, lets `change` alter it and writes it, all under the
/// records' lock.
using EntityChange = std::function<Result<void>(Entity&)>;
[[nodiscard]] Result<void> change_entity(Identity& identity, const aws::Call& call,
                                         const aws::Input& input, EntityKind kind,
                                         const EntityChange& change);
/// The entity that the input names.
[[nodiscard]] Result<Entity> read_entity(Identity& identity, const aws::Call& call,
                                         const aws::Input& input, EntityKind kind);
/// Gives a new entity its id and time and writes it: EntityAlreadyExists, LimitExceeded.
[[nodiscard]] Result<void> add_entity(Identity& identity, const aws::Call& call, Entity& entity);
/// DeleteConflict while policies hang on the entity.
[[nodiscard]] Result<void> check_no_policies(const Entity& entity);

/// The input with a UserName: without one the caller, if it is a user, means itself.
[[nodiscard]] Result<aws::Input> with_own_name(const aws::Call& call, const aws::Input& input);
/// The user that the input names, or the caller's own.
[[nodiscard]] Result<Entity> read_own_user(Identity& identity, const aws::Call& call,
                                           const aws::Input& input);

/// Whether a boundary may be put on something: "Scope ARN: X does not exist or ..." when not.
[[nodiscard]] Result<void> check_boundary(Identity& identity, const aws::Call& call,
                                          const std::string& arn);

/// The managed policy of the input's PolicyArn, AWS's included: "Policy ARN was not found."
[[nodiscard]] Result<ManagedPolicy> read_managed_policy(Identity& identity, const aws::Call& call,
                                                        const aws::Input& input);
/// The same for a policy that is to be changed, which AWS's own cannot be.
[[nodiscard]] Result<ManagedPolicy> read_own_policy(Identity& identity, const aws::Call& call,
                                                    const aws::Input& input);
[[nodiscard]] Error no_such_version(std::string_view policy_arn, std::string_view version_id);

/// How often each managed policy is attached and is a boundary; those never used are missing.
using PolicyUses = std::map<std::string, PolicyUse, std::less<>>;
[[nodiscard]] Result<PolicyUses> policy_uses(Identity& identity, std::string_view account);
[[nodiscard]] PolicyUse use_of(const PolicyUses& uses, std::string_view arn);

/// The role in an instance profile; nothing when it has none.
[[nodiscard]] Result<std::optional<Entity>> role_in(Identity& identity, std::string_view account,
                                                    const Entity& profile);
/// The names of the instance profiles that hold a role.
[[nodiscard]] Result<std::vector<Entity>> profiles_with(Identity& identity,
                                                        std::string_view account,
                                                        std::string_view role_name);

/// "AROA" and seventeen characters, as AWS's unique ids are.
[[nodiscard]] std::string make_unique_id(Identity& identity, std::string_view prefix);

/// The account in a policy's ARN: the caller's, or "aws".
[[nodiscard]] std::string_view owner_of(std::string_view policy_arn, std::string_view account);

}  // namespace stator::iam::ops
