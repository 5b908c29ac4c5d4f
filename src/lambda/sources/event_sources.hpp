#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/worker_pool.hpp"
#include "lambda/functions.hpp"
#include "lambda/sources/consumer.hpp"
#include "lambda/sources/destination.hpp"
#include "lambda/sources/mappings.hpp"

namespace stator::lambda::sources {

/// What event source mappings work with; all outlive them.
struct EventSourcesParts {
  storage::Store& store;
  Functions& functions;
  StreamSource& streams;
  RoleRights& rights;
  ObjectSink& objects;
  Scheduler& scheduler;
  WorkerPool& workers;  ///< for this alone: reading streams must not hold up requests
  const Clock& clock;
  Random& random;
  const log::Logger& logger;
};

/// Event source mappings: which there are, and the consumers that work by them.
///
/// Made after the functions, started when they can be invoked. stop() before the functions stop:
/// then no new batch begins, and what runs is still taken note of. Any thread may call.
class EventSources {
 public:
  explicit EventSources(EventSourcesParts parts);
  ~EventSources();
  EventSources(const EventSources&) = delete;

  void start();
  void stop();

  [[nodiscard]] const Mappings& mappings() const { return *mappings_; }
  /// Checks what it refers to, stores it and begins.
  [[nodiscard]] Result<Mappings::Ptr> create(Mapping mapping);
  /// As Mappings::change(), with the same checks when function or destination change.
  [[nodiscard]] Result<Mappings::Ptr> change(const Mapping& mapping,
                                             const Mappings::Change& change);
  /// The batch that runs comes to its end, and whatever it does not finish is forgotten.
  [[nodiscard]] Result<Mappings::Ptr> remove(const Mapping& mapping);
  /// "Enabled" or "Disabled", and what became of the last batch.
  [[nodiscard]] MappingStatus status(const Mapping& mapping) const;
  [[nodiscard]] Functions& functions() { return parts_.functions; }
  [[nodiscard]] Random& random() { return parts_.random; }
  [[nodiscard]] const Clock& clock() const { return parts_.clock; }

 private:
  [[nodiscard]] Result<std::string> role_of(const Mapping& mapping) const;
  [[nodiscard]] Result<void> check_references(const Mapping& mapping) const;
  [[nodiscard]] Result<void> check_before_reading(const Mapping& mapping) const;
  void deliver(const Mapping& mapping, Failure failure, Delivered done) const;
  /// Lets a consumer work by the mapping as it is now.
  void consume(const Mapping& mapping);
  void ring(std::uint64_t stream_id) const;

  struct Working {
    std::uint64_t stream_id = 0;
    std::shared_ptr<Consumer> consumer;
  };

  EventSourcesParts parts_;
  std::unique_ptr<Mappings> mappings_;
  Destinations destinations_;
  std::shared_ptr<const LaneParts> lane_parts_;
  std::mutex control_;               ///< held while a consumer is told of a change
  mutable std::shared_mutex mutex_;  ///< guards what follows
  bool is_running_ = false;
  std::map<std::string, Working, std::less<>> working_;  ///< by UUID
};

}  // namespace stator::lambda::sources
