#include "iam/compiled.hpp"
#include "s3/errors.hpp"
#include "s3/names.hpp"
#include "s3/objects_impl.hpp"
#include "storage/key.hpp"

/// Buckets and their settings.
namespace stator::s3 {

using storage::Family;

constexpr std::size_t kBucketsMax = 10'000;

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
  Impl::Change change;
  change.batch.put(Family::kMeta, bucket_key(account, bucket.name), dump(bucket));
  STATOR_TRY_VOID(impl_->commit(std::move(change)));
  return true;
}

Result<Bucket> Objects::Impl::bucket(std::string_view account, std::string_view name) const {
  STATOR_TRY(const auto record, store.get(Family::kMeta, bucket_key(account, name)));
  if (!record) return no_such_bucket();
  return parse_bucket(std::string(name), *record);
}

Result<void> Objects::Impl::check_bucket(std::string_view account, std::string_view name) const {
  STATOR_TRY(const auto record, store.get(Family::kMeta, bucket_key(account, name)));
  if (!record) return no_such_bucket();
  return {};
}

Result<Bucket> Objects::bucket(std::string_view account, std::string_view name) const {
  return impl_->bucket(account, name);
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
  STATOR_TRY(const bool has_objects, impl_->has_any(objects_prefix(account, name)));
  STATOR_TRY(const bool has_versions, impl_->has_any(all_versions_prefix(account, name)));
  if (has_objects || has_versions) {
    return s3_error(ErrorCode::kConflict, "BucketNotEmpty",
                    has_objects ? "The bucket you tried to delete is not empty"
                                : "The bucket you tried to delete is not empty. You must delete "
                                  "all versions in the bucket.");
  }
  Impl::Change change;
  STATOR_TRY(const auto under_way, uploads(account, name));
  for (const auto& upload : under_way) {
    STATOR_TRY_VOID(impl_->drop_upload(
        {{std::string(account), std::string(name), upload.key}, upload.id}, change));
  }
  change.batch.erase(Family::kMeta, bucket_key(account, name));
  STATOR_TRY_VOID(impl_->commit(std::move(change)));
  impl_->forget_policy(account, name);
  return {};
}

void Objects::Impl::forget_policy(std::string_view account, std::string_view name) {
  const std::unique_lock lock(policies_mutex);
  ++policies_generation;
  policies.erase({std::string(account), std::string(name)});
}

Result<void> Objects::update_bucket(std::string_view account, std::string_view name,
                                    const std::function<Result<void>(Bucket&)>& change) {
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY(auto changed, bucket(account, name));
  STATOR_TRY_VOID(change(changed));
  if (!changed.policy.empty()) {
    const auto compiled = iam::compile_resource_policy(changed.policy);
    if (!compiled) {
      return s3_error(ErrorCode::kInvalid, "MalformedPolicy", compiled.error().message);
    }
  }
  Impl::Change record;
  record.batch.put(Family::kMeta, bucket_key(account, name), dump(changed));
  STATOR_TRY_VOID(impl_->commit(std::move(record)));
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

}  // namespace stator::s3
