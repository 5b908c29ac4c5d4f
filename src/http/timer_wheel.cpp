#include "http/timer_wheel.hpp"

#include <algorithm>

namespace stator::http::detail {

TimerWheel::TimerWheel(SteadyTime start) : start_(start) {
  for (auto& slot : slots_) slot.next_ = slot.previous_ = &slot;
}

std::uint64_t TimerWheel::tick_of(SteadyTime time) const {
  return time <= start_ ? 0 : static_cast<std::uint64_t>((time - start_) / kTick);
}

void TimerWheel::arm(Deadline& deadline, SteadyTime at) {
  disarm(deadline);
  // One tick on, so that nothing is met early.
  deadline.tick_ = std::max(tick_of(at) + 1, now_tick_);
  auto& slot = slots_[deadline.tick_ % kSlots];
  deadline.previous_ = slot.previous_;
  deadline.next_ = &slot;
  slot.previous_->next_ = &deadline;
  slot.previous_ = &deadline;
  ++count_;
}

void TimerWheel::disarm(Deadline& deadline) {
  if (!deadline.is_armed()) return;
  deadline.previous_->next_ = deadline.next_;
  deadline.next_->previous_ = deadline.previous_;
  deadline.previous_ = deadline.next_ = nullptr;
  --count_;
}

void TimerWheel::expire(SteadyTime now) {
  const auto last = tick_of(now);
  if (last < now_tick_) return;
  // A slot holds every turn's deadlines, so one turn visits them all.
  const auto first = std::max(now_tick_, last < kSlots ? 0 : last - kSlots + 1);
  // What a callback arms is met at the next call at the earliest, so this one ends.
  now_tick_ = last + 1;
  for (auto tick = first; tick <= last && count_ != 0; ++tick) {
    expire_slot(slots_[tick % kSlots], last);
  }
}

void TimerWheel::expire_slot(Slot& slot, std::uint64_t last) {
  // A callback may unlink any node, so the walk begins anew after each.
  for (auto* node = slot.next_; node != &slot;) {
    auto* next = node->next_;
    if (node->tick_ <= last) {
      disarm(*node);
      node->on_deadline();
      next = slot.next_;
    }
    node = next;
  }
}

std::optional<SteadyTime> TimerWheel::next_check() const {
  if (count_ == 0) return std::nullopt;
  for (std::uint64_t ahead = 0; ahead < kSlots; ++ahead) {
    const auto& slot = slots_[(now_tick_ + ahead) % kSlots];
    if (slot.next_ != &slot) return start_ + kTick * static_cast<long>(now_tick_ + ahead);
  }
  return std::nullopt;
}

}  // namespace stator::http::detail
