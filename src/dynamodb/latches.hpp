#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stator::dynamodb {

/// Locks for keys: whoever reads an item in order to write it holds the key's latch from the read
/// to the write, and never while waiting for the disk. Keys share latches, so nobody may take a
/// second one while holding a first: what must hold several takes them at once by lock_all().
class Latches {
 public:
  [[nodiscard]] std::unique_lock<std::mutex> lock(std::string_view key) {
    return std::unique_lock(stripes_[stripe_of(key)].mutex);
  }

  /// The latches of all the keys, each stripe once, in the order that keeps two callers from
  /// waiting for each other.
  [[nodiscard]] std::vector<std::unique_lock<std::mutex>> lock_all(
      std::span<const std::string> keys) {
    std::vector<std::size_t> wanted;
    wanted.reserve(keys.size());
    for (const std::string& key : keys) wanted.push_back(stripe_of(key));
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::vector<std::unique_lock<std::mutex>> locks;
    locks.reserve(wanted.size());
    for (const std::size_t stripe : wanted) locks.emplace_back(stripes_[stripe].mutex);
    return locks;
  }

 private:
  [[nodiscard]] static std::size_t stripe_of(std::string_view key) {
    return std::hash<std::string_view>{}(key) % kStripes;
  }
  static constexpr std::size_t kStripes = 1'024;
  struct alignas(64) Stripe {
    std::mutex mutex;
  };
  std::array<Stripe, kStripes> stripes_;
};

}  // namespace stator::dynamodb
