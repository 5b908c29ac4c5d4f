#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lambda/sources/lane.hpp"

namespace stator::lambda::sources {

/// One mapping at work: its lanes, as many as its ParallelizationFactor says. When that number
/// changes, the old lanes first come to one point of the stream, so that the records of an item
/// stay in order. Held by shared_ptr; any thread may call.
class Consumer : public std::enable_shared_from_this<Consumer> {
 public:
  explicit Consumer(std::shared_ptr<const LaneParts> parts) : parts_(std::move(parts)) {}

  /// Works by this mapping from now on, from where the stored positions are. Null, or one that is
  /// not enabled: no more. What runs comes to its end first.
  void apply(Mappings::Ptr mapping);
  /// The stream has new records.
  void ring();
  /// LastProcessingResult.
  [[nodiscard]] std::string result() const;

 private:
  void begin();  // The caller holds mutex_, as for add_lane().
  void add_lane(LaneId id, const LanePosition& position, std::optional<std::uint64_t> bound);
  void lane_ended();

  const std::shared_ptr<const LaneParts> parts_;
  mutable std::mutex mutex_;  ///< guards what follows
  Mappings::Ptr mapping_;
  std::vector<std::shared_ptr<Lane>> lanes_;
  std::size_t running_ = 0;
  std::string result_ = "No records processed";
};

}  // namespace stator::lambda::sources
