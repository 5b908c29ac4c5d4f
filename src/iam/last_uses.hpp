#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/store.hpp"

namespace stator::iam {

/// When and where a role or an access key was used last.
struct LastUse {
  WallTime at;
  std::string service;  ///< "dynamodb"
  std::string region;
};

/// Says once a minute that a use is due to be noted, so that a request pays for one load and one
/// comparison. Any thread.
class UseGate {
 public:
  [[nodiscard]] bool is_due(WallTime now) {
    const auto minute = epoch_ms(now) / 60'000;
    auto noted = minute_.load(std::memory_order_relaxed);
    return noted != minute &&
           minute_.compare_exchange_strong(noted, minute, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t> minute_{0};
};

/// The last use of each access key and each role (by its unique id), in the store. Only what was
/// verified is noted, so there are as many records as keys and roles at most, and they go with
/// them. Any thread.
class LastUses {
 public:
  explicit LastUses(storage::Store& store) : store_(store) {}

  /// A store that fails loses the note and no request: the next write tells.
  void note(std::string_view id, const LastUse& use);
  [[nodiscard]] Result<std::optional<LastUse>> find(std::string_view id) const;
  void forget(std::string_view id);

 private:
  storage::Store& store_;
};

}  // namespace stator::iam
