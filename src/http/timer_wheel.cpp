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
  for (auto tick = first; tick <= last; ++tick) {
    now_tick_ = tick + 1;
    expire_slot(last);
    if (count_ == 0) break;
  }
  now_tick_ = last + 1;
}

void TimerWheel::expire_slot(std::uint64_t tick) {
  auto& slot = slots_[(now_tick_ - 1) % kSlots];
  // What a callback arms has a later tick, so restarting at the front meets each deadline once.
  for (auto* node = slot.next_; node != &slot;) {
    auto* next = node->next_;
    if (node->tick_ <= tick) {
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
