#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "s3/records.hpp"
#include "storage/blob_store.hpp"
#include "storage/store.hpp"

namespace stator::s3 {

struct Upload {
  std::string body;
  Fields headers = {};
  Fields checksums = {};
  /// Hex SHA-256 that the body must have, or "" when the client did not say.
  std::string sha256 = {};
  WallTime now;
};

struct Object {
  ObjectInfo info;
  std::string body;
};

struct ListQuery {
  std::string prefix;
  std::string delimiter;    ///< "" for none
  std::string start_after;  ///< keys up to and with this one are left out
  std::string token;        ///< Listing::next_token of the page before, or ""
  std::size_t max_keys = 1'000;
};

struct Listing {
  std::vector<ObjectInfo> objects;
  std::vector<std::string> common_prefixes;
  std::string next_token;  ///< "" on the last page
};

/// Buckets and objects. Bodies are blobs by their SHA-256, kept as long as an object refers to
/// them; an object's record and its reference change in one batch. Any thread; every call may wait
/// for the disk, so none belongs on an event loop.
class Objects {
 public:
  /// `blobs` must be for this object alone: what no bucket refers to is removed from it. Finishes
  /// what an earlier process left to remove. All three outlive this.
  Objects(storage::Store& store, storage::BlobStore& blobs, WorkerPool& workers);
  /// Waits for removals that are under way.
  ~Objects();
  Objects(const Objects&) = delete;

  /// An object's bytes: NoSuchBucket or NoSuchKey when there is none.
  [[nodiscard]] Result<std::string> read(std::string_view account, std::string_view bucket,
                                         std::string_view key) const;

  /// False when the account has the bucket already; then nothing changes. InvalidBucketName,
  /// TooManyBuckets.
  [[nodiscard]] Result<bool> create_bucket(std::string_view account, const Bucket& bucket);
  [[nodiscard]] Result<Bucket> bucket(std::string_view account, std::string_view name) const;
  /// In the order of their names.
  [[nodiscard]] Result<std::vector<Bucket>> buckets(std::string_view account) const;
  /// Replaces the bucket's policy; "" removes it. NoSuchBucket, MalformedPolicy.
  [[nodiscard]] Result<void> set_policy(std::string_view account, std::string_view name,
                                        std::string document);
  /// The bucket's policy, ready to be evaluated; null when it has none or there is no such bucket.
  /// Answers from memory once it was asked for.
  [[nodiscard]] Result<std::shared_ptr<const aws::ResourcePolicy>> compiled_policy(
      std::string_view account, std::string_view name) const;
  /// BucketNotEmpty.
  [[nodiscard]] Result<void> delete_bucket(std::string_view account, std::string_view name);

  [[nodiscard]] Result<ObjectInfo> put(const ObjectName& name, Upload upload);
  [[nodiscard]] Result<ObjectInfo> info(const ObjectName& name) const;
  [[nodiscard]] Result<Object> get(const ObjectName& name) const;
  /// Not an error when there is no such object.
  [[nodiscard]] Result<void> remove(const ObjectName& name);
  [[nodiscard]] Result<Listing> list(std::string_view account, std::string_view bucket,
                                     const ListQuery& query) const;

  [[nodiscard]] WorkerPool& workers() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::s3
