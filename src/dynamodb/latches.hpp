#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

namespace stator::dynamodb {

/// Locks for keys: whoever reads an item in order to write it holds the key's latch from the read
/// to the write, and never while waiting for the disk. Keys share latches, so nobody may take a
/// second one while holding a first; what must hold several takes them in the order of their
/// stripes.
class Latches {
 public:
  [[nodiscard]] std::unique_lock<std::mutex> lock(std::string_view key) {
    return std::unique_lock(stripes_[std::hash<std::string_view>{}(key) % kStripes].mutex);
  }

 private:
  static constexpr std::size_t kStripes = 1'024;
  struct alignas(64) Stripe {
    std::mutex mutex;
  };
  std::array<Stripe, kStripes> stripes_;
};

}  // namespace stator::dynamodb
