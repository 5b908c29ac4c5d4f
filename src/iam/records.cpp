#include "iam/records.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "base/strings.hpp"
#include "iam/errors.hpp"
#include "iam/record_codec.hpp"
#include "storage/key.hpp"

namespace stator::iam {
namespace {

constexpr auto kFamily = storage::Family::kMeta;

std::string entity_key(std::string_view account, EntityKind kind, std::string_view name) {
  return storage::path_key({account, "", "iam", facts_of(kind).type, to_lower(name)});
}
std::string managed_key(std::string_view account, std::string_view name) {
  return storage::path_key({account, "", "iam", "policy", to_lower(name)});
}
std::string alias_key(std::string_view account) {
  return storage::path_key({account, "", "iam", "alias"});
}
/// A request names a key before anyone knows its account, so keys of all accounts lie together.
std::string access_key_key(std::string_view id) {
  return storage::path_key({"", "", "iam", "access-key", id});
}

}  // namespace

const PolicyVersion* ManagedPolicy::version(std::string_view version_id) const {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [&](const PolicyVersion& v) { return v.id == version_id; });
  return found == versions.end() ? nullptr : &*found;
}

std::string entity_arn(std::string_view account, const Entity& entity) {
  return aws::make_arn("iam", "", account,
                       std::string(facts_of(entity.kind).type) + entity.path + entity.name);
}

std::string policy_arn(std::string_view account, const ManagedPolicy& policy) {
  return aws::make_arn("iam", "", account, "policy" + policy.path + policy.name);
}

Result<void> Records::write(storage::Batch batch) {
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  generation_.fetch_add(1, std::memory_order_acq_rel);
  return {};
}

Result<std::vector<std::string>> Records::values_under(const std::string& prefix) const {
  std::vector<std::string> values;
  const auto it = store_.iterate(kFamily, storage::prefix_range(prefix));
  for (it->seek_first(); it->valid(); it->next()) values.emplace_back(it->value());
  STATOR_TRY_VOID(it->status());
  return values;
}

Result<std::optional<Entity>> Records::find_entity(std::string_view account, EntityKind kind,
                                                   std::string_view name) const {
  STATOR_TRY(const auto text, store_.get(kFamily, entity_key(account, kind, name)));
  if (!text) return std::optional<Entity>();
  STATOR_TRY(auto entity, decode_entity(*text, kind));
  if (entity.name != name) return std::optional<Entity>();
  return std::optional(std::move(entity));
}

Result<Entity> Records::get_entity(std::string_view account, EntityKind kind,
                                   std::string_view name) const {
  STATOR_TRY(auto entity, find_entity(account, kind, name));
  if (entity) return *std::move(entity);
  return no_such_entity_named(kind, name);
}

Result<bool> Records::is_taken(std::string_view account, EntityKind kind,
                               std::string_view name) const {
  STATOR_TRY(const auto text, store_.get(kFamily, entity_key(account, kind, name)));
  return text.has_value();
}

Result<std::vector<Entity>> Records::list_entities(std::string_view account,
                                                   EntityKind kind) const {
  const auto prefix = storage::path_key({account, "", "iam", facts_of(kind).type});
  STATOR_TRY(const auto values, values_under(prefix));
  std::vector<Entity> entities;
  for (const auto& value : values) {
    STATOR_TRY(auto entity, decode_entity(value, kind));
    entities.push_back(std::move(entity));
  }
  return entities;
}

Result<std::size_t> Records::count_entities(std::string_view account, EntityKind kind) const {
  STATOR_TRY(const auto values,
             values_under(storage::path_key({account, "", "iam", facts_of(kind).type})));
  return values.size();
}

Result<void> Records::put(std::string_view account, const Entity& entity) {
  storage::Batch batch;
  batch.put(kFamily, entity_key(account, entity.kind, entity.name), encode(entity));
  return write(std::move(batch));
}

Result<void> Records::erase(std::string_view account, const Entity& entity) {
  storage::Batch batch;
  batch.erase(kFamily, entity_key(account, entity.kind, entity.name));
  return write(std::move(batch));
}

