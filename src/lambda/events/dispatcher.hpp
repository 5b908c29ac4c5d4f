#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/scheduler.hpp"
#include "lambda/events/destination.hpp"
#include "lambda/events/outcome.hpp"
#include "lambda/events/queue.hpp"
#include "lambda/events/retry.hpp"
#include "lambda/invocation.hpp"
#include "log/log.hpp"

namespace stator::lambda::events {

/// What the dispatcher works with; all outlive it.
struct DispatcherParts {
  Queue& queue;
  DestinationParts destinations;
  Scheduler& scheduler;
  Random& random;
  const log::Logger& logger;
  /// Invokes a function; `done` comes once, on any thread, perhaps before it returns.
  std::function<void(Invocation, InvokeDone)> invoke;
  /// Runs a task soon on another thread; false when it cannot.
  std::function<bool(std::function<void()>)> post;
};

struct DispatcherOptions {
  /// Events that are delivered at once, of all functions, and of one, so that neither asynchronous
  /// invocations nor one function's events take every instance.
  std::size_t deliveries_max = 50;
  std::size_t function_deliveries_max = 25;
};

/// Invokes functions with their queued events, tries again what fails, and tells destinations and
/// dead-letter targets how it ended.
///
/// An event leaves the queue in the same write that brings its destinations' events, so whatever
/// dies when, each accepted event is delivered at least once or its failure is told.
///
/// Made by std::make_shared: its callbacks look whether it is still there. Any thread.
class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  Dispatcher(DispatcherParts parts, DispatcherOptions options)
      : parts_(std::move(parts)), options_(options) {}

  void start();
  /// Takes no more events and waits until none is being handed over; what is being delivered goes
  /// on. An invocation that is refused from now on stays in the queue.
  void stop();

  /// Events may have come, or room for them.
  void wake();

 private:
  void run();
  [[nodiscard]] std::optional<std::chrono::milliseconds> deliver_due();
  void arm_in(std::chrono::milliseconds delay);
  void deliver(Taken taken);
  [[nodiscard]] std::chrono::milliseconds age_of(const Taken& taken) const;
  void settle(const Taken& taken, Result<InvokeResult> result);
  void settle_refusal(const Taken& taken, const Error& error);
  void try_again_or_end(const Taken& taken, Event progress, const Verdict& verdict,
                        Outcome outcome);
  void end(EventId id, const Event& event, const Outcome& outcome);
  void forget(const FunctionKey& function);
  [[nodiscard]] std::vector<Event> followers(const Event& event, const Outcome& outcome);
  [[nodiscard]] Result<Event> follower(const Event& event, const FunctionRecord& source,
                                       const std::string& target,
                                       const std::function<std::string()>& make_payload);
  [[nodiscard]] Catalog::FunctionPtr source_of(const Event& event, const Outcome& outcome) const;
  [[nodiscard]] EventInvokeConfig config_of(const Event& event) const;
  [[nodiscard]] std::size_t limit_of(const FunctionKeyView& function) const;
  void log_store_failure(const Error& error) const;
  void log_undelivered(const Event& event, const std::string& reason) const;

  const DispatcherParts parts_;
  const DispatcherOptions options_;
  std::mutex mutex_;
  std::condition_variable idle_;
  bool is_started_ = false;
  bool is_posted_ = false;   ///< run() is on its way
  bool is_running_ = false;  ///< run() is running
  bool is_woken_ = false;    ///< something has changed since run() began
  Scheduler::TimerId timer_ = 0;
};

}  // namespace stator::lambda::events
