#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace stator::http::detail {

/// Something that waits for at most one deadline at a time. Must be disarmed, or its wheel gone,
/// when it is destroyed.
class Deadline {
 public:
  virtual void on_deadline() = 0;
  [[nodiscard]] bool is_armed() const { return next_ != nullptr; }

 protected:
  virtual ~Deadline() = default;

 private:
  friend class TimerWheel;
  Deadline* previous_ = nullptr;
  Deadline* next_ = nullptr;
  std::uint64_t tick_ = 0;
};

/// Thousands of deadlines of which almost none comes to pass: arming and disarming are a few
/// instructions, and a deadline is met up to one tick late. One thread.
class TimerWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{32};

  explicit TimerWheel(SteadyTime start);

  /// Moves a deadline that is armed already.
  void arm(Deadline& deadline, SteadyTime at);
  void disarm(Deadline& deadline);
  [[nodiscard]] bool empty() const { return count_ == 0; }

  /// Calls on_deadline() of all that are due, disarmed; they may arm and disarm any.
  void expire(SteadyTime now);

  /// A time at or before the next deadline, not further away than one turn of the wheel.
  [[nodiscard]] std::optional<SteadyTime> next_check() const;

 private:
  static constexpr std::size_t kSlots = 1024;
  struct Slot final : Deadline {
    void on_deadline() override {}
  };

  [[nodiscard]] std::uint64_t tick_of(SteadyTime time) const;
  void expire_slot(Slot& slot, std::uint64_t last);

  SteadyTime start_;
  std::uint64_t now_tick_ = 0;  ///< every tick before it was expired
  std::size_t count_ = 0;
  std::array<Slot, kSlots> slots_;  ///< circular lists, each around its slot
};

}  // namespace stator::http::detail
