#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace stator::iam {

/// Immutable values by text, for many threads: a lookup holds one of sixteen shared locks for the
/// time of a hash lookup. A shard that reaches its bound is emptied: what is in use comes back.
template <class Value>
class ShardedCache {
 public:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kEntriesPerShardMax = 1'024;

  /// Null when there is none.
  [[nodiscard]] std::shared_ptr<const Value> find(std::string_view key) const {
    const Shard& shard = shard_of(key);
    const std::shared_lock lock(shard.mutex);
    const auto found = shard.entries.find(key);
    return found == shard.entries.end() ? nullptr : found->second;
  }

  void put(std::string_view key, std::shared_ptr<const Value> value) {
    Shard& shard = const_cast<Shard&>(shard_of(key));
    const std::unique_lock lock(shard.mutex);
    if (shard.entries.size() >= kEntriesPerShardMax) shard.entries.clear();
    shard.entries.insert_or_assign(std::string(key), std::move(value));
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  struct alignas(64) Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const Value>, Hash, std::equal_to<>> entries;
  };

  [[nodiscard]] const Shard& shard_of(std::string_view key) const {
    return shards_[(Hash()(key) >> 7) % kShards];
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace stator::iam
