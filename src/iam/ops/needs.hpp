#pragma once

#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "iam/identity.hpp"
#include "iam/records.hpp"

/// What the operations of IAM need, with the condition keys that go with it.
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
namespace stator::iam::ops {

/// Whether conditions may ask iam:PermissionsBoundary about the entity: AWS has that key for the
/// operations that change what a user or role may do.
enum class BoundaryKey : bool { kAbsent, kPresent };

/// iam:ACTION on the entity that the input names, its path included; the name alone stands in for
/// one that does not exist, so that the answer tells nothing to the unauthorized.
[[nodiscard]] aws::Operation::JsonNeeds entity_needs(Identity& identity, EntityKind kind,
                                                     std::string action,
                                                     BoundaryKey boundary = BoundaryKey::kAbsent);
/// The same of a user, where the caller's own stands in for a name that is not given.
[[nodiscard]] aws::Operation::JsonNeeds own_user_needs(Identity& identity, std::string action);
/// iam:CreateX on an entity that the input is about to make, at its Path, and iam:TagX when it
/// comes with tags.
[[nodiscard]] aws::Operation::JsonNeeds new_entity_needs(EntityKind kind);
/// iam:ACTION on an entity, and on the name and path that it is to have.
[[nodiscard]] aws::Operation::JsonNeeds rename_needs(Identity& identity, EntityKind kind,
                                                     std::string action);
/// iam:ACTION on the managed policy of the input's PolicyArn.
[[nodiscard]] aws::Operation::JsonNeeds policy_needs(Identity& identity, std::string action);
/// iam:ACTION on a fixed resource of the account: "role/" becomes arn:aws:iam::ACCOUNT:role/.
[[nodiscard]] aws::Operation::JsonNeeds list_needs(std::string action, std::string resource);
/// iam:ACTION on everything: for actions about the account, which have no resource.
[[nodiscard]] aws::Operation::JsonNeeds account_needs(std::string action);

/// aws:RequestTag, aws:TagKeys, iam:PolicyARN and iam:PermissionsBoundary as far as the input's
/// members say them.
[[nodiscard]] aws::ConditionKeys request_keys(const aws::Input& input);
/// aws:ResourceTag and iam:ResourceTag.
void add_resource_tags(aws::ConditionKeys& keys, const std::vector<Tag>& tags);

}  // namespace stator::iam::ops
