#include "base/clock.hpp"

namespace stator {

WallTime SystemClock::wall() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

FakeClock::FakeClock()
    : wall_(std::chrono::milliseconds(1767323045678)), steady_(std::chrono::hours(1)) {}

}  // namespace stator