Result<void> Records::rename(std::string_view account, const Entity& from, const Entity& to) {
  storage::Batch batch;
  batch.erase(kFamily, entity_key(account, from.kind, from.name));
  batch.put(kFamily, entity_key(account, to.kind, to.name), encode(to));
  for (const auto& id : to.access_key_ids) {
    STATOR_TRY(auto key, find_access_key(id));
    if (!key) continue;
    key->user = to.name;
    batch.put(kFamily, access_key_key(id), encode(*key));
  }
  if (to.kind == EntityKind::kGroup && from.name != to.name) {
    STATOR_TRY(auto users, list_entities(account, EntityKind::kUser));
    for (auto& user : users) {
      const auto at = std::find(user.groups.begin(), user.groups.end(), from.name);
      if (at == user.groups.end()) continue;
      *at = to.name;
      batch.put(kFamily, entity_key(account, user.kind, user.name), encode(user));
    }
  }
  return write(std::move(batch));
}

Result<std::optional<ManagedPolicy>> Records::find_policy(std::string_view account,
                                                          std::string_view name) const {
  STATOR_TRY(const auto text, store_.get(kFamily, managed_key(account, name)));
  if (!text) return std::optional<ManagedPolicy>();
  STATOR_TRY(auto policy, decode_policy(*text));
  return std::optional(std::move(policy));
}

Result<std::optional<ManagedPolicy>> Records::find_policy_by_arn(std::string_view account,
                                                                 std::string_view arn) const {
  const auto slash = arn.rfind('/');
  if (slash == std::string_view::npos) return std::optional<ManagedPolicy>();
  STATOR_TRY(auto policy, find_policy(account, arn.substr(slash + 1)));
  if (policy && policy_arn(account, *policy) != arn) policy.reset();
  return policy;
}

Result<std::vector<ManagedPolicy>> Records::list_policies(std::string_view account) const {
  STATOR_TRY(const auto values, values_under(storage::path_key({account, "", "iam", "policy"})));
  std::vector<ManagedPolicy> policies;
  for (const auto& value : values) {
    STATOR_TRY(auto policy, decode_policy(value));
    policies.push_back(std::move(policy));
  }
  return policies;
}

Result<std::size_t> Records::count_policies(std::string_view account) const {
  STATOR_TRY(const auto values, values_under(storage::path_key({account, "", "iam", "policy"})));
  return values.size();
}

Result<void> Records::put(std::string_view account, const ManagedPolicy& policy) {
  storage::Batch batch;
  batch.put(kFamily, managed_key(account, policy.name), encode(policy));
  return write(std::move(batch));
}

Result<void> Records::erase(std::string_view account, const ManagedPolicy& policy) {
  storage::Batch batch;
  batch.erase(kFamily, managed_key(account, policy.name));
  return write(std::move(batch));
}

Result<std::optional<AccessKey>> Records::find_access_key(std::string_view id) const {
  STATOR_TRY(const auto text, store_.get(kFamily, access_key_key(id)));
  if (!text) return std::optional<AccessKey>();
  STATOR_TRY(auto key, decode_access_key(*text));
  return std::optional(std::move(key));
}

Result<void> Records::put(const AccessKey& key, const Entity& user) {
  storage::Batch batch;
  batch.put(kFamily, access_key_key(key.id), encode(key));
  batch.put(kFamily, entity_key(key.account, user.kind, user.name), encode(user));
  return write(std::move(batch));
}

Result<void> Records::erase(const AccessKey& key, const Entity& user) {
  storage::Batch batch;
  batch.erase(kFamily, access_key_key(key.id));
  batch.put(kFamily, entity_key(key.account, user.kind, user.name), encode(user));
  return write(std::move(batch));
}

Result<std::optional<std::string>> Records::find_alias(std::string_view account) const {
  return store_.get(kFamily, alias_key(account));
}

Result<void> Records::put_alias(std::string_view account, const std::optional<std::string>& alias) {
  storage::Batch batch;
  if (alias) {
    batch.put(kFamily, alias_key(account), *alias);
  } else {
    batch.erase(kFamily, alias_key(account));
  }
  return write(std::move(batch));
}

}  // namespace stator::iam
