#include "lambda/events/dispatcher.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "lambda/errors.hpp"
#include "lambda/events/lineage.hpp"
#include "lambda/runtime_api.hpp"

namespace stator::lambda::events {
namespace {

using std::chrono::milliseconds;

/// How long a function that was throttled is left alone: each of its events would only be refused
/// in turn.
constexpr milliseconds kThrottlePause{1'000};
/// When the workers have no room, or the store does not answer.
constexpr milliseconds kTryAgain{200};

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kThrottled:
      return 429;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kAccessDenied:
      return 403;
    case ErrorCode::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

}  // namespace

void Dispatcher::start() {
  {
    const std::lock_guard lock(mutex_);
    is_started_ = true;
  }
  wake();
}

void Dispatcher::stop() {
  std::unique_lock lock(mutex_);
  is_started_ = false;
  parts_.scheduler.cancel(timer_);
  idle_.wait(lock, [this] { return !is_running_; });
}

void Dispatcher::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (!is_started_) return;
    is_woken_ = true;
    if (is_posted_ || is_running_) return;
    is_posted_ = true;
  }
  const bool is_taken = parts_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->run();
  });
  if (is_taken) return;
  const std::lock_guard lock(mutex_);
  is_posted_ = false;
  arm_in(kTryAgain);
}

/// Sets the only timer anew. With the lock.
void Dispatcher::arm_in(milliseconds delay) {
  if (!is_started_) return;
  parts_.scheduler.cancel(timer_);
  timer_ = parts_.scheduler.after(delay, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->wake();
  });
}

void Dispatcher::run() {
  std::unique_lock lock(mutex_);
  is_posted_ = false;
  is_running_ = true;
  std::optional<milliseconds> next;
  while (is_started_ && std::exchange(is_woken_, false)) {
    lock.unlock();
    next = deliver_due();
    lock.lock();
  }
  if (next) arm_in(*next);
  is_running_ = false;
  idle_.notify_all();
}

/// Hands over what is due; how long until there may be more.
std::optional<milliseconds> Dispatcher::deliver_due() {
  while (parts_.queue.taken() < options_.deliveries_max) {
    auto taken = parts_.queue.take([this](const FunctionKeyView& key) { return limit_of(key); });
    if (!taken) {
      parts_.logger.error("lambda", "cannot read the queued events",
                          {{"reason", taken.error().message}});
      return kTryAgain;
    }
    if (!*taken) break;
    deliver(std::move(**taken));
  }
  return parts_.queue.next_due();
}

std::size_t Dispatcher::limit_of(const FunctionKeyView& function) const {
  const auto settings = parts_.destinations.catalog.settings(function);
  const std::size_t most = options_.function_deliveries_max;
  if (settings == nullptr || !settings->reserved_concurrency) return most;
  // With none reserved events are taken to be given up.
  const auto reserved = std::max<std::int64_t>(*settings->reserved_concurrency, 1);
  return std::min(most, static_cast<std::size_t>(reserved));
}

EventInvokeConfig Dispatcher::config_of(const Event& event) const {
  const auto settings = parts_.destinations.catalog.settings(event.function.view());
  if (settings == nullptr) return {};
  const std::string qualifier = event.qualifier.empty() ? std::string(kLatest) : event.qualifier;
  const auto found = settings->event_invoke.find(qualifier);
  return found == settings->event_invoke.end() ? EventInvokeConfig{} : found->second;
}

milliseconds Dispatcher::age_of(const Taken& taken) const {
  const auto now = parts_.destinations.clock.steady();
  return std::chrono::duration_cast<milliseconds>(now - taken.accepted);
}

void Dispatcher::deliver(Taken taken) {
  const Event& event = taken.event;
  const auto settings = parts_.destinations.catalog.settings(event.function.view());
  if (settings == nullptr) return forget(event.function);
  if (settings->reserved_concurrency == 0) {
    return end(taken.id, event,
               {.condition = Condition::kZeroReservedConcurrency,
                .status = 429,
                .error_message = "The function has no reserved concurrency."});
  }
  if (age_of(taken) >= std::chrono::seconds(config_of(event).age_s_max)) {
    return end(taken.id, event,
               {.condition = Condition::kEventAgeExceeded,
                .status = static_cast<int>(event.refused_as),
                .error_message = "The event is older than its maximum age."});
  }
  const std::string arn = function_arn(event.function.view());
  if (!settings->allows_recursion && rounds(event.trace_id, arn) >= kRoundsMax) {
    return end(taken.id, event,
               {.condition = Condition::kRecursiveInvocation,
                .status = 400,
                .error_message = recursive_invocation().message});
  }
  Invocation invocation{.account = event.function.account,
                        .region = event.function.region,
                        .function = event.function.name,
                        .qualifier = event.qualifier,
                        .payload = event.payload,
                        .request_id = event.request_id,
                        .trace_id = with_round(event.trace_id, arn)};
  const auto shared = std::make_shared<const Taken>(std::move(taken));
  parts_.invoke(std::move(invocation),
                [weak = weak_from_this(), shared](Result<InvokeResult> result) {
                  const auto self = weak.lock();
                  if (self == nullptr) return;
                  self->settle(*shared, std::move(result));
                  self->wake();
                });
}

