#include "iam/sharded_cache.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace stator::iam {
namespace {

using Cache = ShardedCache<int>;

/// -1 when there is none.
int value_of(const Cache& cache, std::string_view key) {
  const auto found = cache.find(key);
  return found ? *found : -1;
}

TEST(ShardedCache, FindsWhatWasPutLast) {
  Cache cache;
  EXPECT_EQ(value_of(cache, "a"), -1);
  cache.put("a", std::make_shared<int>(1));
  EXPECT_EQ(value_of(cache, "a"), 1);
  EXPECT_EQ(value_of(cache, "a"), 1);
  cache.put("a", std::make_shared<int>(2));
  EXPECT_EQ(value_of(cache, "a"), 2);
  EXPECT_EQ(value_of(cache, "b"), -1);
}

TEST(ShardedCache, FindsWhatAnotherThreadPut) {
  Cache cache;
  cache.put("a", std::make_shared<int>(1));
  EXPECT_EQ(value_of(cache, "a"), 1);
  std::thread([&] {
    EXPECT_EQ(value_of(cache, "a"), 1);
    cache.put("a", std::make_shared<int>(2));
  }).join();
  EXPECT_EQ(value_of(cache, "a"), 2);
}

TEST(ShardedCache, KeepsCachesApart) {
  std::optional<Cache> one(std::in_place);
  Cache two;
  one->put("a", std::make_shared<int>(1));
  EXPECT_EQ(value_of(*one, "a"), 1);
  EXPECT_EQ(value_of(two, "a"), -1);
  // The next one may have the same address and has nothing.
  one.emplace();
  EXPECT_EQ(value_of(*one, "a"), -1);
}

TEST(ShardedCache, CountsUsesForEachThreadApart) {
  Cache cache;
  auto value = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = value;
  cache.put("a", std::move(value));
  const auto here = cache.find("a");
  const auto uses = watched.use_count();
  const auto again = cache.find("a");
  // The common count did not move: no other thread's cache line was written.
  EXPECT_EQ(watched.use_count(), uses);
  EXPECT_EQ(here, again);
}

TEST(ShardedCache, StaysWithinItsBound) {
  Cache cache;
  constexpr int kMany = static_cast<int>(Cache::kShards * Cache::kEntriesPerShardMax) * 2;
  for (int i = 0; i < kMany; ++i) cache.put(std::to_string(i), std::make_shared<int>(i));
  int kept = 0;
  for (int i = 0; i < kMany; ++i) {
    const int value = value_of(cache, std::to_string(i));
    EXPECT_TRUE(value == i || value == -1);
    kept += value == i ? 1 : 0;
  }
  EXPECT_GT(kept, 0);
  EXPECT_LE(kept, static_cast<int>(Cache::kShards * Cache::kEntriesPerShardMax));
}

}  // namespace
}  // namespace stator::iam
