#include "cloudformation/change_set_store.hpp"

#include "cloudformation/errors.hpp"
#include "storage/key.hpp"

namespace stator::cloudformation {
namespace {

using storage::Family;
using storage::path_key;

constexpr std::string_view kService = "cloudformation";
constexpr std::string_view kKind = "changeset";

std::string set_key(const StackIdentity& stack, std::string_view stack_uuid,
                    std::string_view name) {
  return path_key({stack.account, stack.region, kService, kKind, stack_uuid, name});
}
std::string set_key(const ChangeSet& set) {
  return set_key(set.stack, set.stack_uuid, set.name);
}

/// "NAME" of "arn:…:changeSet/NAME/UUID"; what is not an id is a name.
std::string_view name_in(std::string_view name_or_id) {
  if (!name_or_id.starts_with("arn:")) return name_or_id;
  const auto last = name_or_id.rfind('/');
  if (last == std::string_view::npos) return {};
  const auto first = name_or_id.rfind('/', last - 1);
  return first == std::string_view::npos ? std::string_view()
                                         : name_or_id.substr(first + 1, last - first - 1);
}

}  // namespace

storage::Range change_set_range(const StackIdentity& stack, std::string_view uuid) {
  return storage::prefix_range(path_key({stack.account, stack.region, kService, kKind, uuid}));
}

Result<void> ChangeSetStore::add(const ChangeSet& set, std::string_view executed) {
  const std::lock_guard lock(mutex_);
  const auto range = change_set_range(set.stack, set.stack_uuid);
  const auto it = store_.iterate(Family::kMeta, range);
  const std::string key = set_key(set);
  std::size_t count = 0;
  for (it->seek_first(); it->valid(); it->next()) {
    if (it->key() == key) {
      STATOR_TRY(const ChangeSet other, read_change_set(it->value()));
      if (other.is_failed() || other.id == executed) continue;
      return Error{ErrorCode::kInvalid, "ChangeSet " + set.name + " already exists",
                   "AlreadyExistsException"};
    }
    ++count;
  }
  STATOR_TRY_VOID(it->status());
  if (count >= kChangeSetsMax) {
    return Error{ErrorCode::kInvalid,
                 "ChangeSet limit exceeded for stack " + set.stack.name + ": " +
                     std::to_string(kChangeSetsMax),
                 "LimitExceededException"};
  }
  storage::Batch batch;
  batch.put(Family::kMeta, key, to_text(set));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<ChangeSet> ChangeSetStore::load(const StackRecord& stack,
                                       std::string_view name_or_id) const {
  STATOR_TRY(const auto text,
             store_.get(Family::kMeta, set_key(stack.identity, stack.uuid, name_in(name_or_id))));
  if (!text) return no_such_change_set(std::string(name_or_id));
  STATOR_TRY(ChangeSet set, read_change_set(*text));
  if (name_or_id.starts_with("arn:") && set.id != name_or_id) {
    return no_such_change_set(std::string(name_or_id));
  }
  return set;
}

Result<ChangeSet> ChangeSetStore::find(std::string_view account, std::string_view region,
                                       std::string_view id) const {
  const std::string_view name = name_in(id);
  const auto it = store_.iterate(
      Family::kMeta, storage::prefix_range(path_key({account, region, kService, kKind})));
  for (it->seek_first(); it->valid(); it->next()) {
    const auto parts = storage::split_path_key(it->key());
    if (!parts || parts->size() != 6 || parts->back() != name) continue;
    STATOR_TRY(ChangeSet set, read_change_set(it->value()));
    if (set.id == id) return set;
  }
  STATOR_TRY_VOID(it->status());
  return no_such_change_set(std::string(id));
}

Result<std::vector<ChangeSet>> ChangeSetStore::list(const StackRecord& stack) const {
  const auto it = store_.iterate(Family::kMeta, change_set_range(stack.identity, stack.uuid));
  std::vector<ChangeSet> sets;
  for (it->seek_first(); it->valid(); it->next()) {
    STATOR_TRY(ChangeSet set, read_change_set(it->value()));
    sets.push_back(std::move(set));
  }
  STATOR_TRY_VOID(it->status());
  return sets;
}

Result<void> ChangeSetStore::erase(const ChangeSet& set) {
  const std::lock_guard lock(mutex_);
  storage::Batch batch;
  batch.erase(Family::kMeta, set_key(set));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

Result<void> ChangeSetStore::erase_others(const ChangeSet& kept) {
  const std::lock_guard lock(mutex_);
  const auto it = store_.iterate(Family::kMeta, change_set_range(kept.stack, kept.stack_uuid));
  const std::string key = set_key(kept);
  storage::Batch batch;
  for (it->seek_first(); it->valid(); it->next()) {
    if (it->key() != key) batch.erase(Family::kMeta, std::string(it->key()));
  }
  STATOR_TRY_VOID(it->status());
  if (batch.empty()) return {};
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return {};
}

}  // namespace stator::cloudformation
