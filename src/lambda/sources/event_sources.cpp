#include "lambda/sources/event_sources.hpp"

#include <array>
#include <mutex>
#include <utility>

#include "lambda/errors.hpp"

namespace stator::lambda::sources {
namespace {

/// What the role of a function must be able to do with its stream:
/// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
constexpr std::array<const char*, 4> kStreamActions{
    "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream",
    "dynamodb:ListStreams"};

Error no_access(const std::string& stream_arn) {
  return invalid_parameter("Cannot access stream " + stream_arn +
                           ". Please ensure the role can perform the GetRecords, "
                           "GetShardIterator, DescribeStream, ListStreams Actions on your stream "
                           "in IAM.");
}

}  // namespace

EventSources::EventSources(EventSourcesParts parts)
    : parts_(parts),
      mappings_(std::make_unique<Mappings>(parts.store)),
      destinations_({parts.functions, parts.rights, parts.objects, parts.clock, parts.random}) {
  lane_parts_ = std::make_shared<const LaneParts>(
      LaneParts{parts.streams, *mappings_, parts.store, parts.scheduler, parts.clock, parts.random,
                parts.logger,
                [&workers = parts.workers](std::function<void()> task) {
                  return workers.post(std::move(task));
                },
                [&functions = parts.functions](Invocation invocation, InvokeDone done) {
                  functions.invoke(std::move(invocation), std::move(done));
                },
                [this](const Mapping& mapping) { return check_before_reading(mapping); },
                [this](const Mapping& mapping, Failure failure, Delivered done) {
                  deliver(mapping, std::move(failure), std::move(done));
                }});
  parts.streams.listen([this](std::uint64_t stream_id) { ring(stream_id); });
}

EventSources::~EventSources() {
  stop();
  // Turns that are queued must not find this gone.
  parts_.workers.stop();
}

void EventSources::start() {
  {
    const std::unique_lock lock(mutex_);
    is_running_ = true;
  }
  for (const auto& mapping : mappings_->all()) consume(*mapping);
}

void EventSources::stop() {
  std::map<std::string, Working, std::less<>> ending;
  {
    const std::unique_lock lock(mutex_);
    is_running_ = false;
    ending.swap(working_);
  }
  for (const auto& [uuid, working] : ending) working.consumer->apply(nullptr);
}

void EventSources::consume(const Mapping& mapping) {
  const auto stream = parts_.streams.describe(mapping.stream_arn);
  const std::lock_guard controlling(control_);
  const auto current = mappings_->find(mapping.account, mapping.region, mapping.uuid);
  std::shared_ptr<Consumer> consumer;
  {
    const std::unique_lock lock(mutex_);
    if (!is_running_) return;
    if (!current) {
      const auto gone = working_.find(mapping.uuid);
      if (gone == working_.end()) return;
      consumer = gone->second.consumer;
      working_.erase(gone);
    } else {
      Working& working = working_[mapping.uuid];
      if (stream) working.stream_id = stream->id;
      if (working.consumer == nullptr) working.consumer = std::make_shared<Consumer>(lane_parts_);
      consumer = working.consumer;
    }
  }
  consumer->apply(current ? *current : nullptr);
}

void EventSources::ring(std::uint64_t stream_id) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [uuid, working] : working_) {
    if (working.stream_id == stream_id) working.consumer->ring();
  }
}

Result<std::string> EventSources::role_of(const Mapping& mapping) const {
  STATOR_TRY(const auto reference,
             parse_function_name(mapping.account, mapping.region, mapping.settings.function_arn));
  const auto record = parts_.functions.resolve(reference);
  if (record == nullptr) return function_missing(mapping.settings.function_arn);
  return record->role;
}

Result<void> EventSources::check_before_reading(const Mapping& mapping) const {
  STATOR_TRY(const auto role, role_of(mapping));
  return parts_.rights.check(role, kStreamActions[0], mapping.stream_arn);
}

Result<void> EventSources::check_references(const Mapping& mapping) const {
  STATOR_TRY(const auto role, role_of(mapping));
  const auto stream = parts_.streams.describe(mapping.stream_arn);
  if (!stream && stream.error().code != ErrorCode::kNotFound) return stream.error();
  if (!stream) return invalid_parameter("Stream not found: " + mapping.stream_arn);
  for (const char* action : kStreamActions) {
    const auto right = parts_.rights.check(role, action, mapping.stream_arn);
    if (!right && right.error().code != ErrorCode::kAccessDenied) return right.error();
    if (!right) return no_access(mapping.stream_arn);
  }
  STATOR_TRY_VOID(Destinations::check_arn(mapping));
  return destinations_.check_role(mapping, role);
}

void EventSources::deliver(const Mapping& mapping, Failure failure, Delivered done) const {
  const auto role = role_of(mapping);
  if (!role) return done(role.error());
  destinations_.deliver(mapping, *role, std::move(failure), std::move(done));
}

Result<Mappings::Ptr> EventSources::create(Mapping mapping) {
  STATOR_TRY_VOID(check_references(mapping));
  STATOR_TRY(const auto stream, parts_.streams.describe(mapping.stream_arn));
  if (!stream.is_enabled) {
    return invalid_parameter("The stream " + mapping.stream_arn + " is disabled.");
  }
  std::uint64_t start = 0;
  if (!mapping.is_from_horizon) {
    STATOR_TRY(start, parts_.streams.latest(mapping.stream_arn));
  }
  STATOR_TRY(const auto made, mappings_->create(std::move(mapping), start));
  consume(*made);
  return made;
}

Result<Mappings::Ptr> EventSources::change(const Mapping& mapping, const Mappings::Change& change) {
  const auto checked = [&](Mapping& changed) -> Result<void> {
    const MappingSettings old = changed.settings;
    STATOR_TRY_VOID(change(changed));
    if (changed.settings.function_arn == old.function_arn &&
        changed.settings.on_failure == old.on_failure) {
      return {};
    }
    return check_references(changed);
  };
  STATOR_TRY(const auto made, mappings_->change(mapping, checked));
  consume(*made);
  return made;
}

Result<Mappings::Ptr> EventSources::remove(const Mapping& mapping) {
  STATOR_TRY(const auto removed, mappings_->remove(mapping));
  consume(*removed);
  return removed;
}

MappingStatus EventSources::status(const Mapping& mapping) const {
  MappingStatus status{mapping.settings.is_enabled ? "Enabled" : "Disabled",
                       "No records processed"};
  const std::shared_lock lock(mutex_);
  const auto found = working_.find(mapping.uuid);
  if (found != working_.end()) status.processing_result = found->second.consumer->result();
  return status;
}

}  // namespace stator::lambda::sources
