#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace stator::apigateway {

/// Immutable values by text, each until its time; the one that was asked for longest ago goes when
/// there are too many. Any thread.
template <class Value>
class DecisionCache {
 public:
  explicit DecisionCache(std::size_t entries_max) : entries_max_(entries_max) {}

  /// Null when there is none, or none any more.
  [[nodiscard]] std::shared_ptr<const Value> find(std::string_view key, SteadyTime now) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    if (now >= found->second->until) {
      forget(found);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  void put(std::string_view key, std::shared_ptr<const Value> value, SteadyTime until) {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) forget(found);
    if (entries_.size() >= entries_max_) forget(by_key_.find(entries_.back().key));
    entries_.push_front({std::string(key), std::move(value), until});
    by_key_.emplace(entries_.front().key, entries_.begin());
  }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const Value> value;
    SteadyTime until;
  };
  using Entries = std::list<Entry>;
  /// The keys are those of the entries, which stay where they are.
  using ByKey = std::unordered_map<std::string_view, typename Entries::iterator>;

  void forget(typename ByKey::iterator found) {
    const auto entry = found->second;
    by_key_.erase(found);
    entries_.erase(entry);
  }

  const std::size_t entries_max_;
  std::mutex mutex_;
  Entries entries_;  ///< the latest used first
  ByKey by_key_;
};

}  // namespace stator::apigateway
