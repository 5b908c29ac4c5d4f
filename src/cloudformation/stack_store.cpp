#include "cloudformation/stack_store.hpp"

#include <algorithm>
#include <charconv>

#include "base/ids.hpp"
#include "base/time_format.hpp"
#include "cloudformation/change_set_store.hpp"
#include "cloudformation/drift.hpp"
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

/// Where a stack's numbered parts of a kind are kept.
std::string parts_key(const StackRecord& record, std::string_view kind) {
  return path_key({record.identity.account, record.identity.region, kService, kind, record.uuid});
}

/// Digits of one length, so that keys stand in the order of numbers.
std::string part_key(const StackRecord& record, std::string_view kind, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return path_key({record.identity.account, record.identity.region, kService, kind, record.uuid,
                   std::string(20 - digits.size(), '0') + digits});
}

constexpr std::string_view kEvent = "event", kResource = "resource";
/// A baseline is a stack record and its resources once more.
constexpr std::string_view kBaseline = "baseline", kBaselineResource = "baseline-resource";

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
    const auto sets = change_set_range(stack, record.uuid);
    batch.erase_range(Family::kMeta, sets.begin, sets.end);
    batch.erase(Family::kMeta, drift_key(stack, record.uuid));
  } else {
    batch.put(Family::kMeta, std::move(name), record.uuid);
  }
}

void put_resources(storage::Batch& batch, const StackRecord& record, std::string_view kind) {
  const auto all = storage::prefix_range(parts_key(record, kind));
  batch.erase_range(Family::kMeta, all.begin, all.end);
  for (const ResourceRecord& resource : record.resources) {
    batch.put(Family::kMeta, part_key(record, kind, resource.number), to_text(resource, false));
  }
  for (const ResourceRecord& resource : record.leftovers) {
    batch.put(Family::kMeta, part_key(record, kind, resource.number), to_text(resource, true));
  }
}

bool is_leftover(const StackRecord& record, const ResourceRecord& resource) {
  return std::any_of(record.leftovers.begin(), record.leftovers.end(),
                     [&](const auto& left) { return left.number == resource.number; });
}

void put_resource(storage::Batch& batch, const StackRecord& record,
                  const ResourceRecord& resource) {
  batch.put(Family::kMeta, part_key(record, kResource, resource.number),
            to_text(resource, is_leftover(record, resource)));
}

json::Object make_event(const StackRecord& record, const ResourceRecord* resource,
                        const std::string& id) {
  json::Object event{{"StackId", record.identity.id},
                     {"EventId", id},
                     {"StackName", record.identity.name},
                     {"Timestamp", iso8601_ms(record.last_event)},
                     {"Number", record.event_count}};
  if (const auto at = record.client_token.find(':'); at != std::string::npos) {
    event["ClientRequestToken"] = record.client_token.substr(at + 1);
  }
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
  // One moment, so that the resources are those of the record.
  const auto at = store_.snapshot();
  STATOR_TRY(const auto text,
             store_.get(Family::kMeta, stack_key(account, region, uuid), at.get()));
  if (!text) return no_such_stack(std::string(name_or_id));
  STATOR_TRY(StackRecord record, read_stack_record(*text));
  STATOR_TRY_VOID(read_resources(kResource, record, *at));
  return record;
}

Result<void> StackStore::read_resources(std::string_view kind, StackRecord& record,
                                        const storage::Snapshot& at) const {
  const auto it =
      store_.iterate(Family::kMeta, storage::prefix_range(parts_key(record, kind)), &at);
  for (it->seek_first(); it->valid(); it->next()) {
    STATOR_TRY_VOID(read_resource_into(record, it->value()));
  }
  return it->status();
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
  put_resources(batch, record, kResource);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<void> StackStore::save_one(const StackRecord& record, const ResourceRecord& resource) {
  storage::Batch batch;
  put_record(batch, record);
  put_resource(batch, record, resource);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<void> StackStore::save_with_event(StackRecord& record, const ResourceRecord* resource) {
  storage::Batch batch;
  add_event(batch, record, resource);
  if (resource != nullptr) put_resource(batch, record, *resource);
  put_record(batch, record);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<void> StackStore::save_all_with_event(StackRecord& record) {
  storage::Batch batch;
  add_event(batch, record, nullptr);
  put_record(batch, record);
  put_resources(batch, record, kResource);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

void StackStore::add_event(storage::Batch& batch, StackRecord& record,
                           const ResourceRecord* resource) {
  // sam skips an event that is not later than the newest it has seen, so no two share a time.
  record.last_event = std::max(clock_.wall(), record.last_event + std::chrono::milliseconds(1));
  ++record.event_count;
  std::string id = uuid4(random_);
  if (resource != nullptr) id = resource->logical_id + "-" + resource->status + "-" + id;
  batch.put(Family::kMeta, part_key(record, kEvent, record.event_count),
            json::dump(make_event(record, resource, id)));
  if (record.event_count > kEventsMax) {
    batch.erase(Family::kMeta, part_key(record, kEvent, record.event_count - kEventsMax));
  }
}

Result<void> StackStore::erase(const StackRecord& record) {
  const StackIdentity& stack = record.identity;
  storage::Batch batch;
  for (const std::string_view kind : {kEvent, kResource}) {
    const auto parts = storage::prefix_range(parts_key(record, kind));
    batch.erase_range(Family::kMeta, parts.begin, parts.end);
  }
  batch.erase(Family::kMeta, stack_key(record));
  batch.erase(Family::kMeta, name_key(stack.account, stack.region, stack.name));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<void> StackStore::keep_baseline(const StackRecord& before) {
  storage::Batch batch;
  batch.put(Family::kMeta, parts_key(before, kBaseline), to_text(before));
  put_resources(batch, before, kBaselineResource);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<StackRecord> StackStore::baseline(const StackRecord& record) const {
  const auto at = store_.snapshot();
  STATOR_TRY(const auto text, store_.get(Family::kMeta, parts_key(record, kBaseline), at.get()));
  if (!text) return internal("the stack " + record.identity.id + " has no state to go back to");
  STATOR_TRY(StackRecord before, read_stack_record(*text));
  STATOR_TRY_VOID(read_resources(kBaselineResource, before, *at));
  return before;
}

Result<void> StackStore::drop_baseline(const StackRecord& record) {
  storage::Batch batch;
  const auto resources = storage::prefix_range(parts_key(record, kBaselineResource));
  batch.erase_range(Family::kMeta, resources.begin, resources.end);
  batch.erase(Family::kMeta, parts_key(record, kBaseline));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<json::Array> StackStore::events(const StackRecord& record, EventQuery query) const {
  const auto it = store_.iterate(Family::kMeta, storage::prefix_range(parts_key(record, kEvent)));
  json::Array events;
  if (query.before == UINT64_MAX) {
    it->seek_last();
  } else if (query.before > 0) {
    it->seek_before(part_key(record, kEvent, query.before - 1));
  }
  for (; it->valid() && events.size() < query.count_max; it->previous()) {
    STATOR_TRY(json::Object event, json::parse_object(it->value()));
    events.push_back(std::move(event));
  }
  STATOR_TRY_VOID(it->status());
  return events;
}

}  // namespace stator::cloudformation
