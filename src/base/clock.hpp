#pragma once

#include <chrono>
#include <cstdint>

namespace stator {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Where time comes from. Passed in, so that a test decides what time it is. Any thread may call.
class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC, to the millisecond; may jump when the machine's clock is set.
  [[nodiscard]] virtual WallTime wall() const = 0;
  /// Never goes back; only differences mean anything.
  [[nodiscard]] virtual SteadyTime steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] SteadyTime steady() const override;
};

/// A clock that stands still until it is told to move. Not for concurrent use with its own setters.
class FakeClock final : public Clock {
 public:
  /// Starts at 2026-01-02T03:04:05.678Z.
  FakeClock();
  [[nodiscard]] WallTime wall() const override { return wall_; }
  [[nodiscard]] SteadyTime steady() const override { return steady_; }
  void set(WallTime wall) { wall_ = wall; }
  void advance(std::chrono::milliseconds by) {
    wall_ += by;
    steady_ += by;
  }

 private:
  WallTime wall_;
  SteadyTime steady_;
};

[[nodiscard]] inline std::int64_t epoch_ms(WallTime time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline WallTime from_epoch_ms(std::int64_t ms) {
  return WallTime(std::chrono::milliseconds(ms));
}

}  // namespace stator
