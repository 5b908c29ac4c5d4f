#include "cloudformation/ledger.hpp"

#include "base/check.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation {

StackRecord Ledger::record() const {
  const std::lock_guard lock(mutex_);
  return record_;
}

ResourceRecord& Ledger::at(std::uint64_t number) {
  for (auto* list : {&record_.resources, &record_.leftovers}) {
    for (ResourceRecord& resource : *list) {
      if (resource.number == number) return resource;
    }
  }
  STATOR_CHECK(!"a resource of this number");
  return record_.resources.front();
}

ResourceRecord Ledger::resource(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  return const_cast<Ledger*>(this)->at(number);
}

std::optional<ResourceRecord> Ledger::find(std::string_view logical_id) const {
  const std::lock_guard lock(mutex_);
  const ResourceRecord* found = record_.find(logical_id);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

Result<json::Value> Ledger::look_up(std::string_view id, std::string_view attribute) const {
  const std::lock_guard lock(mutex_);
  const ResourceRecord* resource = record_.find(id);
  if (resource == nullptr || !resource->is_made) {
    return validation_error("Template error: resource " + std::string(id) + " does not exist");
  }
  if (attribute.empty()) return json::Value(resource->existing.physical_id);
  if (const json::Value* value = json::find(resource->existing.attributes, attribute)) {
    return *value;
  }
  return validation_error("Template error: resource " + std::string(id) +
                          " does not support attribute type " + std::string(attribute) +
                          " in Fn::GetAtt");
}

Result<void> Ledger::set_status(std::string status, std::string reason, const Edit& edit) {
  const std::lock_guard lock(mutex_);
  record_.status = std::move(status);
  record_.reason = std::move(reason);
  if (!edit) return stacks_.save_with_event(record_);
  edit(record_);
  return stacks_.save_all_with_event(record_);
}

Result<bool> Ledger::commit(std::string status, const Edit& edit) {
  const std::lock_guard lock(mutex_);
  if (halt_ != Halt::kNone) return false;
  is_committed_ = true;
  record_.status = std::move(status);
  record_.reason.clear();
  edit(record_);
  STATOR_TRY_VOID(stacks_.save_all_with_event(record_));
  return true;
}

Result<bool> Ledger::turn_back(std::string status, std::string reason, const Edit& edit) {
  const std::lock_guard lock(mutex_);
  if (halt_ == Halt::kDeletion) return false;
  is_committed_ = true;
  record_.status = std::move(status);
  record_.reason = std::move(reason);
  if (edit) edit(record_);
  STATOR_TRY_VOID(stacks_.save_all_with_event(record_));
  return true;
}

Result<std::uint64_t> Ledger::add(ResourceRecord fresh) {
  const std::lock_guard lock(mutex_);
  ResourceRecord* in_way = record_.find(fresh.logical_id);
  const bool is_in_way = in_way != nullptr && !in_way->is_made;
  if (is_in_way) {
    // Whether one that a crash cut off was made is the cleanup's to find out.
    if (!in_way->chosen_name.empty()) record_.leftovers.push_back(*in_way);
    record_.resources.erase(record_.resources.begin() + (in_way - record_.resources.data()));
  }
  fresh.number = ++record_.resource_count;
  fresh.changed = clock_.wall();
  record_.resources.push_back(std::move(fresh));
  ResourceRecord& resource = record_.resources.back();
  if (is_in_way) STATOR_TRY_VOID(stacks_.save(record_));
  STATOR_TRY_VOID(stacks_.save_with_event(record_, &resource));
  return resource.number;
}

Result<void> Ledger::note(std::uint64_t number, std::string status, std::string reason,
                          const ResourceEdit& edit) {
  const std::lock_guard lock(mutex_);
  ResourceRecord& resource = at(number);
  resource.status = std::move(status);
  resource.reason = std::move(reason);
  resource.changed = clock_.wall();
  if (edit) edit(resource);
  return stacks_.save_with_event(record_, &resource);
}

Result<void> Ledger::edit(std::uint64_t number, const ResourceEdit& edit) {
  const std::lock_guard lock(mutex_);
  ResourceRecord& resource = at(number);
  edit(resource);
  return stacks_.save_one(record_, resource);
}

Result<void> Ledger::edit_all(const Edit& edit) {
  const std::lock_guard lock(mutex_);
  edit(record_);
  return stacks_.save(record_);
}

Result<bool> Ledger::halt(Halt why) {
  const std::lock_guard lock(mutex_);
  if (is_committed_) return false;
  if (why == Halt::kDeletion) {
    if (record_.status != "CREATE_IN_PROGRESS") return false;
    halt_ = why;
    record_.status = "DELETE_IN_PROGRESS";
    record_.reason = "User Initiated";
    STATOR_TRY_VOID(stacks_.save_with_event(record_));
    return true;
  }
  if (halt_ != Halt::kNone) return false;
  halt_ = why;
  return true;
}

}  // namespace stator::cloudformation
