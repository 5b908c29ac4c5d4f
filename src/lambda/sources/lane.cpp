#include "lambda/sources/lane.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"

namespace stator::lambda::sources {
namespace {

using std::chrono::milliseconds;

/// Turns without a rest, so that lanes of one thread take turns.
constexpr int kTurnsMax = 8;
constexpr milliseconds kPostRetry{20};
/// While a batch is gathered, records that come one by one are read together.
constexpr milliseconds kGatherPause{20};
constexpr milliseconds kFailurePauseMin{200}, kFailurePauseMax{60'000};
constexpr milliseconds kUntriedPauseMin{100}, kUntriedPauseMax{5'000};
constexpr int kDeliveriesMax = 5;
/// How far reading may run ahead of the stored position when filters let nothing through, in
/// numbers of records, which are microseconds.
constexpr std::uint64_t kUnsavedMax = 60'000'000;

milliseconds doubled(milliseconds first, milliseconds last, int times) {
  milliseconds pause = first;
  for (int i = 1; i < times && pause < last; ++i) pause *= 2;
  return std::min(pause, last);
}

}  // namespace

Lane::Lane(std::shared_ptr<const LaneParts> parts, Task task,
           std::function<void(std::string)> report, std::function<void()> ended)
    : kept_parts_(std::move(parts)),
      parts_(*kept_parts_),
      task_(std::move(task)),
      report_(std::move(report)),
      ended_(std::move(ended)),
      position_(task_.position),
      gathering_since_(parts_.clock.steady()),
      last_read_(gathering_since_ - kGatherPause),
      not_before_(gathering_since_),
      saved_next_(position_.next) {}

void Lane::ring() {
  schedule();
}

void Lane::stop() {
  put_mail([](Mail& mail) { mail.is_stopping = true; });
}

void Lane::put_mail(const std::function<void(Mail&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(mail_);
  }
  schedule();
}

Lane::Mail Lane::take_mail() {
  const std::lock_guard lock(mutex_);
  return std::exchange(mail_, Mail{.is_stopping = mail_.is_stopping});
}

void Lane::schedule() {
  {
    const std::lock_guard lock(mutex_);
    if (has_ended_) return;
    is_wanted_ = true;
    if (is_scheduled_) return;
    is_scheduled_ = true;
  }
  if (parts_.post([self = shared_from_this()] { self->run(); })) return;
  const std::lock_guard lock(mutex_);
  is_scheduled_ = false;
  parts_.scheduler.after(kPostRetry, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->schedule();
  });
}

void Lane::run() {
  Turn next = Turn::kAgain;
  for (int turns = 0; turns < kTurnsMax && next == Turn::kAgain; ++turns) {
    {
      const std::lock_guard lock(mutex_);
      is_wanted_ = false;
    }
    next = turn();
  }
  {
    const std::lock_guard lock(mutex_);
    is_scheduled_ = false;
    has_ended_ = next == Turn::kEnd;
    if (next == Turn::kWait && !is_wanted_) return;
  }
  if (next != Turn::kEnd) return schedule();
  parts_.scheduler.cancel(timer_);
  ended_();
}

Lane::Turn Lane::turn() {
  Mail mail = take_mail();
  if (phase_ != Phase::kFree) {
    if (!mail.answer && !mail.done) return Turn::kWait;
    const Phase phase = std::exchange(phase_, Phase::kFree);
    if (phase == Phase::kInvoking) take_answer(*std::move(mail.answer));
    if (phase == Phase::kDelivering) take_delivery(*mail.done);
    if (phase == Phase::kSyncing && !*mail.done) pause_untried(mail.done->error());
  }
  if (trial_ && trial_->is_finished()) finish_batch();
  if (mail.is_stopping) {
    if (!trial_ && position_.next != saved_next_) save();
    return Turn::kEnd;
  }
  if (parts_.clock.steady() < not_before_) return wait_until(not_before_);
  return trial_ ? try_batch() : gather();
}

Lane::Turn Lane::wait_until(SteadyTime time) {
  const auto delay = std::chrono::ceil<milliseconds>(
      std::max(time - parts_.clock.steady(), SteadyTime::duration()));
  parts_.scheduler.cancel(timer_);
  timer_ = parts_.scheduler.after(delay, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->schedule();
  });
  return Turn::kWait;
}

void Lane::pause_after_failure() {
  const auto pause = doubled(kFailurePauseMin, kFailurePauseMax, ++failures_);
  not_before_ = parts_.clock.steady() + pause;
}

void Lane::pause_untried(const Error& reason) {
  report_("PROBLEM: " + reason.message);
  const auto pause = doubled(kUntriedPauseMin, kUntriedPauseMax, ++untried_);
  not_before_ = parts_.clock.steady() + pause;
}

WallTime Lane::oldest_wanted() const {
  const std::int64_t age_s = task_.mapping->settings.age_s_max;
  const std::chrono::seconds life = kRecordLife;
  return parts_.clock.wall() - (age_s < 0 ? life : std::min(life, std::chrono::seconds(age_s)));
}

// Gathering.

Lane::Turn Lane::gather() {
  if (!gatherer_) {
    auto made =
        Gatherer::make(parts_.streams, task_.mapping, {task_.id, position_.next, task_.bound});
    if (!made) {
      pause_untried(made.error());
      return Turn::kAgain;
    }
    gatherer_.emplace(std::move(*made));
  }
  const OpenWindow* open = position_.window ? &*position_.window : nullptr;
  if (open != nullptr && gatherer_->is_empty() &&
      (open->is_over_limit || open->length_s != task_.mapping->settings.tumbling_window_s)) {
    return close_window(true);
  }
  const SteadyTime now = parts_.clock.steady();
  if (!gatherer_->is_empty() && now < last_read_ + kGatherPause &&
      now < gathering_since_ + std::chrono::seconds(task_.mapping->settings.batching_window_s)) {
    return wait_until(last_read_ + kGatherPause);
  }
  if (const auto may = parts_.check(*task_.mapping); !may) {
    pause_untried(may.error());
    return Turn::kAgain;
  }
  const WallTime read_at = parts_.clock.wall();
  const bool was_empty = gatherer_->is_empty();
  const auto found = gatherer_->read(open);
  last_read_ = now;
  if (!found) {
    pause_untried(found.error());
    return Turn::kAgain;
  }
  untried_ = 0;
  if (was_empty && !gatherer_->is_empty()) gathering_since_ = now;
  return after_reading(*found, read_at);
}

Lane::Turn Lane::after_reading(Gatherer::Found found, WallTime read_at) {
  using Found = Gatherer::Found;
  const bool has_records = !gatherer_->is_empty();
  if (!has_records) {
    position_.next = gatherer_->position();
    if (position_.next - saved_next_ > kUnsavedMax) save();
  }
  if (found == Found::kMore) {
    // The next read may follow at once; a batch that is due goes first.
    last_read_ = parts_.clock.steady() - kGatherPause;
    return Turn::kAgain;
  }
  if (found == Found::kWhole) return begin_batch();
  if (found == Found::kWindowEnd) return has_records ? begin_batch() : close_window(false);

  const SteadyTime now = parts_.clock.steady();
  SteadyTime due =
      gathering_since_ + std::chrono::seconds(task_.mapping->settings.batching_window_s);
  std::optional<SteadyTime> window_due;
  const std::int64_t length_s = task_.mapping->settings.tumbling_window_s;
  if (length_s > 0 && (has_records || position_.window)) {
    const std::int64_t start_s =
        position_.window ? position_.window->start_s : gatherer_->window_start_s();
    window_due = now + (from_epoch_ms((start_s + length_s) * 1'000) - read_at);
    due = std::min(due, *window_due);
  }
  const bool is_bound = found == Found::kBound;
  if (has_records) return is_bound || due <= now ? begin_batch() : wait_until(due);
  if (position_.window) {
    if (is_bound || *window_due <= now) return close_window(is_bound && *window_due > now);
    return wait_until(*window_due);
  }
  if (!is_bound) return Turn::kWait;
  save();
  return Turn::kEnd;
}

Lane::Turn Lane::close_window(bool is_early) {
  is_final_ = true;
  is_early_ = is_early;
  trial_.emplace(std::vector<StreamRecord>(),
                 Trial::Rules{task_.mapping->settings.retries_max, false});
  return Turn::kAgain;
}

Lane::Turn Lane::begin_batch() {
  const MappingSettings& settings = task_.mapping->settings;
  trial_.emplace(gatherer_->take(), Trial::Rules{settings.retries_max, settings.bisects});
  is_final_ = is_early_ = false;
  if (settings.tumbling_window_s > 0 && !position_.window) {
    position_.window =
        OpenWindow{gatherer_->window_start_s(), settings.tumbling_window_s, "{}", false};
  }
  return Turn::kAgain;
}

// Trying.

Lane::Turn Lane::try_batch() {
  if (given_up_) return deliver();
  const WallTime oldest = oldest_wanted();
  const std::size_t old = trial_->count_older(oldest);
  const bool is_old_window =
      is_final_ &&
      from_epoch_ms((position_.window->start_s + position_.window->length_s) * 1'000) < oldest;
  if (old > 0 || is_old_window) {
    given_up_ = GivenUp{old, "RecordAgeExceeded"};
    return deliver();
  }
  if (parts_.store.durable() < gatherer_->durable_after()) return sync();
  return invoke();
}

Lane::Turn Lane::sync() {
  // Nobody may act on a record that a crash could still undo.
  phase_ = Phase::kSyncing;
  parts_.store.when_durable(
      gatherer_->durable_after(), [self = shared_from_this()](Result<void> synced) {
        self->put_mail([&synced](Mail& mail) { mail.done = std::move(synced); });
      });
  return Turn::kWait;
}

std::optional<WindowEvent> Lane::window_event() const {
  if (!position_.window || (task_.mapping->settings.tumbling_window_s == 0 && !is_final_)) {
    return std::nullopt;
  }
  return WindowEvent{*position_.window, gatherer_->shard_id(), task_.mapping->stream_arn, is_final_,
                     is_early_};
}

Lane::Turn Lane::invoke() {
  const auto window = window_event();
  Invocation invocation{.account = task_.mapping->account,
                        .region = task_.mapping->region,
                        .function = task_.mapping->settings.function_arn,
                        .payload = event_of(trial_->current(), window ? &*window : nullptr),
                        .request_id = uuid4(parts_.random)};
  request_id_ = invocation.request_id;
  phase_ = Phase::kInvoking;
  parts_.invoke(std::move(invocation), [self = shared_from_this()](Result<InvokeResult> answer) {
    self->put_mail([&answer](Mail& mail) { mail.answer = std::move(answer); });
  });
  return Turn::kWait;
}

void Lane::take_answer(Result<InvokeResult> answer) {
  if (!answer) {
    (void)trial_->settle({Attempt::Kind::kNotTried});
    return pause_untried(answer.error());
  }
  untried_ = 0;
  executed_version_ = answer->executed_version;
  function_error_ = answer->function_error;
  if (!function_error_.empty()) return settle({Attempt::Kind::kFailed});
  const Answer said = read_answer(answer->payload, trial_->current(),
                                  task_.mapping->settings.reports_item_failures);
  if (position_.window && !is_final_ && said.attempt.kind != Attempt::Kind::kFailed) {
    position_.window->is_over_limit = said.state_json.size() > kStateBytesMax;
    if (!position_.window->is_over_limit) position_.window->state_json = said.state_json;
  }
  settle(said.attempt);
}

void Lane::settle(const Attempt& attempt) {
  const std::size_t size = trial_->current().size();
  const Next next = trial_->settle(attempt);
  const bool is_success = attempt.kind == Attempt::Kind::kSucceeded;
  report_(is_success ? "OK" : "PROBLEM: Function call failed");
  save_progress();
  if (next == Next::kDiscard) {
    given_up_ = GivenUp{trial_->current().size(), "RetryAttemptsExhausted"};
    return;
  }
  // A smaller batch is a new one: the pauses begin anew too.
  const bool is_smaller = !trial_->is_finished() && trial_->current().size() != size;
  if (is_success || is_smaller) failures_ = 0;
  if (next == Next::kRetry) pause_after_failure();
}

Lane::Turn Lane::deliver() {
  const std::size_t count = given_up_->count;
  parts_.logger.warn("lambda", "records of a stream are given up",
                     {{"mapping", task_.mapping->uuid},
                      {"records", std::to_string(count)},
                      {"reason", given_up_->condition}});
  if (task_.mapping->settings.on_failure.empty() || count == 0) {
    drop_given_up();
    return Turn::kAgain;
  }
  const auto records = trial_->current().first(count);
  const auto window = window_event();
  const bool was_tried = trial_->invocations() > 0;
  const Discarded discarded{records,
                            given_up_->condition,
                            trial_->invocations(),
                            gatherer_->shard_id(),
                            was_tried ? request_id_ : uuid4(parts_.random),
                            was_tried ? executed_version_ : "",
                            was_tried ? function_error_ : "",
                            parts_.clock.wall()};
  Failure failure{
      failure_document(*task_.mapping, discarded, event_of(records, window ? &*window : nullptr)),
      gatherer_->shard_id()};
  phase_ = Phase::kDelivering;
  parts_.deliver(*task_.mapping, std::move(failure),
                 [self = shared_from_this()](Result<void> delivered) {
                   self->put_mail([&delivered](Mail& mail) { mail.done = std::move(delivered); });
                 });
  return Turn::kWait;
}

void Lane::take_delivery(const Result<void>& delivered) {
  if (delivered) return drop_given_up();
  const bool is_last = ++given_up_->deliveries >= kDeliveriesMax;
  parts_.logger.error("lambda",
                      is_last ? "failed records are lost to their destination"
                              : "failed records do not reach their destination yet",
                      {{"mapping", task_.mapping->uuid}, {"reason", delivered.error().message}});
  if (is_last) return drop_given_up();
  pause_after_failure();
}

void Lane::drop_given_up() {
  trial_->discard(given_up_->count);
  given_up_.reset();
  failures_ = 0;
  save_progress();
}

void Lane::save_progress() {
  const auto first = trial_->first_unfinished();
  if (!first || *first == position_.next) return;
  position_.next = *first;
  save();
}

void Lane::finish_batch() {
  trial_.reset();
  failures_ = 0;
  if (is_final_) position_.window.reset();
  is_final_ = is_early_ = false;
  position_.next = gatherer_->position();
  save();
}

void Lane::save() {
  saved_next_ = position_.next;
  const auto saved = parts_.mappings.save(*task_.mapping, task_.id.index, position_);
  if (saved) return;
  parts_.logger.error("lambda", "the position in a stream is not kept",
                      {{"mapping", task_.mapping->uuid}, {"reason", saved.error().message}});
}

}  // namespace stator::lambda::sources
