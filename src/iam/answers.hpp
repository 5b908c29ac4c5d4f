#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iam/last_uses.hpp"
#include "iam/records.hpp"
#include "json/json.hpp"

/// Records as the API shows them. Documents are percent-encoded JSON, as IAM sends them.
namespace stator::iam {

/// How much of a role an operation shows: CreateRole leaves out the session limits, ListRoles the
/// tags and the last use, GetRole nothing.
enum class Detail : std::uint8_t { kCreated, kListed, kFull };

[[nodiscard]] json::Object role_answer(std::string_view account, const Entity& role, Detail detail,
                                       const std::optional<LastUse>& last_use = {});
[[nodiscard]] json::Object user_answer(std::string_view account, const Entity& user, Detail detail);
[[nodiscard]] json::Object group_answer(std::string_view account, const Entity& group);
/// `role` is the profile's, null when it has none.
[[nodiscard]] json::Object profile_answer(std::string_view account, const Entity& profile,
                                          const Entity* role, Detail detail);

/// How often a managed policy is used.
struct PolicyUse {
  std::int64_t attachments = 0;
  std::int64_t boundaries = 0;
};
[[nodiscard]] json::Object policy_answer(std::string_view account, const ManagedPolicy& policy,
                                         const PolicyUse& use, Detail detail);
[[nodiscard]] json::Object version_answer(const ManagedPolicy& policy, const PolicyVersion& version,
                                          bool with_document);
[[nodiscard]] json::Array tags_answer(const std::vector<Tag>& tags);
[[nodiscard]] std::string document_answer(std::string_view document);

}  // namespace stator::iam
