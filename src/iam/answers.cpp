#include "iam/answers.hpp"

#include "base/bytes.hpp"
#include "base/time_format.hpp"

namespace stator::iam {

std::string document_answer(std::string_view document) {
  return percent_encode(document);
}

json::Array tags_answer(const std::vector<Tag>& tags) {
  json::Array array;
  for (const auto& tag : tags) {
    array.push_back(json::Object{{"Key", tag.key}, {"Value", tag.value}});
  }
  return array;
}

json::Object role_answer(std::string_view account, const Entity& role, Detail detail) {
  json::Object answer{{"Path", role.path},
                      {"RoleName", role.name},
                      {"RoleId", role.id},
                      {"Arn", entity_arn(account, role)},
                      {"CreateDate", iso8601(role.created)},
                      {"AssumeRolePolicyDocument", document_answer(role.trust)}};
  if (!role.description.empty()) answer["Description"] = role.description;
  if (detail != Detail::kCreated) answer["MaxSessionDuration"] = role.max_session_seconds;
  if (detail != Detail::kListed && !role.tags.empty()) answer["Tags"] = tags_answer(role.tags);
  // The last use is not recorded; an empty structure is what AWS sends for a role never used.
  if (detail == Detail::kFull) answer["RoleLastUsed"] = json::Object();
  return answer;
}

json::Object user_answer(std::string_view account, const Entity& user, Detail detail) {
  json::Object answer{{"Path", user.path},
                      {"UserName", user.name},
                      {"UserId", user.id},
                      {"Arn", entity_arn(account, user)},
                      {"CreateDate", iso8601(user.created)}};
  if (detail != Detail::kListed && !user.tags.empty()) answer["Tags"] = tags_answer(user.tags);
  return answer;
}

json::Object policy_answer(std::string_view account, const ManagedPolicy& policy,
                           std::int64_t attachments, Detail detail) {
  json::Object answer{{"PolicyName", policy.name},
                      {"PolicyId", policy.id},
                      {"Arn", policy_arn(account, policy)},
                      {"Path", policy.path},
                      {"DefaultVersionId", policy.default_version},
                      {"AttachmentCount", attachments},
                      {"PermissionsBoundaryUsageCount", 0},
                      {"IsAttachable", true},
                      {"CreateDate", iso8601(policy.created)},
                      {"UpdateDate", iso8601(policy.updated)}};
  if (detail == Detail::kFull && !policy.description.empty()) {
    answer["Description"] = policy.description;
  }
  if (detail == Detail::kFull) answer["Tags"] = tags_answer(policy.tags);
  if (detail == Detail::kCreated && !policy.tags.empty()) answer["Tags"] = tags_answer(policy.tags);
  return answer;
}

json::Object version_answer(const ManagedPolicy& policy, const PolicyVersion& version,
                            bool with_document) {
  json::Object answer{{"VersionId", version.id},
                      {"IsDefaultVersion", version.id == policy.default_version},
                      {"CreateDate", iso8601(version.created)}};
  if (with_document) answer["Document"] = document_answer(version.document);
  return answer;
}

}  // namespace stator::iam
