#include "lambda/sources/gatherer.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "json/deep.hpp"
#include "lambda/sources/event.hpp"

namespace stator::lambda::sources {
namespace {

/// How many records one read looks at.
constexpr std::size_t kPageMax = 1'000;

}  // namespace

Result<Gatherer> Gatherer::make(StreamSource& streams, Mappings::Ptr mapping, Options options) {
  Gatherer made(streams, std::move(mapping), options);
  for (const auto& text : made.mapping_->settings.filters) {
    auto pattern = Pattern::parse(text);
    if (!pattern) return internal("a stored filter is no pattern: " + text);
    made.filters_.push_back(std::move(*pattern));
  }
  return made;
}

bool Gatherer::passes(const StreamRecord& record) const {
  if (filters_.empty()) return true;
  const auto event = json::parse_deep(record.json);
  STATOR_CHECK(event.has_value());
  return std::any_of(filters_.begin(), filters_.end(),
                     [&event](const Pattern& one) { return one.matches(*event); });
}

std::int64_t Gatherer::window_of(const StreamRecord& record) const {
  const std::int64_t length_s = mapping_->settings.tumbling_window_s;
  const std::int64_t created_s = epoch_ms(record.created) / 1'000;
  return length_s == 0 ? 0 : created_s - created_s % length_s;
}

std::size_t Gatherer::envelope(const OpenWindow* open) const {
  if (mapping_->settings.tumbling_window_s == 0) return envelope_bytes(nullptr);
  const OpenWindow none;
  const WindowEvent event{open == nullptr ? none : *open, shard_id_, mapping_->stream_arn};
  // A window that opens with this batch has other digits than none.
  return envelope_bytes(&event) + 64;
}

std::optional<Gatherer::Found> Gatherer::add(StreamRecord&& record, const OpenWindow* open) {
  if (options_.bound && record.number >= *options_.bound) return Found::kBound;
  if (!passes(record)) return std::nullopt;
  const std::int64_t window_s = window_of(record);
  if (open != nullptr && window_s > open->start_s) return Found::kWindowEnd;
  if (!records_.empty()) {
    if (window_s > window_start_s_) return Found::kWindowEnd;
    const std::size_t bytes = bytes_ + record.json.size() + 1;
    if (bytes > limits::kInvokePayloadBytesMax) return Found::kWhole;
    bytes_ = bytes;
  } else {
    // A record whose clock was behind stays in the window that is open.
    window_start_s_ = open != nullptr ? open->start_s : window_s;
    bytes_ = envelope(open) + record.json.size();
  }
  records_.push_back(std::move(record));
  return std::nullopt;
}

Result<Gatherer::Found> Gatherer::read(const OpenWindow* open) {
  const auto batch_size = static_cast<std::size_t>(mapping_->settings.batch_size);
  if (records_.size() >= batch_size) return Found::kWhole;
  const StreamRead wanted{mapping_->stream_arn, position_, options_.lane,
                          std::min(kPageMax, batch_size - records_.size())};
  STATOR_TRY(auto page, streams_.read(wanted));
  shard_id_ = page.shard_id;
  durable_after_ = std::max(durable_after_, page.durable_after);
  for (StreamRecord& record : page.records) {
    const std::uint64_t number = record.number;
    const auto stopped = add(std::move(record), open);
    if (stopped) {
      position_ = stopped == Found::kBound ? *options_.bound : number;
      return *stopped;
    }
    position_ = number + 1;
  }
  position_ = std::max(position_, page.next);
  if (options_.bound && position_ >= *options_.bound) {
    position_ = *options_.bound;
    return Found::kBound;
  }
  if (records_.size() >= batch_size) return Found::kWhole;
  if (page.is_shard_end && !records_.empty()) return Found::kWhole;
  return page.is_caught_up ? Found::kNothing : Found::kMore;
}

std::vector<StreamRecord> Gatherer::take() {
  bytes_ = 0;
  return std::exchange(records_, {});
}

}  // namespace stator::lambda::sources
