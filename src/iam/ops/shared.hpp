#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "iam/errors.hpp"
#include "iam/identity.hpp"
#include "iam/records.hpp"

/// What the operations have in common.
namespace stator::iam::ops {

/// The words in which an operation speaks of its kind of entity.
struct KindWords {
  std::string_view title;   ///< "Role", as in PutRolePolicy
  std::string_view noun;    ///< "role"
  std::string_view member;  ///< "RoleName"
};
[[nodiscard]] KindWords words_of(EntityKind kind);

/// iam:ACTION on the role or user that the input names, its path included; the name alone stands in
/// for one that does not exist, so that the answer tells nothing to the unauthorized.
[[nodiscard]] aws::Operation::JsonNeeds entity_needs(Identity& identity, EntityKind kind,
                                                     std::string action);
/// iam:ACTION on an entity that the input is about to make, at its Path.
[[nodiscard]] aws::Operation::JsonNeeds new_entity_needs(EntityKind kind, std::string action);
/// iam:ACTION on the managed policy of the input's PolicyArn.
[[nodiscard]] aws::Operation::JsonNeeds policy_needs(std::string action);
/// iam:ACTION on a fixed resource of the account: "role/" becomes arn:aws:iam::ACCOUNT:role/.
[[nodiscard]] aws::Operation::JsonNeeds list_needs(std::string action, std::string resource);

/// Reads the entity that the input names, lets `change` alter it and writes it, all under the
/// records' lock.
using EntityChange = std::function<Result<void>(Entity&)>;
[[nodiscard]] Result<void> change_entity(Identity& identity, const aws::Call& call,
                                         const aws::Input& input, EntityKind kind,
                                         const EntityChange& change);
/// The entity that the input names.
[[nodiscard]] Result<Entity> read_entity(Identity& identity, const aws::Call& call,
                                         const aws::Input& input, EntityKind kind);

/// The managed policy of the input's PolicyArn, AWS's included: "Policy ARN was not found."
[[nodiscard]] Result<ManagedPolicy> read_managed_policy(Identity& identity, const aws::Call& call,
                                                        const aws::Input& input);
/// The same for a policy that is to be changed, which AWS's own cannot be.
[[nodiscard]] Result<ManagedPolicy> read_own_policy(Identity& identity, const aws::Call& call,
                                                    const aws::Input& input);
/// How many users and roles a managed policy is attached to.
[[nodiscard]] Result<std::int64_t> count_attachments(Identity& identity, std::string_view account,
                                                     std::string_view arn);

/// "AROA" and seventeen characters, as AWS's unique ids are.
[[nodiscard]] std::string make_unique_id(Identity& identity, std::string_view prefix);

/// The account in a policy's ARN: the caller's, or "aws".
[[nodiscard]] std::string_view owner_of(std::string_view policy_arn, std::string_view account);

}  // namespace stator::iam::ops
