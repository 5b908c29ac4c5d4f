#include "lambda/sources/consumer.hpp"

#include <algorithm>
#include <utility>

namespace stator::lambda::sources {

void Consumer::apply(Mappings::Ptr mapping) {
  std::vector<std::shared_ptr<Lane>> old;
  {
    const std::lock_guard lock(mutex_);
    mapping_ = std::move(mapping);
    if (running_ > 0) {
      old = lanes_;
    } else {
      begin();
    }
  }
  for (const auto& lane : old) lane->stop();
}

void Consumer::begin() {
  lanes_.clear();
  if (mapping_ == nullptr || !mapping_->settings.is_enabled) return;
  auto positions = parts_->mappings.positions(*mapping_);
  if (!positions || positions->empty()) {
    const std::string reason = positions ? "it has no position" : positions.error().message;
    parts_->logger.error("lambda", "an event source mapping cannot begin",
                         {{"mapping", mapping_->uuid}, {"reason", reason}});
    result_ = "PROBLEM: " + reason;
    return;
  }
  const auto factor = static_cast<std::size_t>(mapping_->settings.parallelization_factor);
  std::optional<std::uint64_t> bound;
  if (positions->size() != factor) {
    bound = 0;
    for (const LanePosition& one : *positions) bound = std::max(*bound, one.next);
    const bool is_there = std::all_of(
        positions->begin(), positions->end(),
        [&bound](const LanePosition& one) { return one.next == *bound && !one.window; });
    if (is_there) {
      positions->assign(factor, LanePosition{*bound});
      bound.reset();
      if (const auto saved = parts_->mappings.save_all(*mapping_, *positions); !saved) {
        result_ = "PROBLEM: " + saved.error().message;
        return;
      }
    }
  }
  for (std::size_t i = 0; i < positions->size(); ++i) {
    add_lane({i, positions->size()}, (*positions)[i], bound);
  }
  for (const auto& lane : lanes_) lane->ring();
}

void Consumer::add_lane(LaneId id, const LanePosition& position,
                        std::optional<std::uint64_t> bound) {
  ++running_;
  auto report = [weak = weak_from_this()](std::string result) {
    const auto self = weak.lock();
    if (self == nullptr) return;
    const std::lock_guard lock(self->mutex_);
    self->result_ = std::move(result);
  };
  auto ended = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->lane_ended();
  };
  lanes_.push_back(std::make_shared<Lane>(parts_, Lane::Task{mapping_, id, position, bound},
                                          std::move(report), std::move(ended)));
}

void Consumer::lane_ended() {
  const std::lock_guard lock(mutex_);
  if (--running_ == 0) begin();
}

void Consumer::ring() {
  std::vector<std::shared_ptr<Lane>> lanes;
  {
    const std::lock_guard lock(mutex_);
    lanes = lanes_;
  }
  for (const auto& lane : lanes) lane->ring();
}

std::string Consumer::result() const {
  const std::lock_guard lock(mutex_);
  return result_;
}

}  // namespace stator::lambda::sources
