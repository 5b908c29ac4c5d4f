#include "lambda/events/queue.hpp"

#include <algorithm>

#include "lambda/errors.hpp"
#include "lambda/events/retry.hpp"

namespace stator::lambda::events {
namespace {

using std::chrono::milliseconds;
using storage::Batch;
using storage::Family;

constexpr char kState = 's';
constexpr char kPayload = 'p';
/// AWS keeps no event longer; bounds what a wrong clock makes of an event's age.
constexpr std::chrono::hours kAgeMax{6};

std::string key_of(char kind, EventId id) {
  std::string key(1, kind);
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(id >> shift & 0xff));
  return key;
}

std::optional<EventId> id_of(std::string_view key) {
  if (key.size() != 9) return std::nullopt;
  EventId id = 0;
  for (const char byte : key.substr(1)) id = id << 8 | static_cast<unsigned char>(byte);
  return id;
}

void erase(Batch& batch, EventId id) {
  batch.erase(Family::kEvents, key_of(kState, id));
  batch.erase(Family::kEvents, key_of(kPayload, id));
}

Error queue_is_full() {
  return {ErrorCode::kThrottled, "Rate Exceeded.", "TooManyRequestsException",
          R"({"Reason":"CallerRateLimitExceeded"})"};
}

}  // namespace

Queue::Queue(storage::Store& store, const Clock& clock, QueueBounds bounds)
    : store_(store), clock_(clock), bounds_(bounds) {
  load();
}

void Queue::load() {
  const SteadyTime now = clock_.steady();
  const WallTime today = clock_.wall();
  const auto states = store_.iterate(
      Family::kEvents, {std::string(1, kState), std::string(1, static_cast<char>(kState + 1))});
  for (states->seek_first(); states->valid(); states->next()) {
    const auto id = id_of(states->key());
    auto state = decode_event_state(states->value());
    if (!id || !state) {
      throw ConfigError("cannot load the queued events: " +
                        (state ? "a key is damaged" : state.error().message));
    }
    const milliseconds left = std::clamp(state->due - today, milliseconds(0), kDelayMax);
    const milliseconds age =
        std::clamp(today - state->event.accepted, milliseconds(0), milliseconds(kAgeMax));
    const Item item{now - age, static_cast<std::uint64_t>(state->payload_bytes)};
    insert(state->event.function, *id, now + left, item);
    last_id_ = std::max(last_id_, *id);
  }
  const auto status = states->status();
  if (!status) throw ConfigError("cannot load the queued events: " + status.error().message);
}

void Queue::insert(const FunctionKey& function, EventId id, SteadyTime due, Item item) {
  Lane& lane = lanes_[function];
  lane.waiting.emplace(Due{due, id}, item);
  lane.payload_bytes += item.payload_bytes;
}

bool Queue::has_room(const FunctionKeyView& function, std::uint64_t payload_bytes) const {
  const auto found = lanes_.find(function);
  if (found == lanes_.end()) return true;
  return found->second.size() < bounds_.events_max &&
         found->second.payload_bytes + payload_bytes <= bounds_.payload_bytes_max;
}

EventId Queue::put(Batch& batch, const Event& event) {
  const EventId id = ++last_id_;
  const auto bytes = static_cast<std::int64_t>(event.payload.size());
  batch.put(Family::kEvents, key_of(kState, id), encode(EventState{event, event.accepted, bytes}));
  batch.put(Family::kEvents, key_of(kPayload, id), event.payload);
  return id;
}

Result<storage::Sequence> Queue::add(Event event) {
  // One writer at a time keeps a function's events in the order of their answers.
  const std::lock_guard lock(mutex_);
  if (!has_room(event.function.view(), event.payload.size())) return queue_is_full();
  Batch batch;
  const EventId id = put(batch, event);
  STATOR_TRY(const auto sequence, store_.write(std::move(batch)));
  const SteadyTime now = clock_.steady();
  insert(event.function, id, now, {now, event.payload.size()});
  return sequence;
}

Result<std::optional<Taken>> Queue::take(const LimitOf& limit_of) {
  for (;;) {
    const auto chosen = choose(limit_of);
    if (!chosen) return std::optional<Taken>();
    auto taken = read(*chosen);
    if (!taken) {
      give_back(chosen->id);
      return std::move(taken).error();
    }
    if (*taken) return taken;
    // Forgotten between the two steps; if the store has lost it, that is the end of it too.
    STATOR_TRY_VOID(finish(chosen->id, {}));
  }
}

std::optional<Queue::Chosen> Queue::choose(const LimitOf& limit_of) {
  const std::lock_guard lock(mutex_);
  if (lanes_.empty()) return std::nullopt;
  const SteadyTime now = clock_.steady();
  const auto first = lanes_.upper_bound(served_last_.view());
  for (auto lane = first; lane != lanes_.end(); ++lane) {
    if (auto chosen = choose_from(lane, limit_of, now)) return chosen;
  }
  for (auto lane = lanes_.begin(); lane != first; ++lane) {
    if (auto chosen = choose_from(lane, limit_of, now)) return chosen;
  }
  return std::nullopt;
}