void Dispatcher::settle(const Taken& taken, Result<InvokeResult> result) {
  if (!result) return settle_refusal(taken, result.error());
  Outcome outcome{.status = 200,
                  .executed_version = std::move(result->executed_version),
                  .function_error = std::move(result->function_error),
                  .response = std::move(result->payload)};
  if (outcome.function_error.empty()) return end(taken.id, taken.event, outcome);
  Event progress = taken.event;
  ++progress.failures;
  progress.refused_as = 0;
  const auto verdict = after_failure(config_of(progress), progress.failures, age_of(taken));
  try_again_or_end(taken, std::move(progress), verdict, std::move(outcome));
}

void Dispatcher::settle_refusal(const Taken& taken, const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_started_) return parts_.queue.give_back(taken.id);
  }
  const auto function = taken.event.function.view();
  if (parts_.destinations.catalog.find(function) == nullptr) return forget(taken.event.function);
  if (error.code == ErrorCode::kThrottled) parts_.queue.pause(function, kThrottlePause);
  Event progress = taken.event;
  ++progress.refusals;
  progress.refused_as = status_of(error.code);
  const auto verdict = after_refusal(config_of(progress), progress.refusals, age_of(taken));
  try_again_or_end(taken, std::move(progress), verdict,
                   {.status = status_of(error.code), .error_message = error.message});
}

void Dispatcher::try_again_or_end(const Taken& taken, Event progress, const Verdict& verdict,
                                  Outcome outcome) {
  if (verdict.over) {
    outcome.condition = *verdict.over;
    return end(taken.id, progress, outcome);
  }
  const auto kept = parts_.queue.postpone(taken.id, progress, verdict.delay);
  if (!kept) log_store_failure(kept.error());
}

/// A store that has failed stays so until a restart, which finds the event as it was.
void Dispatcher::log_store_failure(const Error& error) const {
  parts_.logger.error("lambda", "what became of an event is not kept; it will be delivered again",
                      {{"reason", error.message}});
}

void Dispatcher::end(EventId id, const Event& event, const Outcome& outcome) {
  if (outcome.condition != Condition::kSuccess) {
    parts_.logger.warn("lambda", "an asynchronous event is given up",
                       {{"function", event.arn()},
                        {"request_id", event.request_id},
                        {"condition", to_string(outcome.condition)}});
  }
  const auto left_out = parts_.queue.finish(id, followers(event, outcome));
  if (!left_out) return log_store_failure(left_out.error());
  if (*left_out > 0) log_undelivered(event, "its queue is full");
}

void Dispatcher::log_undelivered(const Event& event, const std::string& reason) const {
  parts_.logger.warn(
      "lambda", "a destination is not told of an event",
      {{"function", event.arn()}, {"request_id", event.request_id}, {"reason", reason}});
}

void Dispatcher::forget(const FunctionKey& function) {
  const auto forgotten = parts_.queue.forget(function.view());
  if (!forgotten) log_store_failure(forgotten.error());
}

/// The version that ran, else the one that would; $LATEST where the qualifier is gone.
Catalog::FunctionPtr Dispatcher::source_of(const Event& event, const Outcome& outcome) const {
  const Catalog& catalog = parts_.destinations.catalog;
  const auto function = event.function.view();
  auto source = outcome.executed_version.empty()
                    ? catalog.resolve({event.function, event.qualifier})
                    : catalog.find_version(function, outcome.executed_version);
  return source != nullptr ? source : catalog.find(function);
}

std::vector<Event> Dispatcher::followers(const Event& event, const Outcome& outcome) {
  std::vector<Event> out;
  const auto source = source_of(event, outcome);
  if (source == nullptr) return out;
  const auto add = [&](const std::string& target, auto make_payload) {
    if (target.empty()) return;
    auto made = follower(event, *source, target, make_payload);
    if (made) return out.push_back(std::move(*made));
    log_undelivered(event, made.error().message);
  };
  const EventInvokeConfig config = config_of(event);
  const bool is_success = outcome.condition == Condition::kSuccess;
  add(is_success ? config.on_success : config.on_failure,
      [&] { return invocation_record(event, outcome, parts_.destinations.clock.wall()); });
  if (!is_success) {
    add(source->dead_letter_target, [&] { return dead_letter(event, outcome); });
  }
  return out;
}

Result<Event> Dispatcher::follower(const Event& event, const FunctionRecord& source,
                                   const std::string& target,
                                   const std::function<std::string()>& make_payload) {
  STATOR_TRY(const auto reference, check_destination(parts_.destinations, source, target));
  Event out;
  out.function = reference.key;
  out.qualifier = reference.qualifier;
  out.request_id = uuid4(parts_.random);
  out.trace_id = with_round(event.trace_id, source.arn());
  out.accepted = parts_.destinations.clock.wall();
  // Functions that are each other's destinations would tell each other of their loop for ever.
  if (rounds(out.trace_id, reference.arn()) >= kRoundsMax) {
    return recursive_invocation();
  }
  out.payload = make_payload();
  if (out.payload.size() > kEventPayloadBytesMax) {
    return invalid("the record of " + std::to_string(out.payload.size()) +
                   " bytes is larger than an asynchronous payload may be");
  }
  return out;
}

}  // namespace stator::lambda::events
