#pragma once

#include <string>
#include <string_view>

#include "cloudformation/resource_type.hpp"

/// What the types of IAM share.
namespace stator::cloudformation::resources::iam {

inline constexpr std::string_view kService = "iam";

/// IAM has the same operations for roles, users and groups, under names made of these.
struct Kind {
  std::string_view title;   ///< "Role" in GetRole
  std::string_view member;  ///< "RoleName"
  std::string_view list;    ///< "Roles", the property of policies that name them
};
inline constexpr Kind kRole{"Role", "RoleName", "Roles"};
inline constexpr Kind kUser{"User", "UserName", "Users"};
inline constexpr Kind kGroup{"Group", "GroupName", "Groups"};

/// {"RoleName": name} and what `more` adds.
[[nodiscard]] json::Object target(const Kind& kind, const std::string& name,
                                  json::Object more = {});

/// Takes ManagedPolicyArns, Policies and, for roles and users, PermissionsBoundary and Tags of one
/// from what `existing` has to what is wanted. Grants first and takes away last, so that a role in
/// use never has less than both versions share.
[[nodiscard]] Result<void> update_principal(ResourceContext& context, const Kind& kind,
                                            const Existing& existing,
                                            const json::Object& properties);
/// Puts the policies on one that is new; the boundary and the tags went with its creation.
[[nodiscard]] Result<void> add_policies(ResourceContext& context, const Kind& kind,
                                        const std::string& name, const json::Object& properties);
/// Takes the policies away, before the principal goes.
[[nodiscard]] Result<void> drop_policies(ResourceContext& context, const Kind& kind,
                                         const Existing& existing);
/// kInvalid unless the lists are lists.
[[nodiscard]] Result<void> check_lists(const json::Object& properties);

/// What the API says of a principal, with the policies that the template gives it.
[[nodiscard]] Result<json::Object> read_principal(ResourceContext& context, const Kind& kind,
                                                  const Existing& existing);

[[nodiscard]] Result<void> put_inline(ResourceContext& context, const Kind& kind,
                                      const std::string& name, const std::string& policy,
                                      const std::string& document);
[[nodiscard]] Result<void> take_inline(ResourceContext& context, const Kind& kind,
                                       const std::string& name, const std::string& policy);
/// Null when there is none of that name.
[[nodiscard]] Result<json::Value> read_inline(ResourceContext& context, const Kind& kind,
                                              const std::string& name, const std::string& policy);
/// The document in an answer, which has it percent-encoded.
[[nodiscard]] json::Value decoded_document(const json::Object& answer, std::string_view member);

}  // namespace stator::cloudformation::resources::iam
