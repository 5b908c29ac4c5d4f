#include "lambda/pool.hpp"

#include <algorithm>
#include <utility>

#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

microseconds since(SteadyTime begin, SteadyTime now) {
  return std::chrono::duration_cast<microseconds>(now - begin);
}

}  // namespace

Pool::Pool(FunctionPtr function, PoolOptions options, Starter& starter, Budget& budget,
           Scheduler& scheduler, const Clock& clock)
    : options_(options),
      starter_(starter),
      budget_(budget),
      scheduler_(scheduler),
      clock_(clock),
      function_(std::move(function)) {}

Pool::Submitted Pool::submit(Work& work) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Submitted::kClosed;
    const SteadyTime now = clock_.steady();
    bool is_delivered = false;
    while (!idle_.empty() && !is_delivered) {
      const auto at = slots_.find(idle_.back());
      if (at->second.keys_expire <= now) {
        drop(at, effects);
        continue;
      }
      idle_.pop_back();
      deliver(at->first, at->second, std::move(work), effects);
      is_delivered = true;
    }
    if (!is_delivered) {
      // A start that nobody waits for any more is as good as a new one, and so, for a moment, is an
      // instance about to ask for work.
      if (starting_ + expected_ + wanted_ > waiting_.size()) {
        if (starting_ + wanted_ <= waiting_.size()) arm_grace();
      } else {
        (void)start_for_one(effects);
      }
      if (wanted_ > 0) {
        arm_place_timer();
        effects.wants_place = true;
      }
      work.queued_at = now;
      waiting_.push_back(std::move(work));
    }
  }
  run(std::move(effects));
  return Submitted::kAccepted;
}

void Pool::start_one(Effects& effects) {
  const InstanceId id = next_id_++;
  Slot& slot = slots_[id];
  slot.function = function_;
  slot.began = clock_.steady();
  slot.is_retry = !waiting_.empty() && waiting_.front().retried_at.has_value();
  slot.deadline = slot.is_retry ? *waiting_.front().retried_at + timeout_of(*function_)
                                : slot.began + options_.init_timeout;
  slot.is_provisioned = starting_ >= waiting_.size() && slots_.size() <= provisioned_;
  ++starting_;
  arm(id, slot);
  effects.starts.emplace_back(id, function_);
}

void Pool::ensure_starts(std::size_t waiters, Effects& effects) {
  if (closed_) return;
  while (starting_ + wanted_ < std::min(waiters, waiting_.size())) {
    if (!start_for_one(effects)) return;
  }
}

void Pool::set_expected(Slot& slot, bool is_expected) {
  if (slot.is_expected == is_expected) return;
  slot.is_expected = is_expected;
  is_expected ? ++expected_ : --expected_;
}

void Pool::started(InstanceId id, std::shared_ptr<Runner> runner, SteadyTime keys_expire) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(id);
    if (at == slots_.end()) {
      effects.ends.push_back(std::move(runner));
    } else {
      at->second.runner = std::move(runner);
      at->second.is_start_resolved = true;
      at->second.keys_expire = keys_expire;
      if (is_stale(at->second)) drop(at, effects);
    }
  }
  run(std::move(effects));
}

void Pool::start_failed(InstanceId id, Failure failure) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(id);
    if (at == slots_.end()) {
      effects.ends.push_back(nullptr);
    } else {
      at->second.is_start_resolved = true;
      fail_start(at, failure, effects);
    }
  }
  run(std::move(effects));
}

void Pool::fail_start(Slots::iterator at, const Failure& failure, Effects& effects) {
  // What is the machine's fault, or certain to be the same again, is not tried twice.
  const bool may_retry = !failure.fault && failure.error_type != "Runtime.InvalidEntrypoint";
  const auto result = [&](const std::string& id) { return failure_result(failure, id); };
  // Nothing is gained by starting again at once what is only provisioned; reap() does.
  provision_failure_ = failure.fault ? failure.fault->message : failure.message;
  fail_start(at, may_retry, result, effects);
}

void Pool::fail_start(Slots::iterator at, bool may_retry, const ToResult& result,
                      Effects& effects) {
  const bool was_stale = is_stale(at->second);
  drop(at, effects);
  if (was_stale) return;
  if (!waiting_.empty()) {
    Work& first = waiting_.front();
    if (may_retry && !first.retried_at) {
      first.retried_at = clock_.steady();
    } else {
      effects.completions.emplace_back(std::move(first.done), result(first.request_id));
      waiting_.pop_front();
    }
  }
  ensure_starts(waiting_.size(), effects);
}

bool Pool::may_ask(InstanceId id) const {
  const std::lock_guard lock(mutex_);
  const auto at = slots_.find(id);
  if (at == slots_.end()) return false;
  return at->second.state != State::kBusy || at->second.is_broken;
}

