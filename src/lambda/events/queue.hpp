#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "lambda/events/event.hpp"
#include "storage/store.hpp"

namespace stator::lambda::events {

/// Of one function; an event past either is refused.
struct QueueBounds {
  std::size_t events_max = 100'000;
  std::uint64_t payload_bytes_max = 1u << 30;
};

using EventId = std::uint64_t;

/// An event that is being delivered.
struct Taken {
  EventId id = 0;
  Event event;
  SteadyTime accepted;
};

/// The events of all functions: on disk from the moment they are accepted until they are done, with
/// an index in memory of when each is due. Who takes an event holds it until finish(), postpone()
/// or give_back(); a restart gives back everything. Any thread.
///
/// Time counts by the steady clock, so that a machine whose clock is set neither loses events to
/// their age nor waits for ever; across a restart it is the wall clock's, within bounds.
///
/// In Family::kEvents 's' and eight bytes of an id hold an event's state, 'p' and the id its
/// payload.
class Queue {
 public:
  /// Loads the index. Throws ConfigError when a state cannot be read.
  Queue(storage::Store& store, const Clock& clock, QueueBounds bounds);

  /// Puts an event last among its function's, due at once. The caller may be told when the sequence
  /// is durable. TooManyRequestsException at a bound.
  [[nodiscard]] Result<storage::Sequence> add(Event event);

  /// How many events of a function may be taken at once.
  using LimitOf = std::function<std::size_t(const FunctionKeyView&)>;
  /// The event that is due longest of the next function, in turn, that has one and is neither at
  /// its limit nor paused. Nothing when there is none. `limit_of` must not call the queue.
  [[nodiscard]] Result<std::optional<Taken>> take(const LimitOf& limit_of);

  /// The event is done. It goes as its followers come, in one write; those that do not fit their
  /// functions' bounds are left out and counted in the answer.
  [[nodiscard]] Result<std::size_t> finish(EventId id, std::vector<Event> followers);
  /// The event is due again after `delay`, with the counts in `progress`.
  [[nodiscard]] Result<void> postpone(EventId id, const Event& progress,
                                      std::chrono::milliseconds delay);
  /// The event was not tried.
  void give_back(EventId id);

  /// No event of the function is taken for so long.
  void pause(const FunctionKeyView& function, std::chrono::milliseconds duration);
  /// Drops every event of a function, those that are being delivered too.
  [[nodiscard]] Result<void> forget(const FunctionKeyView& function);

  /// How long until another event is due that is not due yet; nothing when there is none.
  [[nodiscard]] std::optional<std::chrono::milliseconds> next_due() const;
  [[nodiscard]] std::size_t taken() const;
  [[nodiscard]] std::size_t size() const;

 private:
  using Due = std::pair<SteadyTime, EventId>;
  struct Item {
    SteadyTime accepted;
    std::uint64_t payload_bytes = 0;
  };
  /// A function's events. It stands as long as there are any.
  struct Lane {
    std::map<Due, Item> waiting;
    std::size_t taken = 0;
    std::uint64_t payload_bytes = 0;  ///< of those that wait and those that are taken
    SteadyTime paused_until{};

    [[nodiscard]] std::size_t size() const { return waiting.size() + taken; }
  };
  using Lanes = std::map<FunctionKey, Lane, FunctionKeyLess>;
  struct Lease {
    Lanes::iterator lane;
    SteadyTime due;
    Item item;
  };
  struct Chosen {
    EventId id = 0;
    SteadyTime accepted;
  };

  void load();
  [[nodiscard]] bool has_room(const FunctionKeyView& function, std::uint64_t payload_bytes) const;
  /// Writes a new event into the batch. With the lock.
  EventId put(storage::Batch& batch, const Event& event);
  void insert(const FunctionKey& function, EventId id, SteadyTime due, Item item);
  [[nodiscard]] std::optional<Chosen> choose(const LimitOf& limit_of);
  [[nodiscard]] std::optional<Chosen> choose_from(Lanes::iterator lane, const LimitOf& limit_of,
                                                  SteadyTime now);
  void release(std::map<EventId, Lease>::iterator lease);
  [[nodiscard]] Result<std::optional<Taken>> read(const Chosen& chosen) const;

  storage::Store& store_;
  const Clock& clock_;
  const QueueBounds bounds_;
  mutable std::mutex mutex_;
  Lanes lanes_;
  std::map<EventId, Lease> leases_;
  FunctionKey served_last_;
  EventId last_id_ = 0;
};

}  // namespace stator::lambda::events
