#include "iam/ops/needs.hpp"

#include <memory>

#include "aws/arn.hpp"
#include "iam/managed_policies.hpp"
#include "iam/ops/shared.hpp"

namespace stator::iam::ops {
namespace {

/// A member as text; nothing when it is absent or has the wrong type, which the handler refuses.
std::optional<std::string> text_of(const aws::Input& input, std::string_view member) {
  const auto text = input.text(member);
  return text ? *text : std::nullopt;
}

void add_tag_keys(aws::ConditionKeys& keys, const aws::Input& input) {
  std::vector<std::string> names;
  if (const auto tags = input.array("Tags"); tags && *tags != nullptr) {
    for (const auto& item : **tags) {
      if (!item.is_object()) continue;
      const auto key = json::find_string(item.get_object(), "Key");
      const auto value = json::find_string(item.get_object(), "Value");
      if (!key || !value) continue;
      keys.push_back({"aws:RequestTag/" + *key, {*value}});
      names.push_back(*key);
    }
  }
  if (const auto untagged = input.text_list("TagKeys"); untagged) {
    names.insert(names.end(), untagged->begin(), untagged->end());
  }
  if (!names.empty()) keys.push_back({"aws:TagKeys", std::move(names)});
}

aws::Permission entity_permission(const aws::Call& call, std::string action, Entity entity,
                                  const aws::Input& input, BoundaryKey boundary) {
  aws::Permission need{std::move(action), entity_arn(call.account, entity)};
  need.keys = [entity = std::make_shared<const Entity>(std::move(entity)), &input, boundary] {
    auto keys = request_keys(input);
    add_resource_tags(keys, entity->tags);
    if (boundary == BoundaryKey::kPresent && !entity->boundary.empty() &&
        !input.has("PermissionsBoundary")) {
      keys.push_back({"iam:PermissionsBoundary", {entity->boundary}});
    }
    return keys;
  };
  return need;
}

Result<Entity> named_or_stand_in(Identity& identity, const aws::Call& call, const aws::Input& input,
                                 EntityKind kind) {
  STATOR_TRY(const auto name, input.text(facts_of(kind).member));
  Entity entity;
  entity.kind = kind;
  entity.name = name.value_or("");
  STATOR_TRY(auto found, identity.records().find_entity(call.account, kind, entity.name));
  if (found) entity = *std::move(found);
  return entity;
}

}  // namespace

aws::ConditionKeys request_keys(const aws::Input& input) {
  aws::ConditionKeys keys;
  add_tag_keys(keys, input);
  if (auto arn = text_of(input, "PolicyArn")) {
    keys.push_back({"iam:PolicyARN", {*std::move(arn)}});
  }
  if (auto arn = text_of(input, "PermissionsBoundary")) {
    keys.push_back({"iam:PermissionsBoundary", {*std::move(arn)}});
  }
  return keys;
}

void add_resource_tags(aws::ConditionKeys& keys, const std::vector<Tag>& tags) {
  for (const auto& tag : tags) {
    keys.push_back({"aws:ResourceTag/" + tag.key, {tag.value}});
    keys.push_back({"iam:ResourceTag/" + tag.key, {tag.value}});
  }
}

aws::Operation::JsonNeeds entity_needs(Identity& identity, EntityKind kind, std::string action,
                                       BoundaryKey boundary) {
  return [&identity, kind, boundary, action = std::move(action)](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(auto entity, named_or_stand_in(identity, call, input, kind));
    return aws::Needs{entity_permission(call, action, std::move(entity), input, boundary)};
  };
}

aws::Operation::JsonNeeds own_user_needs(Identity& identity, std::string action) {
  return [&identity, action = std::move(action)](const aws::Call& call,
                                                 const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto named, with_own_name(call, input));
    STATOR_TRY(auto user, named_or_stand_in(identity, call, named, EntityKind::kUser));
    return aws::Needs{
        entity_permission(call, action, std::move(user), input, BoundaryKey::kAbsent)};
  };
}

aws::Operation::JsonNeeds new_entity_needs(EntityKind kind) {
  return [kind](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    const auto& facts = facts_of(kind);
    const std::string title(facts.title);
    Entity entity;
    entity.kind = kind;
    STATOR_TRY(const auto name, input.text(facts.member));
    STATOR_TRY(const auto path, input.text("Path"));
    entity.name = name.value_or("");
    entity.path = path.value_or("/");
    aws::Needs needs{
        entity_permission(call, "iam:Create" + title, entity, input, BoundaryKey::kAbsent)};
    if (input.has("Tags")) {
      needs.push_back(
          entity_permission(call, "iam:Tag" + title, entity, input, BoundaryKey::kAbsent));
    }
    return needs;
  };
}

aws::Operation::JsonNeeds rename_needs(Identity& identity, EntityKind kind, std::string action) {
  return [&identity, kind, action = std::move(action)](
             const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(auto entity, named_or_stand_in(identity, call, input, kind));
    STATOR_TRY(const auto name, input.text("New" + std::string(facts_of(kind).member)));
    STATOR_TRY(const auto path, input.text("NewPath"));
    Entity wanted = entity;
    if (name) wanted.name = *name;
    if (path) wanted.path = *path;
    aws::Needs needs;
    needs.push_back(entity_permission(call, action, entity, input, BoundaryKey::kAbsent));
    needs.push_back(entity_permission(call, action, wanted, input, BoundaryKey::kAbsent));
    return needs;
  };
}

aws::Operation::JsonNeeds policy_needs(Identity& identity, std::string action) {
  return [&identity, action = std::move(action)](const aws::Call& call,
                                                 const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto arn, input.text("PolicyArn"));
    aws::Permission need{action, arn.value_or("")};
    STATOR_TRY(const auto policy,
               find_managed_policy(identity.records(), call.account, need.resource));
    need.keys = [tags = policy ? policy->tags : std::vector<Tag>(), &input] {
      aws::ConditionKeys keys;
      add_tag_keys(keys, input);
      add_resource_tags(keys, tags);
      return keys;
    };
    return aws::Needs{std::move(need)};
  };
}

aws::Operation::JsonNeeds list_needs(std::string action, std::string resource) {
  return [action = std::move(action), resource = std::move(resource)](
             const aws::Call& call, const aws::Input&) -> Result<aws::Needs> {
    return aws::Needs{{action, aws::make_arn("iam", "", call.account, resource)}};
  };
}

aws::Operation::JsonNeeds account_needs(std::string action) {
  return [action = std::move(action)](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
    return aws::Needs{{action, "*"}};
  };
}

}  // namespace stator::iam::ops
