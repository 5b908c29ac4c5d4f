// What the catalog keeps of a function beside $LATEST: its versions and its settings.
#include <algorithm>

#include "lambda/catalog.hpp"
#include "lambda/catalog_paths.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda {

using namespace catalog;
using storage::Batch;
using storage::Family;

Result<void> catalog::compile_policies(FunctionSettings& settings) {
  for (auto& [qualifier, policy] : settings.policies) {
    STATOR_TRY(policy.compiled, compile_policy(policy.statements));
  }
  return {};
}

Catalog::FunctionPtr Catalog::find_version(const FunctionKeyView& key,
                                           std::string_view version) const {
  if (version.empty() || version == kLatest) return find(key);
  const auto number = version_number(version);
  if (!number) return nullptr;
  const std::shared_lock lock(map_mutex_);
  const auto versions = versions_.find(key);
  if (versions == versions_.end()) return nullptr;
  const auto found = versions->second.find(*number);
  return found == versions->second.end() ? nullptr : found->second;
}

std::vector<Catalog::FunctionPtr> Catalog::versions(const FunctionKeyView& key) const {
  std::vector<FunctionPtr> out;
  const std::shared_lock lock(map_mutex_);
  const auto found = versions_.find(key);
  if (found == versions_.end()) return out;
  for (const auto& [number, record] : found->second) out.push_back(record);
  return out;
}

Result<Catalog::FunctionPtr> Catalog::publish_version(const FunctionKeyView& key,
                                                      const Change& change) {
  const std::lock_guard writing(write_mutex_);
  const FunctionPtr latest = find(key);
  if (latest == nullptr) return function_missing(function_arn(key));
  FunctionRecord copy = *latest;
  STATOR_TRY_VOID(change(copy));
  copy.published_from = fingerprint(*latest);
  const auto published = versions(key);
  if (!published.empty() && published.back()->published_from == copy.published_from) {
    return published.back();
  }
  FunctionSettings settings = *this->settings(key);
  copy.version = std::to_string(++settings.last_version);
  copy.tags.clear();
  copy.policy.clear();
  copy.compiled_policy = nullptr;
  Batch batch;
  batch.put(Family::kMeta, version_path(key, settings.last_version), encode(copy));
  batch.put(Family::kMeta, settings_path(key), encode(settings));
  STATOR_TRY_VOID(write(std::move(batch)));
  const auto made = std::make_shared<const FunctionRecord>(std::move(copy));
  const std::unique_lock lock(map_mutex_);
  versions_[made->key][settings.last_version] = made;
  settings_[made->key] = std::make_shared<const FunctionSettings>(std::move(settings));
  return FunctionPtr(made);
}

Result<void> Catalog::remove_version(const FunctionKeyView& key, std::string_view version) {
  const std::lock_guard writing(write_mutex_);
  if (find_version(key, version) == nullptr) return {};
  FunctionSettings settings = *this->settings(key);
  std::string users;
  for (const auto& [name, alias] : settings.aliases) {
    if (alias.version != version && !alias.weights.contains(std::string(version))) continue;
    users += (users.empty() ? "" : ", ") + name;
  }
  if (!users.empty()) {
    return resource_conflict(
        "Unable to delete version because the following aliases reference it: [" + users + "]");
  }
  settings.forget_qualifier(std::string(version));
  const std::int64_t number = *version_number(version);
  Batch batch;
  batch.erase(Family::kMeta, version_path(key, number));
  batch.put(Family::kMeta, settings_path(key), encode(settings));
  STATOR_TRY_VOID(write(std::move(batch)));
  const std::unique_lock lock(map_mutex_);
  versions_.find(key)->second.erase(number);
  settings_[settings.key] = std::make_shared<const FunctionSettings>(settings);
  return {};
}

Catalog::FunctionPtr Catalog::resolve(const FunctionReference& reference, double draw) const {
  const FunctionKeyView key = reference.key.view();
  if (reference.qualifier.empty() || reference.qualifier == kLatest) return find(key);
  if (version_number(reference.qualifier)) return find_version(key, reference.qualifier);
  const SettingsPtr all = settings(key);
  if (all == nullptr) return nullptr;
  const auto found = all->aliases.find(reference.qualifier);
  if (found == all->aliases.end()) return nullptr;
  double below = 0;
  for (const auto& [version, weight] : found->second.weights) {
    below += weight;
    if (draw < below) return find_version(key, version);
  }
  return find_version(key, found->second.version);
}

std::shared_ptr<const aws::ResourcePolicy> Catalog::policy(
    const FunctionReference& reference) const {
  if (reference.qualifier.empty()) {
    const FunctionPtr function = find(reference.key.view());
    return function == nullptr ? nullptr : function->compiled_policy;
  }
  const SettingsPtr all = settings(reference.key.view());
  if (all == nullptr) return nullptr;
  const auto found = all->policies.find(reference.qualifier);
  return found == all->policies.end() ? nullptr : found->second.compiled;
}

Catalog::SettingsPtr Catalog::settings(const FunctionKeyView& key) const {
  const std::shared_lock lock(map_mutex_);
  const auto found = settings_.find(key);
  if (found != settings_.end()) return found->second;
  const auto function = functions_.find(key);
  if (function == functions_.end()) return nullptr;
  FunctionSettings none;
  none.key = function->first;
  return std::make_shared<const FunctionSettings>(std::move(none));
}

std::vector<Catalog::SettingsPtr> Catalog::all_settings() const {
  std::vector<SettingsPtr> out;
  const std::shared_lock lock(map_mutex_);
  for (const auto& [key, settings] : settings_) out.push_back(settings);
  return out;
}

Result<Catalog::SettingsPtr> Catalog::change_settings(const FunctionKeyView& key,
                                                      const SettingsChange& change) {
  const std::lock_guard writing(write_mutex_);
  const SettingsPtr old = settings(key);
  if (old == nullptr) return function_missing(function_arn(key));
  FunctionSettings copy = *old;
  STATOR_TRY_VOID(change(copy));
  STATOR_TRY_VOID(compile_policies(copy));
  Batch batch;
  batch.put(Family::kMeta, settings_path(key), encode(copy));
  STATOR_TRY_VOID(write(std::move(batch)));
  const auto made = std::make_shared<const FunctionSettings>(std::move(copy));
  const std::unique_lock lock(map_mutex_);
  settings_[made->key] = made;
  return SettingsPtr(made);
}

}  // namespace stator::lambda
