#include "s3/objects.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "base/bytes.hpp"
#include "crypto/crypto.hpp"
#include "iam/compiled.hpp"
#include "s3/errors.hpp"
#include "s3/listing.hpp"
#include "s3/names.hpp"
#include "storage/key.hpp"

namespace stator::s3 {

using storage::Batch;
using storage::Family;

constexpr std::size_t kBucketsMax = 10'000;

/// Two locks, taken in this order. `blob_mutex` is shared by those who use blobs and exclusive for
/// the one who removes them, so that none goes between an upload and its record, or between a
/// record and its reading. `record_mutex` makes reading and then changing records one step.
struct Objects::Impl {
  storage::Store& store;
  storage::BlobStore& blobs;
  WorkerPool& workers;
  mutable std::shared_mutex blob_mutex;
  std::mutex record_mutex;

  std::mutex removals_mutex;
  std::condition_variable removals_changed;
  std::size_t removals = 0;

  Result<bool> has_any(std::string_view prefix) const;
  Result<ObjectInfo> info(const ObjectName& name) const;
  Result<void> check_bucket(std::string_view account, std::string_view bucket) const;
  /// Compiled policies by account and name of their buckets, made when they are first asked for;
  /// at most one for each bucket. A change of any bucket moves `policies_generation` on, so that
  /// nothing read before it is kept after it.
  mutable std::shared_mutex policies_mutex;
  using PolicyPtr = std::shared_ptr<const aws::ResourcePolicy>;
  mutable std::map<std::pair<std::string, std::string>, PolicyPtr, std::less<>> policies;
  mutable std::uint64_t policies_generation = 0;
  void forget_policy(std::string_view account, std::string_view name);

