#include "lambda/idle_freezer.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace stator::lambda {

struct IdleFreezer::State : std::enable_shared_from_this<State> {
  State(Scheduler& timers, const Clock& time, std::chrono::milliseconds after)
      : scheduler(timers), clock(time), freeze_after(after) {}

  Scheduler& scheduler;
  const Clock& clock;
  const std::chrono::milliseconds freeze_after;
  std::mutex mutex;
  std::vector<std::weak_ptr<Freezable>> watched;  ///< at most as many as there are instances
  bool is_armed = false;
  bool is_ended = false;
  Scheduler::TimerId timer = 0;

  /// Wants the lock.
  void arm() {
    if (is_armed || is_ended || watched.empty()) return;
    is_armed = true;
    timer = scheduler.after(freeze_after, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->look();
    });
  }

  void look() {
    std::vector<std::weak_ptr<Freezable>> now;
    {
      const std::lock_guard lock(mutex);
      now.swap(watched);
    }
    const SteadyTime idle_before = clock.steady() - freeze_after;
    std::erase_if(now, [&](const std::weak_ptr<Freezable>& weak) {
      const auto one = weak.lock();
      return one == nullptr || !one->freeze_if_idle(idle_before);
    });
    const std::lock_guard lock(mutex);
    watched.insert(watched.end(), now.begin(), now.end());
    is_armed = false;
    arm();
  }
};

IdleFreezer::IdleFreezer(Scheduler& scheduler, const Clock& clock,
                         std::chrono::milliseconds freeze_after)
    : state_(std::make_shared<State>(scheduler, clock, freeze_after)) {}

IdleFreezer::~IdleFreezer() {
  const std::lock_guard lock(state_->mutex);
  state_->is_ended = true;
  if (state_->is_armed) (void)state_->scheduler.cancel(state_->timer);
}

void IdleFreezer::watch(std::weak_ptr<Freezable> idle) {
  if (state_->freeze_after.count() == 0) return;
  const std::lock_guard lock(state_->mutex);
  state_->watched.push_back(std::move(idle));
  state_->arm();
}

}  // namespace stator::lambda
