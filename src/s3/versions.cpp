#include <algorithm>

#include "base/bytes.hpp"
#include "crypto/crypto.hpp"
#include "s3/errors.hpp"
#include "s3/objects_impl.hpp"
#include "storage/key.hpp"

/// Which version of a key is current, and what becomes of the others.
///
/// The current version has the object's record, unless it is a delete marker; all others have a
/// version's record, the newest first. So reading and listing need not know of versions.
namespace stator::s3 {

using storage::Family;

namespace {

Error precondition_failed(std::string_view condition) {
  return s3_error(
      ErrorCode::kPrecondition, "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold: " + std::string(condition));
}

Result<void> check(const WriteConditions& conditions, const std::optional<ObjectInfo>& current) {
  if (conditions.is_new && current) return precondition_failed("If-None-Match");
  if (conditions.etag.empty()) return {};
  if (!current) return no_such_key();
  if (conditions.etag != current->etag) return precondition_failed("If-Match");
  return {};
}

/// Thirty-two characters that no other version of the key has: their order is in them.
std::string make_version_id(const ObjectName& name, const ObjectInfo& info) {
  const auto hash = crypto::sha256(name.account + "\n" + name.bucket + "\n" + name.key + "\n" +
                                   std::to_string(info.order) + "\n" + info.etag);
  return base64url_encode(std::string_view(hash).substr(0, 24));
}

}  // namespace

std::string shown_version(const ObjectInfo& object) {
  return object.version_id.empty() ? "null" : object.version_id;
}

Result<std::optional<ObjectInfo>> Objects::Impl::current(const ObjectName& name) const {
  STATOR_TRY(const auto record, store.get(Family::kMeta, object_key(name)));
  if (!record) return std::optional<ObjectInfo>();
  STATOR_TRY(auto info, parse_object(name.key, *record));
  return std::optional<ObjectInfo>(std::move(info));
}

Result<std::optional<ObjectInfo>> Objects::Impl::find_other(
    const ObjectName& name, const std::function<bool(const ObjectInfo&)>& is_wanted) const {
  const auto records = store.iterate(Family::kMeta, storage::prefix_range(versions_prefix(name)));
  for (records->seek_first(); records->valid(); records->next()) {
    STATOR_TRY(auto info, parse_object(name.key, records->value()));
    if (is_wanted(info)) return std::optional<ObjectInfo>(std::move(info));
  }
  STATOR_TRY_VOID(records->status());
  return std::optional<ObjectInfo>();
}

Result<void> Objects::Impl::write_current(const ObjectName& name, ObjectInfo& info,
                                          const WriteConditions& conditions, Change change) {
  STATOR_TRY(const auto in, bucket(name.account, name.bucket));
  STATOR_TRY(const auto replaced, current(name));
  STATOR_TRY_VOID(check(conditions, replaced));
  STATOR_TRY_VOID(make_room(in, name, info, change));
  change.batch.put(Family::kMeta, object_key(name), dump(info));
  hold(change, name, holder_of(info), info.blobs);
  return commit(std::move(change));
}

/// Gives `next` its order and version, and moves or drops what was current.
Result<void> Objects::Impl::make_room(const Bucket& bucket, const ObjectName& name,
                                      ObjectInfo& next, Change& change) const {
  STATOR_TRY(auto old, current(name));
  if (bucket.versioning.empty()) {
    if (old) release(change, name, holder_of(*old), old->blobs);
    return {};
  }
  STATOR_TRY(auto newest_other, find_other(name, [](const ObjectInfo&) { return true; }));
  const auto newest = std::max(old ? old->order : 0, newest_other ? newest_other->order : 0);
  const auto now_ms = epoch_ms(next.last_modified);
  next.order = std::max(now_ms, newest + 1);
  if (bucket.versioning == "Enabled") {
    next.version_id = make_version_id(name, next);
  } else {
    // What has no version's id is replaced, wherever it stands.
    STATOR_TRY(const auto null_one,
               find_other(name, [](const ObjectInfo& one) { return one.version_id.empty(); }));
    if (null_one) {
      change.batch.erase(Family::kMeta, version_key(name, null_one->order));
      release(change, name, "", null_one->blobs);
    }
  }
  if (!old && newest_other) {
    // The delete marker in front is one of the others from now on.
    newest_other->noncurrent_since_ms = now_ms;
    const bool is_replaced = newest_other->version_id.empty() && next.version_id.empty();
    if (!is_replaced) {
      change.batch.put(Family::kMeta, version_key(name, newest_other->order), dump(*newest_other));
    }
  }
  if (!old) return {};
  change.batch.erase(Family::kMeta, object_key(name));
  if (old->version_id.empty() && next.version_id.empty()) {
    release(change, name, "", old->blobs);
    return {};
  }
  old->noncurrent_since_ms = now_ms;
  change.batch.put(Family::kMeta, version_key(name, old->order), dump(*old));
  return {};
}

Result<Removed> Objects::Impl::remove_current(const Bucket& bucket, const ObjectName& name,
                                              WallTime now) {
  Change change;
  ObjectInfo marker;
  marker.key = name.key;
  marker.last_modified = now;
  marker.is_delete_marker = true;
  STATOR_TRY_VOID(make_room(bucket, name, marker, change));
  change.batch.erase(Family::kMeta, object_key(name));
  Removed removed;
  if (!bucket.versioning.empty()) {
    change.batch.put(Family::kMeta, version_key(name, marker.order), dump(marker));
    removed = {shown_version(marker), true};
  }
  STATOR_TRY_VOID(commit(std::move(change)));
  return removed;
}

Result<Removed> Objects::Impl::remove_version(const ObjectName& name, std::string_view version) {
  Removed removed{std::string(version)};
  STATOR_TRY(const auto now_current, current(name));
  const bool is_current = now_current && shown_version(*now_current) == version;
  const auto has_id = [version](const ObjectInfo& one) { return shown_version(one) == version; };
  std::optional<ObjectInfo> gone = now_current;
  if (!is_current) {
    STATOR_TRY(gone, find_other(name, has_id));
  }
  if (!gone) return removed;
  removed.is_delete_marker = gone->is_delete_marker;
  Change change;
  change.batch.erase(Family::kMeta, is_current ? object_key(name) : version_key(name, gone->order));
  release(change, name, holder_of(*gone), gone->blobs);
  STATOR_TRY(auto next, find_other(name, [&](const ObjectInfo& one) { return !has_id(one); }));
  // Without a current version the newest of the others is a delete marker: it is this one, or it
  // stays in front.
  const bool is_promoted = (is_current || !now_current) && next && !next->is_delete_marker;
  if (is_promoted) {
    next->noncurrent_since_ms = 0;
    change.batch.erase(Family::kMeta, version_key(name, next->order));
    change.batch.put(Family::kMeta, object_key(name), dump(*next));
  }
  STATOR_TRY_VOID(commit(std::move(change)));
  return removed;
}

Result<Removed> Objects::remove(const ObjectName& name, WallTime now, std::string_view version) {
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY(const auto in, impl_->bucket(name.account, name.bucket));
  if (!version.empty()) return impl_->remove_version(name, version);
  return impl_->remove_current(in, name, now);
}

Result<ObjectInfo> Objects::set_tags(const ObjectName& name, std::string_view version, Tags tags) {
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY(auto changed, info(name, version));
  if (changed.is_delete_marker) return no_such_key();
  STATOR_TRY(const auto now_current, impl_->current(name));
  const bool is_current = now_current && now_current->version_id == changed.version_id;
  changed.labels.tags = std::move(tags);
  Impl::Change change;
  change.batch.put(Family::kMeta, is_current ? object_key(name) : version_key(name, changed.order),
                   dump(changed));
  STATOR_TRY_VOID(impl_->commit(std::move(change)));
  return changed;
}

}  // namespace stator::s3