bool Pool::ask(InstanceId id) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(id);
    if (at == slots_.end()) return false;
    Slot& slot = at->second;
    if (slot.state == State::kBusy) {
      if (!slot.is_broken) return false;
      fail_work(slot, truncated(), effects);
    }
    if (slot.state == State::kStarting) {
      slot.init_duration = since(slot.began, clock_.steady());
      if (!is_stale(slot)) --starting_;
    }
    if (slot.state == State::kIdle) remove_idle(id);
    slot.state = State::kSettling;
    slot.deadline = kNever;
    set_expected(slot, !(options_.is_one_shot && slot.has_served));
    slot.is_asking = true;
    end_invocation(slot, effects);
  }
  run(std::move(effects));
  return true;
}

void Pool::ready(InstanceId id) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(id);
    if (at == slots_.end() || !at->second.is_asking) return;
    at->second.is_asking = false;
    make_free(id, at->second, effects);
    let_go(effects);
  }
  run(std::move(effects));
}

void Pool::make_free(InstanceId id, Slot& slot, Effects& effects) {
  const SteadyTime now = clock_.steady();
  set_expected(slot, false);
  const bool is_spent = options_.is_one_shot && slot.has_served;
  if (is_stale(slot) || is_spent || slot.keys_expire <= now) {
    drop(slots_.find(id), effects);
    return;
  }
  if (!waiting_.empty()) {
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    deliver(id, slot, std::move(work), effects);
    return;
  }
  // Others wait for a place, and nobody for this instance.
  if (budget_.seekers() > wanted_ && !is_needed()) {
    drop(slots_.find(id), effects);
    return;
  }
  slot.state = State::kIdle;
  slot.idle_since = now;
  idle_.push_back(id);
}

void Pool::deliver(InstanceId id, Slot& slot, Work work, Effects& effects) {
  const SteadyTime now = clock_.steady();
  slot.state = State::kBusy;
  slot.began = work.retried_at.value_or(now);
  slot.deadline = slot.began + timeout_of(*slot.function);
  slot.is_streaming = slot.is_broken = false;
  slot.ending = Ending{};
  slot.ending.request_id = work.request_id;
  slot.ending.init_duration = std::exchange(slot.init_duration, std::nullopt);
  // A second start is in the duration already.
  if (work.retried_at) slot.ending.init_duration.reset();
  slot.has_invocation = true;
  slot.has_served = true;
  arm(id, slot);
  effects.deliveries.emplace_back(
      slot.runner, Delivery{work.request_id, std::move(work.invoked_arn), std::move(work.payload),
                            std::move(work.client_context), std::move(work.trace_id),
                            clock_.wall() + std::chrono::ceil<milliseconds>(slot.deadline - now)});
  slot.work = std::move(work);
  if (options_.is_one_shot) start_spare(effects);
}

Pool::Answered Pool::find_busy(InstanceId id, std::string_view request_id, Slot*& slot) {
  const auto at = slots_.find(id);
  if (at == slots_.end() || at->second.state != State::kBusy) return Answered::kNotRunning;
  slot = &at->second;
  return slot->work->request_id == request_id ? Answered::kAccepted : Answered::kWrongId;
}

Pool::Answered Pool::settle(InstanceId id, std::string_view request_id, InvokeResult result,
                            bool is_stream) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    Slot* slot = nullptr;
    const auto found = find_busy(id, request_id, slot);
    if (found != Answered::kAccepted) return found;
    if (slot->is_streaming != is_stream) return Answered::kNotRunning;
    slot->ending.duration = since(slot->began, clock_.steady());
    slot->state = State::kSettling;
    set_expected(*slot, !is_stale(*slot) && !options_.is_one_shot);
    complete(*slot, std::move(result), effects);
  }
  run(std::move(effects));
  return Answered::kAccepted;
}

Pool::Answered Pool::answer(InstanceId id, std::string_view request_id, InvokeResult result) {
  return settle(id, request_id, std::move(result), false);
}

Pool::Answered Pool::end_stream(InstanceId id, std::string_view request_id, InvokeResult result) {
  return settle(id, request_id, std::move(result), true);
}

Pool::Opened Pool::open_stream(InstanceId id, std::string_view request_id) {
  const std::lock_guard lock(mutex_);
  Slot* slot = nullptr;
  const auto found = find_busy(id, request_id, slot);
  if (found != Answered::kAccepted) return {found, nullptr};
  if (slot->is_streaming || slot->is_broken) return {Answered::kNotRunning, nullptr};
  slot->is_streaming = true;
  return {Answered::kAccepted, slot->work->stream};
}

void Pool::break_stream(InstanceId id, std::string_view request_id) {
  const std::lock_guard lock(mutex_);
  Slot* slot = nullptr;
  if (find_busy(id, request_id, slot) != Answered::kAccepted || !slot->is_streaming) return;
  slot->is_streaming = false;
  slot->is_broken = true;
}

