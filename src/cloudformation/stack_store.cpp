#include "cloudformation/stack_store.hpp"

#include <algorithm>
#include <charconv>

#include "base/ids.hpp"
#include "base/time_format.hpp"
#include "cloudformation/errors.hpp"
#include "storage/key.hpp"

namespace stator::cloudformation {
namespace {

using storage::Family;
using storage::path_key;

constexpr std::string_view kService = "cloudformation";

std::string stack_key(std::string_view account, std::string_view region, std::string_view uuid) {
  return path_key({account, region, kService, "stack", uuid});
}
std::string stack_key(const StackRecord& record) {
  return stack_key(record.identity.account, record.identity.region, record.uuid);
}
std::string name_key(std::string_view account, std::string_view region, std::string_view name) {
  return path_key({account, region, kService, "name", name});
}

/// Digits of one length, so that keys stand in the order of events.
std::string event_key(const StackRecord& record, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return path_key({record.identity.account, record.identity.region, kService, "event", record.uuid,
                   std::string(20 - digits.size(), '0') + digits});
}

/// The UUID of a stack's id; "" for what is not an id.
std::string_view uuid_of(std::string_view id) {
  return id.starts_with("arn:") ? id.substr(id.rfind('/') + 1) : std::string_view();
}

/// The record is written with every event, and the name points to it while the stack lives.
void put_record(storage::Batch& batch, const StackRecord& record) {
  batch.put(Family::kMeta, stack_key(record), to_text(record));
  const StackIdentity& stack = record.identity;
  std::string name = name_key(stack.account, stack.region, stack.name);
  if (record.deleted) {
    batch.erase(Family::kMeta, std::move(name));
  } else {
    batch.put(Family::kMeta, std::move(name), record.uuid);
  }
}

json::Object make_event(const StackRecord& record, const ResourceRecord* resource,
                        const std::string& id) {
  json::Object event{{"StackId", record.identity.id},
                     {"EventId", id},
                     {"StackName", record.identity.name},
                     {"Timestamp", iso8601_ms(record.last_event)},
                     {"Number", record.event_count}};
  if (resource == nullptr) {
    event["LogicalResourceId"] = record.identity.name;
    event["PhysicalResourceId"] = record.identity.id;
    event["ResourceType"] = "AWS::CloudFormation::Stack";
    event["ResourceStatus"] = record.status;
    if (!record.reason.empty()) event["ResourceStatusReason"] = record.reason;
    return event;
  }
  event["LogicalResourceId"] = resource->logical_id;
  event["PhysicalResourceId"] = resource->existing.physical_id;
  event["ResourceType"] = resource->type;
  event["ResourceStatus"] = resource->status;
  if (!resource->reason.empty()) event["ResourceStatusReason"] = resource->reason;
  return event;
}

}  // namespace

Result<StackRecord> StackStore::load(std::string_view account, std::string_view region,
                                     std::string_view name_or_id) const {
  std::string uuid(uuid_of(name_or_id));
  if (uuid.empty()) {
    STATOR_TRY(auto found, store_.get(Family::kMeta, name_key(account, region, name_or_id)));
    if (!found) return no_such_stack(std::string(name_or_id));
    uuid = std::move(*found);
  }
  STATOR_TRY(const auto text, store_.get(Family::kMeta, stack_key(account, region, uuid)));
  if (!text) return no_such_stack(std::string(name_or_id));
  return read_stack_record(*text);
}

Result<std::vector<StackRecord>> StackStore::list(std::string_view account,
                                                  std::string_view region) const {
  const bool is_all = account.empty() && region.empty();
  const std::string prefix = is_all ? "" : path_key({account, region, kService, "stack"});
  const auto it = store_.iterate(Family::kMeta, storage::prefix_range(prefix));
  std::vector<StackRecord> records;
  for (it->seek_first(); it->valid(); it->next()) {
    if (is_all) {
      const auto parts = storage::split_path_key(it->key());
      if (!parts || parts->size() != 5 || (*parts)[2] != kService || (*parts)[3] != "stack") {
        continue;
      }
    }
    STATOR_TRY(StackRecord record, read_stack_record(it->value()));
    records.push_back(std::move(record));
  }
  STATOR_TRY_VOID(it->status());
  return records;
}

Result<void> StackStore::save(const StackRecord& record) {
  storage::Batch batch;
  put_record(batch, record);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<void> StackStore::save_with_event(StackRecord& record, const ResourceRecord* resource) {
  // sam skips an event that is not later than the newest it has seen, so no two share a time.
  record.last_event = std::max(clock_.wall(), record.last_event + std::chrono::milliseconds(1));
  ++record.event_count;
  std::string id = uuid4(random_);
  if (resource != nullptr) id = resource->logical_id + "-" + resource->status + "-" + id;
  storage::Batch batch;
  batch.put(Family::kMeta, event_key(record, record.event_count),
            json::dump(make_event(record, resource, id)));
  if (record.event_count > kEventsMax) {
    batch.erase(Family::kMeta, event_key(record, record.event_count - kEventsMax));
  }
  put_record(batch, record);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<void> StackStore::erase(const StackRecord& record) {
  const StackIdentity& stack = record.identity;
  storage::Batch batch;
  const auto events = storage::prefix_range(
      path_key({stack.account, stack.region, kService, "event", record.uuid}));
  batch.erase_range(Family::kMeta, events.begin, events.end);
  batch.erase(Family::kMeta, stack_key(record));
  batch.erase(Family::kMeta, name_key(stack.account, stack.region, stack.name));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<json::Array> StackStore::events(const StackRecord& record, EventQuery query) const {
  const StackIdentity& stack = record.identity;
  const auto it = store_.iterate(
      Family::kMeta, storage::prefix_range(
                         path_key({stack.account, stack.region, kService, "event", record.uuid})));
  json::Array events;
  if (query.before == UINT64_MAX) {
    it->seek_last();
  } else if (query.before > 0) {
    it->seek_before(event_key(record, query.before - 1));
  }
  for (; it->valid() && events.size() < query.count_max; it->previous()) {
    STATOR_TRY(json::Object event, json::parse_object(it->value()));
    events.push_back(std::move(event));
  }
  STATOR_TRY_VOID(it->status());
  return events;
}

}  // namespace stator::cloudformation