std::optional<Queue::Chosen> Queue::choose_from(Lanes::iterator at, const LimitOf& limit_of,
                                                SteadyTime now) {
  Lane& lane = at->second;
  if (lane.waiting.empty() || lane.paused_until > now) return std::nullopt;
  const auto next = lane.waiting.begin();
  if (next->first.first > now || lane.taken >= limit_of(at->first.view())) return std::nullopt;
  const auto [due, id] = next->first;
  const Item item = next->second;
  lane.waiting.erase(next);
  ++lane.taken;
  leases_.emplace(id, Lease{at, due, item});
  served_last_ = at->first;
  return Chosen{id, item.accepted};
}

Result<std::optional<Taken>> Queue::read(const Chosen& chosen) const {
  STATOR_TRY(const auto text, store_.get(Family::kEvents, key_of(kState, chosen.id)));
  STATOR_TRY(auto payload, store_.get(Family::kEvents, key_of(kPayload, chosen.id)));
  if (!text || !payload) return std::optional<Taken>();
  STATOR_TRY(auto state, decode_event_state(*text));
  state.event.payload = std::move(*payload);
  return std::optional(Taken{chosen.id, std::move(state.event), chosen.accepted});
}

void Queue::release(std::map<EventId, Lease>::iterator lease) {
  const auto lane = lease->second.lane;
  --lane->second.taken;
  lane->second.payload_bytes -= lease->second.item.payload_bytes;
  leases_.erase(lease);
  if (lane->second.size() == 0) lanes_.erase(lane);
}

Result<std::size_t> Queue::finish(EventId id, std::vector<Event> followers) {
  const std::lock_guard lock(mutex_);
  const auto lease = leases_.find(id);
  if (lease == leases_.end()) return std::size_t{0};
  Batch batch;
  erase(batch, id);
  std::vector<std::pair<EventId, const Event*>> added;
  for (const Event& follower : followers) {
    if (!has_room(follower.function.view(), follower.payload.size())) continue;
    added.emplace_back(put(batch, follower), &follower);
  }
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  release(lease);
  const SteadyTime now = clock_.steady();
  for (const auto& [added_id, event] : added) {
    insert(event->function, added_id, now, {now, event->payload.size()});
  }
  return followers.size() - added.size();
}

Result<void> Queue::postpone(EventId id, const Event& progress, milliseconds delay) {
  const std::lock_guard lock(mutex_);
  const auto lease = leases_.find(id);
  if (lease == leases_.end()) return {};
  const Item item = lease->second.item;
  const auto bytes = static_cast<std::int64_t>(item.payload_bytes);
  Batch batch;
  batch.put(Family::kEvents, key_of(kState, id),
            encode(EventState{progress, clock_.wall() + delay, bytes}));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  Lane& lane = lease->second.lane->second;
  --lane.taken;
  lane.waiting.emplace(Due{clock_.steady() + delay, id}, item);
  leases_.erase(lease);
  return {};
}

void Queue::give_back(EventId id) {
  const std::lock_guard lock(mutex_);
  const auto lease = leases_.find(id);
  if (lease == leases_.end()) return;
  Lane& lane = lease->second.lane->second;
  --lane.taken;
  lane.waiting.emplace(Due{lease->second.due, id}, lease->second.item);
  leases_.erase(lease);
}

void Queue::pause(const FunctionKeyView& function, milliseconds duration) {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(function);
  if (found != lanes_.end()) found->second.paused_until = clock_.steady() + duration;
}

Result<void> Queue::forget(const FunctionKeyView& function) {
  const std::lock_guard lock(mutex_);
  const auto lane = lanes_.find(function);
  if (lane == lanes_.end()) return {};
  Batch batch;
  for (const auto& [due, item] : lane->second.waiting) erase(batch, due.second);
  for (const auto& [id, lease] : leases_) {
    if (lease.lane == lane) erase(batch, id);
  }
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  std::erase_if(leases_, [lane](const auto& entry) { return entry.second.lane == lane; });
  lanes_.erase(lane);
  return {};
}

std::optional<milliseconds> Queue::next_due() const {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady();
  std::optional<SteadyTime> first;
  for (const auto& [function, lane] : lanes_) {
    if (lane.waiting.empty()) continue;
    const SteadyTime due = std::max(lane.waiting.begin()->first.first, lane.paused_until);
    if (due > now && (!first || due < *first)) first = due;
  }
  if (!first) return std::nullopt;
  return std::chrono::ceil<milliseconds>(*first - now);
}

std::size_t Queue::taken() const {
  const std::lock_guard lock(mutex_);
  return leases_.size();
}

std::size_t Queue::size() const {
  const std::lock_guard lock(mutex_);
  std::size_t events = 0;
  for (const auto& [function, lane] : lanes_) events += lane.size();
  return events;
}

}  // namespace stator::lambda::events
