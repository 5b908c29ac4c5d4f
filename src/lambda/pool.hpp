#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/scheduler.hpp"
#include "lambda/budget.hpp"
#include "lambda/failure.hpp"
#include "lambda/invocation.hpp"
#include "lambda/record.hpp"

namespace stator::lambda {

using InstanceId = std::uint64_t;

/// One invocation on its way through a pool.
struct Work {
  std::string request_id;
  std::string invoked_arn;  ///< as the caller named the function
  std::string payload;
  std::string client_context;
  std::string trace_id;
  bool wants_log_tail = false;
  std::shared_ptr<ResponseStream> stream;
  InvokeDone done;
  SteadyTime queued_at{};  ///< set by the pool
  /// Set by the pool: since when a second start is tried for it, because the first has failed. That
  /// start is part of the invocation: it counts in its timeout and its duration.
  std::optional<SteadyTime> retried_at = {};
};

/// What an instance gets of an invocation.
struct Delivery {
  std::string request_id;
  std::string invoked_arn;
  std::string payload;
  std::string client_context;
  std::string trace_id;
  WallTime deadline;
};

/// How an invocation ended, for the instance's log.
struct Ending {
  enum class Status { kOk, kError, kTimeout };
  std::string request_id;
  Status status = Status::kOk;
  std::string error_type;  ///< "Runtime.ExitError", where the runtime did not report by itself
  std::string error_text;  ///< a line for the log, or ""
  std::chrono::microseconds duration{0};
  std::optional<std::chrono::microseconds> init_duration;  ///< on an instance's first invocation
  /// Called with the last 4 KB of the invocation's log when its caller waits for them.
  std::function<void(std::string tail)> on_tail;
};

/// A started program, as its pool sees it. Calls come from any thread without the pool's lock, and
/// end() may overlap the others when the program dies.
class Runner {
 public:
  virtual ~Runner() = default;
  /// Hands an invocation to the program, which is waiting for one.
  virtual void deliver(Delivery delivery) = 0;
  /// The invocation that was delivered has ended: write its log. Without a request id it is the
  /// start that has ended, because it took too long.
  virtual void finish(Ending ending) = 0;
  /// Kill it and let go of everything. The pool has forgotten it and calls nothing more. False when
  /// it takes leave first, for a moment: then it calls Pool::gone() once, and keeps its place until
  /// then.
  [[nodiscard]] virtual bool end() = 0;
};

class Pool;

/// Starts programs. start() returns at once; then, on any thread, the pool hears started() or
/// start_failed() of that id, once.
class Starter {
 public:
  virtual ~Starter() = default;
  virtual void start(std::shared_ptr<Pool> pool, InstanceId id,
                     std::shared_ptr<const FunctionRecord> function) = 0;
};

/// How far provisioned concurrency has come.
struct Provision {
  std::size_t available = 0;
  std::string failure;  ///< why the last start failed, "" when none has since it was set
};

struct PoolOptions {
  std::chrono::milliseconds init_timeout{10'000};
  /// How long an invocation waits for an instance that has just answered to ask for more, before
  /// another is started for it. A caller's next request is often here before the runtime's next
  /// question.
  std::chrono::milliseconds settling_grace{5};
  /// How many instances start at once for those that wait. More would only share the processors and
  /// be ready later; those that are ready meanwhile serve who waits.
  std::size_t starts_max = 32;
  /// How long an invocation waits for a place in the budget.
  std::chrono::milliseconds place_timeout{30'000};
  /// Every instance serves one invocation and is ended. One more is started ahead for the next.
  bool is_one_shot = false;
};

/// The instances of one function and the invocations that wait for one: a state machine without
/// I/O. Any thread may call; its lock is held for moments, and everything it asks of the world
/// happens after the lock is released.
///
///   starting --ready--> idle --submit--> busy --responded--> settling --ready--> idle
///
/// An instance serves one invocation at a time. Idle ones are used newest first, so that the rest
/// grow old and are reaped. An invocation that finds none idle starts one and waits; whichever
/// becomes ready first serves whoever has waited longest. For each that waits an instance is
/// starting or about to settle, or a place for one is waited for, or as many start as may at once.
/// A start that fails is tried again, once, for whoever has waited longest, and fails that
/// invocation when it fails twice. How many wait is bounded by whoever submits.
class Pool final : public PlaceSeeker, public std::enable_shared_from_this<Pool> {
 public:
  using FunctionPtr = std::shared_ptr<const FunctionRecord>;

  Pool(FunctionPtr function, PoolOptions options, Starter& starter, Budget& budget,
       Scheduler& scheduler, const Clock& clock);

  enum class Submitted { kAccepted, kClosed };
  /// Takes `work` when it accepts it, and only then.
  Submitted submit(Work& work);

  // From the starter.
  /// `keys_expire` is when the instance must no longer be given work.
  void started(InstanceId id, std::shared_ptr<Runner> runner, SteadyTime keys_expire);
  void start_failed(InstanceId id, Failure failure);

  // From the instance. The first three say whether the call fits the instance's state.
  /// Whether it may ask for work: not while an invocation is unanswered.
  [[nodiscard]] bool may_ask(InstanceId id) const;
  /// It asks for work. First phase: ends the invocation it had. False while one is unanswered.
  [[nodiscard]] bool ask(InstanceId id);
  /// Second phase, when the instance can take a delivery.
  void ready(InstanceId id);
  enum class Answered { kAccepted, kWrongId, kNotRunning };
  /// It answers an invocation: `error` is "" or "Unhandled".
  [[nodiscard]] Answered answer(InstanceId id, std::string_view request_id, InvokeResult result);
  /// It begins to answer piece by piece; `stream` is where the pieces go, null when they are to be
  /// gathered. Until end_stream() no other answer is taken.
  struct Opened {
    Answered answered = Answered::kAccepted;
    std::shared_ptr<ResponseStream> stream;
  };
  [[nodiscard]] Opened open_stream(InstanceId id, std::string_view request_id);
  [[nodiscard]] Answered end_stream(InstanceId id, std::string_view request_id,
                                    InvokeResult result);
  /// The pieces broke off. The invocation fails with Runtime.TruncatedResponse when the program
  /// asks for more work, and otherwise as it ends.
  void break_stream(InstanceId id, std::string_view request_id);
  /// It reports that it cannot start; its own JSON goes to the caller.
  void init_error(InstanceId id, const std::string& payload);
  /// Its connection broke while it waited for work.
  void stopped_waiting(InstanceId id);
  /// Something in it has failed so that it cannot go on.
  void failed(InstanceId id, const Failure& failure);
  /// It has ended after all, where its end() has answered false.
  void gone();
  /// The program has ended: `reason` as in "exit status 1", or "" for a clean exit.
  void exited(InstanceId id, std::string_view reason, bool is_out_of_memory);

  // From the owner.
  /// New code or configuration: instances of the old one go as they become free.
  void replace(FunctionPtr function);
  /// No more work. What waits fails with `error`; idle instances end now, busy ones afterwards.
  void close(const Error& error);
  /// Ends every instance now; their invocations fail.
  void end_all();
  /// Ends idle instances that have been so since `idle_before` or whose keys expire, and starts
  /// again what is provisioned and could not be started before.
  void reap(SteadyTime idle_before);
  /// From now on `count` instances stand, started ahead and not reaped.
  void set_provisioned(std::size_t count);
  [[nodiscard]] Provision provision() const;
  /// Whether this instance is started because concurrency is provisioned, and for nobody who waits.
  [[nodiscard]] bool is_provisioned(InstanceId id) const;
  /// From the budget.
  [[nodiscard]] bool take_place() override;
  /// Ends the instance that has been idle longest, to make room elsewhere. False when none is idle.
  bool evict_one();
  /// Since when its longest idle instance is so; nothing when none is idle.
  [[nodiscard]] std::optional<SteadyTime> oldest_idle() const;

  struct Counts {
    std::size_t starting = 0;
    std::size_t idle = 0;
    std::size_t busy = 0;  ///< settling ones too
    std::size_t waiting = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  enum class State : std::uint8_t { kStarting, kIdle, kBusy, kSettling };
  struct Slot {
    State state = State::kStarting;
    std::shared_ptr<Runner> runner;
    FunctionPtr function;
    std::optional<Work> work;        ///< busy: unanswered
    Ending ending;                   ///< of the current invocation, filled as it goes
    bool is_retry = false;           ///< starting for the second time for one invocation
    bool is_streaming = false;       ///< busy, and answering piece by piece
    bool is_broken = false;          ///< busy, and its pieces broke off
    bool has_invocation = false;     ///< between delivery and the end of its log
    bool is_asking = false;          ///< between ask() and ready()
    bool is_expected = false;        ///< settling, and about to ask for work; counted in expected_
    bool is_start_resolved = false;  ///< started() or start_failed() was heard
    bool is_provisioned = false;     ///< see is_provisioned()
    bool has_served = false;         ///< an invocation was delivered to it
    SteadyTime began{};              ///< of the start or of the invocation
    SteadyTime deadline{};  ///< of the start or of the invocation; kNever when there is none
    SteadyTime idle_since{};
    SteadyTime keys_expire{};
    std::optional<std::chrono::microseconds> init_duration;
    Scheduler::TimerId timer = 0;
    SteadyTime timer_at{};
    bool is_timer_armed = false;
  };
  /// What to do once the lock is released, in this order.
  struct Effects {
    std::vector<std::pair<std::shared_ptr<Runner>, Ending>> finishes;
    std::vector<std::pair<InvokeDone, Result<InvokeResult>>> completions;
    std::vector<std::shared_ptr<Runner>> ends;
    std::vector<std::pair<InstanceId, FunctionPtr>> starts;
    std::vector<std::pair<std::shared_ptr<Runner>, Delivery>> deliveries;
    bool wants_place = false;  ///< somebody else's idle instance may have to go
  };
  using Slots = std::map<InstanceId, Slot>;
  [[nodiscard]] static std::chrono::milliseconds timeout_of(const FunctionRecord& function) {
    return std::chrono::seconds(function.timeout_s);
  }
  static constexpr SteadyTime kNever = SteadyTime::max();

  // All of these want the lock.
  void start_one(Effects& effects);
  /// Starts one, or waits for a place to do so.
  void want_one(Effects& effects);
  /// The same for one that waits, when not too many start already.
  [[nodiscard]] bool start_for_one(Effects& effects);
  /// Once a start is over, the next begins.
  void let_go(Effects& effects);
  void start_spare(Effects& effects);
  void ensure_provisioned(Effects& effects);
  void arm_place_timer();
  /// It is one of those that are provisioned, for want of others.
  [[nodiscard]] bool is_needed() const { return slots_.size() <= provisioned_; }
  /// Starts instances until there is one for each of the first `waiters` that wait.
  void ensure_starts(std::size_t waiters, Effects& effects);
  void set_expected(Slot& slot, bool is_expected);
  void arm_grace();
  void deliver(InstanceId id, Slot& slot, Work work, Effects& effects);
  void make_free(InstanceId id, Slot& slot, Effects& effects);
  void end_invocation(Slot& slot, Effects& effects);
  /// Whether an answer to `request_id` fits the state of instance `id`.
  [[nodiscard]] Answered find_busy(InstanceId id, std::string_view request_id, Slot*& slot);
  [[nodiscard]] Answered settle(InstanceId id, std::string_view request_id, InvokeResult result,
                                bool is_stream);
  void complete(Slot& slot, Result<InvokeResult> result, Effects& effects);
  void fail_work(Slot& slot, const Failure& failure, Effects& effects);
  using ToResult = std::function<Result<InvokeResult>(const std::string& request_id)>;
  /// `result` is for the caller where this is not tried again.
  void fail_start(Slots::iterator at, bool may_retry, const ToResult& result, Effects& effects);
  void fail_start(Slots::iterator at, const Failure& failure, Effects& effects);
  void drop(Slots::iterator at, Effects& effects);
  void remove_idle(InstanceId id);
  void expire(Slots::iterator at, Effects& effects);
  void arm(InstanceId id, Slot& slot);
  /// It must get no more work: its function was replaced or closed.
  [[nodiscard]] bool is_stale(const Slot& slot) const {
    return closed_.has_value() || slot.function != function_;
  }

  void on_timer(InstanceId id);
  void on_grace();
  void on_place_timer();
  void run(Effects effects);

  const PoolOptions options_;
  Starter& starter_;
  Budget& budget_;
  Scheduler& scheduler_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  FunctionPtr function_;
  Slots slots_;
  std::vector<InstanceId> idle_;  ///< the newest at the back
  std::deque<Work> waiting_;
  std::size_t starting_ = 0;
  std::size_t expected_ = 0;
  std::size_t wanted_ = 0;  ///< places that the budget was asked for and has not offered yet
  std::size_t provisioned_ = 0;
  std::string provision_failure_;  ///< while it is not "", provisioned instances are not started
  bool is_held_back_ = false;      ///< starts_max keeps one that waits from having a start
  bool is_grace_armed_ = false;
  bool is_place_timer_armed_ = false;
  InstanceId next_id_ = 1;
  std::optional<Error> closed_;
};

}  // namespace stator::lambda
