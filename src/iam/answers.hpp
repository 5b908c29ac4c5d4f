#pragma once

#include <string_view>

#include "iam/records.hpp"
#include "json/json.hpp"

/// Records as the API shows them. Documents are percent-encoded JSON, as IAM sends them.
namespace stator::iam {

/// How much of a role an operation shows: CreateRole leaves out the session limits, ListRoles the
/// tags and the last use, GetRole nothing.
enum class Detail : std::uint8_t { kCreated, kListed, kFull };

[[nodiscard]] json::Object role_answer(std::string_view account, const Entity& role, Detail detail);
[[nodiscard]] json::Object user_answer(std::string_view account, const Entity& user, Detail detail);
[[nodiscard]] json::Object policy_answer(std::string_view account, const ManagedPolicy& policy,
                                         std::int64_t attachments, Detail detail);
[[nodiscard]] json::Object version_answer(const ManagedPolicy& policy, const PolicyVersion& version,
                                          bool with_document);
[[nodiscard]] json::Array tags_answer(const std::vector<Tag>& tags);
[[nodiscard]] std::string document_answer(std::string_view document);

}  // namespace stator::iam
