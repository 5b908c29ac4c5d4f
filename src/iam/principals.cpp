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
  key.append(account).append(kind == EntityKind::kRole ? "/" : ":").append(name);
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
  for (const auto& [policy_name, document] : entity->inline_policies) {
    STATOR_TRY(auto policy, compile_policy(policy_name, document));
    compiled->policies.push_back(std::move(policy));
  }
  for (const auto& arn : entity->attached) {
    STATOR_TRY(const auto managed, find_managed_policy(records_, account, arn));
    if (!managed) return internal("the attached policy " + arn + " is gone");
    const auto* version = managed->version(managed->default_version);
    STATOR_TRY(auto policy, compile_policy(arn, version->document));
    compiled->policies.push_back(std::move(policy));
  }
  return std::shared_ptr<const CompiledEntity>(std::move(compiled));
}

}  // namespace stator::iam
