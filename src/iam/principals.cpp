#include "iam/principals.hpp"

#include "iam/managed_policies.hpp"

namespace stator::iam {
namespace {

/// A stored document was parsed before it was stored, so a fault here is damage.
Result<NamedPolicy> compile_policy(std::string name, std::string_view document) {
  auto policy = Policy::parse(document, PolicyKind::kInline);
  if (!policy) {
    return internal("the stored policy " + name + " is damaged: " + policy.error().message);
  }
  return NamedPolicy{std::move(name), *std::move(policy)};
}

std::string cache_key(std::string_view account, EntityKind kind, std::string_view name) {
  std::string key;
  key.reserve(account.size() + name.size() + 1);
  key.append(account).append(1, static_cast<char>('0' + static_cast<int>(kind))).append(name);
  return key;
}

}  // namespace

Result<std::shared_ptr<const CompiledEntity>> Principals::find(std::string_view account,
                                                               EntityKind kind,
                                                               std::string_view name) {
  const std::string key = cache_key(account, kind, name);
  auto cached = cache_.find(key);
  if (cached && cached->generation == records_.generation()) return cached;
  STATOR_TRY(auto compiled, compile(account, kind, name));
  if (compiled) cache_.put(key, compiled);
  return compiled;
}

Result<std::shared_ptr<const CompiledEntity>> Principals::compile(std::string_view account,
                                                                  EntityKind kind,
                                                                  std::string_view name) const {
  auto compiled = std::make_shared<CompiledEntity>();
  // Read before the records are: a change in between makes this entry outdated, never wrong.
  compiled->generation = records_.generation();
  STATOR_TRY(const auto entity, records_.find_entity(account, kind, name));
  if (!entity) return std::shared_ptr<const CompiledEntity>();
  compiled->id = entity->id;
  compiled->arn = entity_arn(account, *entity);
  compiled->tags = entity->tags;
  STATOR_TRY_VOID(add_policies(account, *entity, compiled->policies));
  for (const auto& group_name : entity->groups) {
    STATOR_TRY(const auto group, records_.find_entity(account, EntityKind::kGroup, group_name));
    if (!group) return internal("the group " + group_name + " of a user is gone");
    STATOR_TRY_VOID(add_policies(account, *group, compiled->policies));
  }
  if (!entity->boundary.empty()) {
    STATOR_TRY(auto boundary, compile_managed(account, entity->boundary));
    compiled->boundary.emplace().push_back(std::move(boundary));
  }
  return std::shared_ptr<const CompiledEntity>(std::move(compiled));
}

Result<NamedPolicy> Principals::compile_managed(std::string_view account,
                                                const std::string& arn) const {
  STATOR_TRY(const auto managed, find_managed_policy(records_, account, arn));
  if (!managed) return internal("the managed policy " + arn + " is gone");
  return compile_policy(arn, managed->version(managed->default_version)->document);
}

Result<void> Principals::add_policies(std::string_view account, const Entity& entity,
                                      std::vector<NamedPolicy>& policies) const {
  for (const auto& [name, document] : entity.inline_policies) {
    STATOR_TRY(auto policy, compile_policy(name, document));
    policies.push_back(std::move(policy));
  }
  for (const auto& arn : entity.attached) {
    STATOR_TRY(auto policy, compile_managed(account, arn));
    policies.push_back(std::move(policy));
  }
  return {};
}

}  // namespace stator::iam