  Result<void> write(Batch batch);
  Result<void> write_record(const ObjectName& name, const ObjectInfo& info);
  void release_reference(Batch& batch, const ObjectName& name, const ObjectInfo& old);
  void remove_later(const std::string& sha256);
  void remove_if_unused(const std::string& sha256);
  void remove_leftovers();
  void end_removal();
};

Objects::Objects(storage::Store& store, storage::BlobStore& blobs, WorkerPool& workers)
    : impl_(new Impl{store, blobs, workers}) {
  impl_->remove_leftovers();
}

Objects::~Objects() {
  std::unique_lock lock(impl_->removals_mutex);
  impl_->removals_changed.wait(lock, [this] { return impl_->removals == 0; });
}

WorkerPool& Objects::workers() const {
  return impl_->workers;
}

Result<bool> Objects::Impl::has_any(std::string_view prefix) const {
  const auto found = store.iterate(Family::kMeta, storage::prefix_range(prefix));
  found->seek_first();
  STATOR_TRY_VOID(found->status());
  return found->valid();
}

Result<ObjectInfo> Objects::Impl::info(const ObjectName& name) const {
  STATOR_TRY(const auto record, store.get(Family::kMeta, object_key(name)));
  if (!record) {
    STATOR_TRY_VOID(check_bucket(name.account, name.bucket));
    return no_such_key();
  }
  return parse_object(name.key, *record);
}

Result<void> Objects::Impl::check_bucket(std::string_view account, std::string_view bucket) const {
  STATOR_TRY(const auto record, store.get(Family::kMeta, bucket_key(account, bucket)));
  if (!record) return no_such_bucket();
  return {};
}

Result<void> Objects::Impl::write(Batch batch) {
  STATOR_TRY([[maybe_unused]] const auto sequence, store.write(std::move(batch)));
  return {};
}

Result<bool> Objects::create_bucket(std::string_view account, const Bucket& bucket) {
  STATOR_TRY_VOID(check_bucket_name(bucket.name));
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY(const auto all, buckets(account));
  for (const auto& other : all) {
    if (other.name == bucket.name) return false;
  }
  if (all.size() >= kBucketsMax) {
    return s3_error(ErrorCode::kInvalid, "TooManyBuckets",
                    "You have attempted to create more buckets than allowed");
  }
  Batch batch;
  batch.put(Family::kMeta, bucket_key(account, bucket.name), dump(bucket));
  STATOR_TRY_VOID(impl_->write(std::move(batch)));
  return true;
}

Result<Bucket> Objects::bucket(std::string_view account, std::string_view name) const {
  STATOR_TRY(const auto record, impl_->store.get(Family::kMeta, bucket_key(account, name)));
  if (!record) return no_such_bucket();
  return parse_bucket(std::string(name), *record);
}

Result<std::vector<Bucket>> Objects::buckets(std::string_view account) const {
  const auto found =
      impl_->store.iterate(Family::kMeta, storage::prefix_range(buckets_prefix(account)));
  std::vector<Bucket> buckets;
  for (found->seek_first(); found->valid(); found->next()) {
    auto parts = storage::split_path_key(found->key());
    STATOR_CHECK(parts && parts->size() == 5);
    STATOR_TRY(auto bucket, parse_bucket(std::move(parts->back()), found->value()));
    buckets.push_back(std::move(bucket));
  }
  STATOR_TRY_VOID(found->status());
  return buckets;
}

Result<void> Objects::delete_bucket(std::string_view account, std::string_view name) {
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY_VOID(impl_->check_bucket(account, name));
  STATOR_TRY(const bool is_used, impl_->has_any(objects_prefix(account, name)));
  if (is_used) {
    return s3_error(ErrorCode::kConflict, "BucketNotEmpty",
                    "The bucket you tried to delete is not empty");
  }
  Batch batch;
  batch.erase(Family::kMeta, bucket_key(account, name));
  STATOR_TRY_VOID(impl_->write(std::move(batch)));
  impl_->forget_policy(account, name);
  return {};
}

void Objects::Impl::forget_policy(std::string_view account, std::string_view name) {
  const std::unique_lock lock(policies_mutex);
  ++policies_generation;
  policies.erase({std::string(account), std::string(name)});
}

Result<void> Objects::set_policy(std::string_view account, std::string_view name,
                                 std::string document) {
  if (!document.empty()) {
    const auto compiled = iam::compile_resource_policy(document);
    if (!compiled) {
      return s3_error(ErrorCode::kInvalid, "MalformedPolicy", compiled.error().message);
    }
  }
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY(auto changed, bucket(account, name));
  changed.policy = std::move(document);
  Batch batch;
  batch.put(Family::kMeta, bucket_key(account, name), dump(changed));
  STATOR_TRY_VOID(impl_->write(std::move(batch)));
  impl_->forget_policy(account, name);
  return {};
}

Result<std::shared_ptr<const aws::ResourcePolicy>> Objects::compiled_policy(
    std::string_view account, std::string_view name) const {
  std::uint64_t generation = 0;
  {
    const std::shared_lock lock(impl_->policies_mutex);
    const auto known = impl_->policies.find({std::string(account), std::string(name)});
    if (known != impl_->policies.end()) return known->second;
    generation = impl_->policies_generation;
  }
  const auto found = bucket(account, name);
  if (!found && found.error().code == ErrorCode::kNotFound) return Impl::PolicyPtr();
  if (!found) return found.error();
  Impl::PolicyPtr policy;
  if (!found->policy.empty()) {
    STATOR_TRY(policy, iam::compile_resource_policy(found->policy));
  }
  const std::unique_lock lock(impl_->policies_mutex);
  if (generation == impl_->policies_generation) {
    impl_->policies[{std::string(account), std::string(name)}] = policy;
  }
  return policy;
}

Result<ObjectInfo> Objects::put(const ObjectName& name, Upload upload) {
  STATOR_TRY_VOID(check_key(name.key));
  STATOR_TRY_VOID(impl_->check_bucket(name.account, name.bucket));
  ObjectInfo info;
  info.key = name.key;
  info.sha256 = crypto::sha256_hex(upload.body);
  if (!upload.sha256.empty() && upload.sha256 != info.sha256) {
    return s3_error(ErrorCode::kInvalid, "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  info.md5 = hex_encode(crypto::md5(upload.body));
  info.size = upload.body.size();
  info.last_modified = upload.now;
  info.headers = std::move(upload.headers);
  info.checksums = std::move(upload.checksums);

  const std::shared_lock using_blobs(impl_->blob_mutex);
  // Should the process end before the record is there, the next one looks at this blob.
  Batch garbage;
  garbage.put(Family::kMeta, garbage_key(info.sha256), "");
  STATOR_TRY_VOID(impl_->write(std::move(garbage)));
  auto outcome = impl_->blobs.put(upload.body);
  Result<void> written = outcome ? impl_->write_record(name, info) : outcome.error();
  if (!written) {
    impl_->remove_later(info.sha256);
    return std::move(written).error();
  }
  return info;
}

/// Replaces the object's record and moves its reference in one batch.
Result<void> Objects::Impl::write_record(const ObjectName& name, const ObjectInfo& info) {
  const std::lock_guard lock(record_mutex);
  STATOR_TRY_VOID(check_bucket(name.account, name.bucket));
  STATOR_TRY(const auto old_record, store.get(Family::kMeta, object_key(name)));
  Batch batch;
  std::string unused;
  if (old_record) {
    STATOR_TRY(const auto old, parse_object(name.key, *old_record));
    if (old.sha256 != info.sha256) {
      release_reference(batch, name, old);
      unused = old.sha256;
    }
  }
  batch.put(Family::kMeta, object_key(name), dump(info));
  batch.put(Family::kMeta, reference_key(info.sha256, name), "");
  batch.erase(Family::kMeta, garbage_key(info.sha256));
  STATOR_TRY_VOID(write(std::move(batch)));
  if (!unused.empty()) remove_later(unused);
  return {};
}

void Objects::Impl::release_reference(Batch& batch, const ObjectName& name, const ObjectInfo& old) {
  batch.erase(Family::kMeta, reference_key(old.sha256, name));
  batch.put(Family::kMeta, garbage_key(old.sha256), "");
}

Result<ObjectInfo> Objects::info(const ObjectName& name) const {
  return impl_->info(name);
}

Result<Object> Objects::get(const ObjectName& name) const {
  const std::shared_lock using_blobs(impl_->blob_mutex);
  STATOR_TRY(auto info, impl_->info(name));
  auto body = impl_->blobs.get(info.sha256);
  if (!body) return internal("s3: the body of an object is missing: " + body.error().message);
  return Object{std::move(info), std::move(*body)};
}

Result<std::string> Objects::read(std::string_view account, std::string_view bucket,
                                  std::string_view key) const {
  STATOR_TRY(auto object, get({std::string(account), std::string(bucket), std::string(key)}));
  return std::move(object.body);
}

Result<void> Objects::remove(const ObjectName& name) {
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY_VOID(impl_->check_bucket(name.account, name.bucket));
  STATOR_TRY(const auto record, impl_->store.get(Family::kMeta, object_key(name)));
  if (!record) return {};
  STATOR_TRY(const auto old, parse_object(name.key, *record));
  Batch batch;
  batch.erase(Family::kMeta, object_key(name));
  impl_->release_reference(batch, name, old);
  STATOR_TRY_VOID(impl_->write(std::move(batch)));
  impl_->remove_later(old.sha256);
  return {};
}

Result<Listing> Objects::list(std::string_view account, std::string_view bucket,
                              const ListQuery& query) const {
  STATOR_TRY_VOID(impl_->check_bucket(account, bucket));
  return list_objects(impl_->store, objects_prefix(account, bucket), query);
}

/// A blob may go only when the record that let go of it can no longer come back after a crash.
void Objects::Impl::remove_later(const std::string& sha256) {
  {
    const std::lock_guard lock(removals_mutex);
    ++removals;
  }
  store.when_durable(store.last(), [this, sha256](Result<void> durable) {
    const auto task = [this, sha256] {
      remove_if_unused(sha256);
      end_removal();
    };
    // Without a worker the garbage record stays, and the next start takes care of it.
    if (!durable || !workers.post(task)) end_removal();
  });
}

void Objects::Impl::end_removal() {
  const std::lock_guard lock(removals_mutex);
  --removals;
  removals_changed.notify_all();
}

void Objects::Impl::remove_if_unused(const std::string& sha256) {
  const std::unique_lock alone(blob_mutex);
  const auto is_used = has_any(references_prefix(sha256));
  if (!is_used) return;
  if (!*is_used && !blobs.remove(sha256)) return;
  Batch batch;
  batch.erase(Family::kMeta, garbage_key(sha256));
  // When this fails the record is looked at again, which does no harm.
  static_cast<void>(write(std::move(batch)));
}

void Objects::Impl::remove_leftovers() {
  std::vector<std::string> hashes;
  const auto found = store.iterate(Family::kMeta, storage::prefix_range(garbage_prefix()));
  for (found->seek_first(); found->valid(); found->next()) {
    auto parts = storage::split_path_key(found->key());
    STATOR_CHECK(parts && !parts->empty());
    hashes.push_back(std::move(parts->back()));
  }
  for (const auto& hash : hashes) remove_if_unused(hash);
}

}  // namespace stator::s3