/// Gives the caller its result, or puts it beside the log that the caller waits for.
void Pool::complete(Slot& slot, Result<InvokeResult> result, Effects& effects) {
  InvokeDone done = std::move(slot.work->done);
  const bool wants_log_tail = slot.work->wants_log_tail;
  slot.work.reset();
  if (!wants_log_tail || !result) {
    effects.completions.emplace_back(std::move(done), std::move(result));
    return;
  }
  slot.ending.on_tail = [done = std::move(done), kept = std::move(*result)](std::string tail) {
    InvokeResult whole = kept;
    whole.log_tail = std::move(tail);
    done(std::move(whole));
  };
}

void Pool::end_invocation(Slot& slot, Effects& effects) {
  if (!slot.has_invocation) return;
  slot.has_invocation = false;
  effects.finishes.emplace_back(slot.runner, std::move(slot.ending));
}

void Pool::fail_work(Slot& slot, const Failure& failure, Effects& effects) {
  const std::string request_id = slot.work->request_id;
  const bool is_timeout = failure.error_type == "Sandbox.Timedout";
  slot.ending.duration = since(slot.began, clock_.steady());
  slot.ending.status = is_timeout ? Ending::Status::kTimeout : Ending::Status::kError;
  slot.ending.error_type = failure.error_type;
  slot.ending.error_text = failure.message;
  complete(slot, failure_result(failure, request_id), effects);
}

void Pool::init_error(InstanceId id, const std::string& payload) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(id);
    if (at == slots_.end() || at->second.state != State::kStarting) return;
    const auto result = [&](const std::string&) { return InvokeResult{payload, "Unhandled"}; };
    provision_failure_ = "The runtime has reported an error of its init phase.";
    fail_start(at, true, result, effects);
  }
  run(std::move(effects));
}

void Pool::stopped_waiting(InstanceId id) {
  const std::lock_guard lock(mutex_);
  const auto at = slots_.find(id);
  if (at == slots_.end() || at->second.state != State::kIdle) return;
  // It may come again on another connection; if it does not, the timer ends it.
  remove_idle(id);
  at->second.state = State::kSettling;
  at->second.deadline = clock_.steady() + options_.init_timeout;
  arm(id, at->second);
}

void Pool::exited(InstanceId id, std::string_view reason, bool is_out_of_memory) {
  failed(id, exit_failure(reason, is_out_of_memory));
}

void Pool::failed(InstanceId id, const Failure& failure) {
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(id);
    if (at == slots_.end()) return;
    if (at->second.state == State::kStarting) {
      fail_start(at, failure, effects);
    } else {
      if (at->second.state == State::kBusy) {
        fail_work(at->second, failure, effects);
      } else {
        provision_failure_ = failure.message;
      }
      drop(at, effects);
    }
  }
  run(std::move(effects));
}

void Pool::gone() {
  budget_.give_back();
  Effects effects;
  {
    const std::lock_guard lock(mutex_);
    ensure_starts(waiting_.size(), effects);
    ensure_provisioned(effects);
  }
  run(std::move(effects));
}

void Pool::remove_idle(InstanceId id) {
  idle_.erase(std::find(idle_.begin(), idle_.end(), id));
}

/// Forgets an instance. Its place in the budget is free once the runner has ended, or, where it is
/// still being started, once the starter has reported.
void Pool::drop(Slots::iterator at, Effects& effects) {
  Slot& slot = at->second;
  if (slot.state == State::kIdle) remove_idle(at->first);
  if (slot.state == State::kStarting && !is_stale(slot)) --starting_;
  if (slot.is_timer_armed) scheduler_.cancel(slot.timer);
  set_expected(slot, false);
  end_invocation(slot, effects);
  if (slot.is_start_resolved) effects.ends.push_back(std::move(slot.runner));
  slots_.erase(at);
}

void Pool::run(Effects effects) {
  for (auto& [runner, ending] : effects.finishes) runner->finish(std::move(ending));
  for (auto& [done, result] : effects.completions) done(std::move(result));
  for (auto& runner : effects.ends) {
    if (runner == nullptr || runner->end()) budget_.give_back();
  }
  for (auto& [id, function] : effects.starts) starter_.start(shared_from_this(), id, function);
  for (auto& [runner, delivery] : effects.deliveries) runner->deliver(std::move(delivery));
  if (effects.wants_place) budget_.make_room();
  if (effects.ends.empty()) return;
  Effects more;
  {
    const std::lock_guard lock(mutex_);
    ensure_starts(waiting_.size(), more);
    ensure_provisioned(more);
  }
  if (!more.starts.empty() || more.wants_place) run(std::move(more));
}

}  // namespace stator::lambda
