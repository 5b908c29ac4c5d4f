// How the pool comes by places for its instances: the budget, what is provisioned, and spares.
#include <algorithm>
#include <utility>

#include "lambda/errors.hpp"
#include "lambda/pool.hpp"

namespace stator::lambda {

void Pool::want_one(Effects& effects) {
  if (budget_.take_or_wait(weak_from_this())) {
    start_one(effects);
    return;
  }
  ++wanted_;
  effects.wants_place = true;
  arm_place_timer();
}

bool Pool::start_for_one(Effects& effects) {
  is_held_back_ = starting_ + wanted_ >= options_.starts_max;
  if (!is_held_back_) want_one(effects);
  return !is_held_back_;
}

void Pool::let_go(Effects& effects) {
  if (is_held_back_ && starting_ + wanted_ < options_.starts_max) {
    is_held_back_ = false;
    ensure_starts(waiting_.size(), effects);
  }
}

bool Pool::take_place() {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    --wanted_;
    const bool is_useful =
        starting_ < waiting_.size() || (slots_.size() < provisioned_ && provision_failure_.empty());
    if (closed_ || !is_useful) return false;
    start_one(effects);
  }
  run(std::move(effects));
  return true;
}

void Pool::arm_place_timer() {
  if (is_place_timer_armed_) return;
  is_place_timer_armed_ = true;
  scheduler_.after(options_.place_timeout, [pool = weak_from_this()] {
    if (const auto self = pool.lock()) self->on_place_timer();
  });
}

void Pool::on_place_timer() {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    is_place_timer_armed_ = false;
    const SteadyTime due = clock_.steady() - options_.place_timeout;
    // Those for whom something is starting are its to answer.
    while (waiting_.size() > starting_ && waiting_.front().queued_at <= due) {
      effects.completions.emplace_back(std::move(waiting_.front().done), too_many_requests());
      waiting_.pop_front();
    }
    if (wanted_ > 0 && !waiting_.empty()) arm_place_timer();
  }
  run(std::move(effects));
}

/// Only what is free anyway: nobody waits for it.
void Pool::start_spare(Effects& effects) {
  if (closed_ || !idle_.empty() || starting_ > waiting_.size()) return;
  if (budget_.take()) start_one(effects);
}

void Pool::ensure_provisioned(Effects& effects) {
  if (closed_ || !provision_failure_.empty()) return;
  while (slots_.size() + wanted_ < provisioned_) want_one(effects);
}

void Pool::set_provisioned(std::size_t count) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    provisioned_ = count;
    provision_failure_.clear();
    ensure_provisioned(effects);
  }
  run(std::move(effects));
}

bool Pool::is_provisioned(InstanceId id) const {
  const std::lock_guard lock(mutex_);
  const auto at = slots_.find(id);
  return at != slots_.end() && at->second.is_provisioned;
}

Provision Pool::provision() const {
  const std::lock_guard lock(mutex_);
  Provision provision;
  provision.failure = provision_failure_;
  for (const auto& [id, slot] : slots_) {
    if (slot.state != State::kStarting) ++provision.available;
  }
  provision.available = std::min(provision.available, provisioned_);
  return provision;
}

}  // namespace stator::lambda
