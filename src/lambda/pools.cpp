#include "lambda/pools.hpp"

#include <mutex>
#include <optional>
#include <utility>

#include "lambda/errors.hpp"

namespace stator::lambda {

void Pools::open(Starter& starter) {
  starter_ = &starter;
}

bool Pools::shut(const Error& error) {
  if (starter_.exchange(nullptr) == nullptr) return false;
  for (const auto& pool : all()) pool->close(error);
  return true;
}

std::shared_ptr<Pool> Pools::find_locked(const FunctionKeyView& key,
                                         std::string_view version) const {
  const auto function = pools_.find(key);
  if (function == pools_.end()) return nullptr;
  const auto found = function->second.find(version);
  return found == function->second.end() ? nullptr : found->second;
}

std::shared_ptr<Pool> Pools::find(const FunctionKeyView& key, std::string_view version) const {
  const std::shared_lock lock(mutex_);
  return find_locked(key, version);
}

std::shared_ptr<Pool> Pools::of(const FunctionKeyView& key, std::string_view version) {
  auto found = find(key, version);
  if (found != nullptr) return found;
  const std::unique_lock lock(mutex_);
  found = find_locked(key, version);
  if (found != nullptr) return found;
  auto record = parts_.catalog.find_version(key, version);
  Starter* starter = starter_;
  if (record == nullptr || starter == nullptr) return nullptr;
  const FunctionKey own = record->key;
  auto pool = std::make_shared<Pool>(std::move(record), parts_.options, *starter, parts_.budget,
                                     parts_.scheduler, parts_.clock);
  pools_[own].emplace(version, pool);
  return pool;
}

std::vector<std::shared_ptr<Pool>> Pools::all() const {
  std::vector<std::shared_ptr<Pool>> out;
  const std::shared_lock lock(mutex_);
  for (const auto& [key, versions] : pools_) {
    for (const auto& [version, pool] : versions) out.push_back(pool);
  }
  return out;
}

void Pools::refresh(const FunctionKeyView& key) {
  struct Stale {
    std::string version;
    std::shared_ptr<Pool> pool;
    Catalog::FunctionPtr record;  ///< null when it is gone
  };
  std::vector<Stale> stale;
  {
    const std::unique_lock lock(mutex_);
    const auto found = pools_.find(key);
    if (found == pools_.end()) return;
    for (const auto& [version, pool] : found->second) {
      auto record = parts_.catalog.find_version(key, version);
      // Versions never change.
      if (record != nullptr && !record->is_latest()) continue;
      stale.push_back({version, pool, std::move(record)});
    }
    for (const auto& one : stale) {
      if (one.record == nullptr) found->second.erase(one.version);
    }
    if (found->second.empty()) pools_.erase(found);
  }
  for (auto& one : stale) {
    if (one.record != nullptr) {
      one.pool->replace(std::move(one.record));
    } else {
      one.pool->close(function_missing(function_arn(key) + ":" + one.version));
    }
  }
}

void Pools::provision(const FunctionKeyView& key,
                      const std::map<std::string, std::int64_t, std::less<>>& counts) {
  std::vector<std::pair<std::string, std::shared_ptr<Pool>>> standing;
  {
    const std::shared_lock lock(mutex_);
    const auto found = pools_.find(key);
    if (found != pools_.end()) standing.assign(found->second.begin(), found->second.end());
  }
  for (const auto& [version, pool] : standing) {
    if (!counts.contains(version)) pool->set_provisioned(0);
  }
  for (const auto& [version, count] : counts) {
    const auto pool = of(key, version);
    if (pool != nullptr) pool->set_provisioned(static_cast<std::size_t>(count));
  }
}

void Pools::make_room() const {
  std::shared_ptr<Pool> oldest;
  std::optional<SteadyTime> since;
  for (auto& pool : all()) {
    const auto idle = pool->oldest_idle();
    if (idle && (!since || *idle < *since)) {
      since = idle;
      oldest = std::move(pool);
    }
  }
  if (oldest != nullptr) oldest->evict_one();
}

}  // namespace stator::lambda
