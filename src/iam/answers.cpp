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

namespace {

/// The members that answers of every kind begin with.
json::Object named_answer(std::string_view account, const Entity& entity) {
  const auto& facts = facts_of(entity.kind);
  json::Object answer{{"Path", entity.path}};
  answer[facts.member] = entity.name;
  answer[std::string(facts.title) + "Id"] = entity.id;
  answer["Arn"] = entity_arn(account, entity);
  answer["CreateDate"] = iso8601(entity.created);
  return answer;
}

void add_boundary(json::Object& answer, const Entity& entity) {
  if (entity.boundary.empty()) return;
  answer["PermissionsBoundary"] = json::Object{{"PermissionsBoundaryType", "Policy"},
                                               {"PermissionsBoundaryArn", entity.boundary}};
}

}  // namespace

json::Object role_answer(std::string_view account, const Entity& role, Detail detail,
                         const std::optional<LastUse>& last_use) {
  json::Object answer = named_answer(account, role);
  answer["AssumeRolePolicyDocument"] = document_answer(role.trust);
  if (detail != Detail::kCreated) {
    if (!role.description.empty()) answer["Description"] = role.description;
    answer["MaxSessionDuration"] = role.max_session_seconds;
  }
  if (detail == Detail::kListed) return answer;
  add_boundary(answer, role);
  if (!role.tags.empty()) answer["Tags"] = tags_answer(role.tags);
  if (detail == Detail::kFull) {
    json::Object used;
    if (last_use) {
      used["LastUsedDate"] = iso8601(last_use->at);
      used["Region"] = last_use->region;
    }
    answer["RoleLastUsed"] = std::move(used);
  }
  return answer;
}

json::Object user_answer(std::string_view account, const Entity& user, Detail detail) {
  json::Object answer = named_answer(account, user);
  if (detail == Detail::kListed) return answer;
  add_boundary(answer, user);
  if (!user.tags.empty()) answer["Tags"] = tags_answer(user.tags);
  return answer;
}

json::Object group_answer(std::string_view account, const Entity& group) {
  return named_answer(account, group);
}

json::Object profile_answer(std::string_view account, const Entity& profile, const Entity* role,
                            Detail detail) {
  json::Object answer = named_answer(account, profile);
  json::Array roles;
  if (role != nullptr) roles.push_back(role_answer(account, *role, Detail::kCreated));
  answer["Roles"] = std::move(roles);
  if (detail == Detail::kFull) answer["Tags"] = tags_answer(profile.tags);
  if (detail == Detail::kCreated && !profile.tags.empty()) {
    answer["Tags"] = tags_answer(profile.tags);
  }
  return answer;
}

json::Object policy_answer(std::string_view account, const ManagedPolicy& policy,
                           const PolicyUse& use, Detail detail) {
  json::Object answer{{"PolicyName", policy.name},
                      {"PolicyId", policy.id},
                      {"Arn", policy_arn(account, policy)},
                      {"Path", policy.path},
                      {"DefaultVersionId", policy.default_version},
                      {"AttachmentCount", use.attachments},
                      {"PermissionsBoundaryUsageCount", use.boundaries},
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
