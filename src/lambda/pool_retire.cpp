// The pool's timers, and how its instances go: the half of pool.hpp that ends things.
#include <algorithm>
#include <utility>

#include "lambda/errors.hpp"
#include "lambda/pool.hpp"

namespace stator::lambda {

using std::chrono::milliseconds;

void Pool::arm(InstanceId id, Slot& slot) {
  // A timer that fires too early looks at the deadline and arms itself again, so that a busy
  // instance sets one timer per timeout and not one per invocation.
  if (slot.is_timer_armed && slot.timer_at <= slot.deadline) return;
  if (slot.is_timer_armed) scheduler_.cancel(slot.timer);
  const auto wait = std::chrono::ceil<milliseconds>(slot.deadline - clock_.steady());
  slot.timer_at = slot.deadline;
  slot.is_timer_armed = true;
  slot.timer = scheduler_.after(std::max(wait, milliseconds(0)), [pool = weak_from_this(), id] {
    if (const auto self = pool.lock()) self->on_timer(id);
  });
}

void Pool::on_timer(InstanceId id) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(id);
    if (at == slots_.end()) return;
    Slot& slot = at->second;
    slot.is_timer_armed = false;
    if (slot.state == State::kIdle || slot.deadline == kNever) return;
    if (clock_.steady() < slot.deadline) {
      arm(id, slot);
      return;
    }
    expire(at, effects);
  }
  run(std::move(effects));
}

void Pool::expire(Slots::iterator at, Effects& effects) {
  Slot& slot = at->second;
  const milliseconds timeout = timeout_of(*slot.function);
  if (slot.state == State::kStarting) {
    if (slot.runner != nullptr) {
      Ending ending;
      ending.status = Ending::Status::kTimeout;
      ending.error_type = "Sandbox.Timedout";
      effects.finishes.emplace_back(slot.runner, std::move(ending));
    }
    fail_start(at, timed_out(slot.is_retry ? timeout : options_.init_timeout), effects);
    return;
  }
  if (slot.state == State::kBusy) fail_work(slot, timed_out(timeout), effects);
  drop(at, effects);
}

void Pool::arm_grace() {
  // One timer for all that wait: it looks who has waited long enough, and arms itself again.
  if (is_grace_armed_) return;
  is_grace_armed_ = true;
  scheduler_.after(options_.settling_grace, [pool = weak_from_this()] {
    if (const auto self = pool.lock()) self->on_grace();
  });
}

void Pool::on_grace() {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    is_grace_armed_ = false;
    const SteadyTime due = clock_.steady() - options_.settling_grace;
    const auto overdue = std::count_if(waiting_.begin(), waiting_.end(),
                                       [due](const Work& work) { return work.queued_at <= due; });
    ensure_starts(static_cast<std::size_t>(overdue), effects);
    if (starting_ + wanted_ < waiting_.size() && !is_held_back_) arm_grace();
  }
  run(std::move(effects));
}

void Pool::replace(FunctionPtr function) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    while (!idle_.empty()) drop(slots_.find(idle_.back()), effects);
    // The files of a function may change under an unchanged record: what runs is of the old ones,
    // and an instance is told from the new ones by the record it was started with.
    if (function == function_) function = std::make_shared<const FunctionRecord>(*function);
    function_ = std::move(function);
    starting_ = 0;
    for (auto& [id, slot] : slots_) set_expected(slot, false);
    ensure_starts(waiting_.size(), effects);
  }
  run(std::move(effects));
}

void Pool::close(const Error& error) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    for (auto& work : waiting_) effects.completions.emplace_back(std::move(work.done), error);
    waiting_.clear();
    for (auto at = slots_.begin(); at != slots_.end();) {
      const auto next = std::next(at);
      const bool is_free = at->second.state == State::kIdle || at->second.state == State::kStarting;
      if (is_free) drop(at, effects);
      at = next;
    }
    closed_ = error;
  }
  run(std::move(effects));
}

void Pool::end_all() {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) closed_ = unavailable("Lambda is stopping.");
    for (auto& work : waiting_) effects.completions.emplace_back(std::move(work.done), *closed_);
    waiting_.clear();
    while (!slots_.empty()) {
      const auto at = slots_.begin();
      if (at->second.state == State::kBusy) complete(at->second, *closed_, effects);
      drop(at, effects);
    }
  }
  run(std::move(effects));
}

void Pool::reap(SteadyTime idle_before) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const SteadyTime now = clock_.steady();
    const auto ids = idle_;
    for (const InstanceId id : ids) {
      const auto at = slots_.find(id);
      const bool is_old = at->second.idle_since <= idle_before && !is_needed();
      if (is_old || at->second.keys_expire <= now) drop(at, effects);
    }
    provision_failure_.clear();
    ensure_provisioned(effects);
  }
  run(std::move(effects));
}

bool Pool::evict_one() {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    if (idle_.empty() || is_needed()) return false;
    drop(slots_.find(idle_.front()), effects);
  }
  run(std::move(effects));
  return true;
}

std::optional<SteadyTime> Pool::oldest_idle() const {
  const std::lock_guard lock(mutex_);
  if (idle_.empty() || is_needed()) return std::nullopt;
  return slots_.at(idle_.front()).idle_since;
}

Pool::Counts Pool::counts() const {
  const std::lock_guard lock(mutex_);
  Counts counts;
  counts.waiting = waiting_.size();
  for (const auto& [id, slot] : slots_) {
    if (slot.state == State::kStarting) ++counts.starting;
    if (slot.state == State::kIdle) ++counts.idle;
    if (slot.state == State::kBusy || slot.state == State::kSettling) ++counts.busy;
  }
  return counts;
}

}  // namespace stator::lambda
