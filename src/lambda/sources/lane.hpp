#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/scheduler.hpp"
#include "lambda/invocation.hpp"
#include "lambda/sources/event.hpp"
#include "lambda/sources/gatherer.hpp"
#include "lambda/sources/mappings.hpp"
#include "lambda/sources/trial.hpp"
#include "log/log.hpp"

namespace stator::lambda::sources {

/// A batch that was given up, on its way to the failure destination.
struct Failure {
  std::string document;
  std::string shard_id;
};

using Invoke = std::function<void(Invocation, InvokeDone)>;
using Delivered = std::function<void(Result<void>)>;

/// What lanes work with; what it refers to outlives them.
struct LaneParts {
  StreamSource& streams;
  Mappings& mappings;
  storage::Store& store;
  Scheduler& scheduler;
  const Clock& clock;
  Random& random;
  const log::Logger& logger;
  /// Runs a task on a worker thread; false when it takes no more.
  std::function<bool(std::function<void()>)> post;
  Invoke invoke;
  /// Whether the function is there and its role may read the stream; the error says what is wrong.
  std::function<Result<void>(const Mapping&)> check;
  /// Hands a failed batch to the mapping's destination. Calls back once, on any thread.
  std::function<void(const Mapping&, Failure, Delivered)> deliver;
};

/// One part of a mapping at work: reads records, invokes the function with one batch at a time and
/// keeps how far it is. Runs in short turns on worker threads, and not at all while it waits: for
/// records (ring()), for an answer, for the disk or for a time. Held by shared_ptr, because answers
/// find it when they come. Any thread may call.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  struct Task {
    Mappings::Ptr mapping;
    LaneId id;
    LanePosition position;
    std::optional<std::uint64_t> bound = {};  ///< where the lane ends
  };
  /// `report` is told what LastProcessingResult is; `ended` once, when the lane does nothing any
  /// more: after stop(), or when it reached its bound and its window is closed.
  Lane(std::shared_ptr<const LaneParts> parts, Task task, std::function<void(std::string)> report,
       std::function<void()> ended);

  /// Looks for records; also how a lane begins.
  void ring();
  /// Lets the invocation that runs come to its end and begins no other.
  void stop();

 private:
  enum class Phase { kFree, kSyncing, kInvoking, kDelivering };
  enum class Turn { kAgain, kWait, kEnd };
  struct Mail {
    std::optional<Result<InvokeResult>> answer = {};
    std::optional<Result<void>> done = {};  ///< of the disk or of a delivery
    bool is_stopping = false;
  };
  struct GivenUp {
    std::size_t count = 0;
    std::string condition;
    int deliveries = 0;
  };

  void schedule();
  void run();
  [[nodiscard]] Mail take_mail();
  void put_mail(const std::function<void(Mail&)>& change);
  [[nodiscard]] Turn turn();

  [[nodiscard]] Turn gather();
  [[nodiscard]] Turn after_reading(Gatherer::Found found, WallTime read_at);
  [[nodiscard]] Turn close_window(bool is_early);
  [[nodiscard]] Turn begin_batch();

  [[nodiscard]] Turn try_batch();
  [[nodiscard]] Turn sync();
  [[nodiscard]] Turn invoke();
  void take_answer(Result<InvokeResult> answer);
  void settle(const Attempt& attempt);
  [[nodiscard]] Turn deliver();
  void take_delivery(const Result<void>& delivered);
  void drop_given_up();
  void save_progress();
  void finish_batch();
  void save();

  [[nodiscard]] WallTime oldest_wanted() const;
  [[nodiscard]] std::optional<WindowEvent> window_event() const;
  void pause_after_failure();
  void pause_untried(const Error& reason);
  [[nodiscard]] Turn wait_until(SteadyTime time);

  const std::shared_ptr<const LaneParts> kept_parts_;
  const LaneParts& parts_;
  const Task task_;
  const std::function<void(std::string)> report_;
  const std::function<void()> ended_;

  std::mutex mutex_;  ///< guards what follows up to the next blank line
  Mail mail_;
  bool is_scheduled_ = false;  ///< a turn is posted or runs
  bool is_wanted_ = false;     ///< and another is to follow it
  bool has_ended_ = false;

  // Of the turn that runs; there is one at a time.
  Phase phase_ = Phase::kFree;
  LanePosition position_;
  std::optional<Gatherer> gatherer_;
  SteadyTime gathering_since_;
  SteadyTime last_read_;
  std::optional<Trial> trial_;
  bool is_final_ = false;  ///< the trial is a window's final invocation
  bool is_early_ = false;
  std::optional<GivenUp> given_up_;
  std::string request_id_;
  std::string executed_version_;
  std::string function_error_;
  int failures_ = 0;  ///< in a row
  int untried_ = 0;   ///< in a row
  SteadyTime not_before_;
  Scheduler::TimerId timer_ = 0;
  std::uint64_t saved_next_ = 0;
};

}  // namespace stator::lambda::sources
