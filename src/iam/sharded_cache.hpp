#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace stator::iam {

/// Immutable values by text, for many threads. What a thread found once it finds again without
/// writing to anything that another thread reads: each has slots of its own, with a use count of
/// its own, which are good until the value's shard changes. Otherwise a lookup holds one of sixteen
/// shared locks for the time of a hash lookup. A shard that reaches its bound is emptied: what is
/// in use comes back. Values may outlive the cache in the slots of threads that live on.
template <class Value>
class ShardedCache {
 public:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kEntriesPerShardMax = 1'024;
  static constexpr std::size_t kSlotsPerThread = 64;

  /// Null when there is none.
  [[nodiscard]] std::shared_ptr<const Value> find(std::string_view key) const {
    const std::size_t hash = Hash()(key);
    const Shard& shard = shard_of(hash);
    // A change that happens meanwhile makes the slot outdated, never wrong.
    const auto version = shard.version.load(std::memory_order_acquire);
    Slot& slot = slots()[hash % kSlotsPerThread];
    if (slot.cache == id_ && slot.version == version && slot.key == key) return slot.value;
    std::shared_ptr<const Value> value;
    {
      const std::shared_lock lock(shard.mutex);
      const auto found = shard.entries.find(key);
      if (found == shard.entries.end()) return nullptr;
      value = found->second;
    }
    const auto owner = std::make_shared<const std::shared_ptr<const Value>>(std::move(value));
    slot.cache = id_;
    slot.version = version;
    slot.key = key;
    slot.value = std::shared_ptr<const Value>(owner, owner->get());
    return slot.value;
  }

  void put(std::string_view key, std::shared_ptr<const Value> value) {
    Shard& shard = const_cast<Shard&>(shard_of(Hash()(key)));
    const std::unique_lock lock(shard.mutex);
    if (shard.entries.size() >= kEntriesPerShardMax) shard.entries.clear();
    shard.entries.insert_or_assign(std::string(key), std::move(value));
    shard.version.fetch_add(1, std::memory_order_release);
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
    alignas(64) std::atomic<std::uint64_t> version = 0;
  };
  struct Slot {
    std::uint64_t cache = 0;  ///< 0 when empty
    std::uint64_t version = 0;
    std::string key;
    std::shared_ptr<const Value> value;
  };

  [[nodiscard]] static std::array<Slot, kSlotsPerThread>& slots() {
    thread_local std::array<Slot, kSlotsPerThread> slots;
    return slots;
  }
  /// An address may be used again; this is not.
  [[nodiscard]] static std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
  }
  [[nodiscard]] const Shard& shard_of(std::size_t hash) const {
    return shards_[(hash >> 7) % kShards];
  }

  const std::uint64_t id_ = next_id();
  std::array<Shard, kShards> shards_;
};

}  // namespace stator::iam
