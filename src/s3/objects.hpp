#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "base/worker_pool.hpp"
#include "s3/records.hpp"
#include "storage/blob_store.hpp"
#include "storage/store.hpp"

namespace stator::s3 {

/// What must hold of the current version when another is written. PreconditionFailed otherwise.
struct WriteConditions {
  bool is_new = false;    ///< there is none
  std::string etag = {};  ///< it has this one; "" for any
};

struct Upload {
  std::string_view body;
  Labels labels = {};
  Fields checksums = {};
  /// Hex SHA-256 that the body must have, or "" when the client did not say.
  std::string sha256 = {};
  WallTime now = {};
  WriteConditions conditions = {};
};

/// [first, last] of a body.
struct Span {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

struct ListQuery {
  std::string prefix = {};
  std::string delimiter = {};    ///< "" for none
  std::string start_after = {};  ///< keys up to and with this one are left out
  bool is_after_prefix = false;  ///< and all that start with it
  std::string token = {};        ///< Listing::next_token of the page before, or ""
  std::size_t max_keys = 1'000;
};

struct Listing {
  std::vector<ObjectInfo> objects;
  std::vector<std::string> common_prefixes;
  std::string next_token;  ///< "" on the last page
  std::string last;        ///< the last key or common prefix of this page
};

struct VersionsQuery {
  std::string prefix = {};
  std::string delimiter = {};
  std::string key_marker = {};  ///< what comes up to and with this key is left out ...
  std::string id_marker = {};   ///< ... or, of that key, up to and with this version
  std::size_t max_keys = 1'000;
};

struct VersionsListing {
  struct Entry {
    ObjectInfo object;
    bool is_latest = false;
  };
  std::vector<Entry> versions;
  std::vector<std::string> common_prefixes;
  bool is_truncated = false;
  std::string next_key;  ///< the last one, when it is truncated
  std::string next_id;
};

/// What a removal did.
struct Removed {
  std::string version_id = {};  ///< as it is shown; "" where versions are not kept
  bool is_delete_marker = false;
};

struct UploadName {
  ObjectName object;
  std::string id;
};

/// What completes an upload.
struct Completion {
  struct Part {
    int number = 0;
    std::string etag = {};  ///< without quotes
    Fields checksums = {};
  };
  std::vector<Part> parts;
  Fields checksums = {};  ///< that the whole must have
  WriteConditions conditions = {};
  WallTime now = {};
};

/// "null" for what was put when versions were not kept.
[[nodiscard]] std::string shown_version(const ObjectInfo& object);

/// Buckets and objects. Bodies are blobs by their SHA-256, kept as long as a record refers to them;
/// a record and its references change in one batch. Any thread; every call may wait for the disk,
/// so none belongs on an event loop.
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
  /// Changes a bucket's record in one step. NoSuchBucket, MalformedPolicy.
  [[nodiscard]] Result<void> update_bucket(std::string_view account, std::string_view name,
                                           const std::function<Result<void>(Bucket&)>& change);
  /// The bucket's policy, ready to be evaluated; null when it has none or there is no such bucket.
  /// Answers from memory once it was asked for.
  [[nodiscard]] Result<std::shared_ptr<const aws::ResourcePolicy>> compiled_policy(
      std::string_view account, std::string_view name) const;
  /// BucketNotEmpty. Uploads under way go with it.
  [[nodiscard]] Result<void> delete_bucket(std::string_view account, std::string_view name);

  [[nodiscard]] Result<ObjectInfo> put(const ObjectName& name, Upload upload);
  /// Makes `name` a copy of a version: the same bytes under other labels.
  [[nodiscard]] Result<ObjectInfo> copy(const ObjectInfo& source, const ObjectName& name,
                                        Upload upload);
  /// The current version, or the one with this id as it is shown, which may be a delete marker.
  /// NoSuchBucket, NoSuchKey, NoSuchVersion.
  [[nodiscard]] Result<ObjectInfo> info(const ObjectName& name,
                                        std::string_view version = {}) const;
  /// As long as it lives, the bodies of what info() gives meanwhile stay. One for a thread.
  using Reading = std::shared_lock<std::shared_mutex>;
  [[nodiscard]] Reading start_reading() const;
  /// The bytes of a version that info() gave since the reading began, all or a part.
  [[nodiscard]] Result<std::string> body(const Reading& reading, const ObjectInfo& info,
                                         std::optional<Span> span = {}) const;
  /// The files of the body, which can be read even when they are removed.
  [[nodiscard]] Result<std::vector<UniqueFd>> open_body(const Reading& reading,
                                                        const ObjectInfo& info) const;
  /// The current version, or a delete marker in its place; or the version with this id for good.
  /// Not an error when there is no such object.
  [[nodiscard]] Result<Removed> remove(const ObjectName& name, WallTime now,
                                       std::string_view version = {});
  /// Replaces the tags of a version.
  [[nodiscard]] Result<ObjectInfo> set_tags(const ObjectName& name, std::string_view version,
                                            Tags tags);
  [[nodiscard]] Result<Listing> list(std::string_view account, std::string_view bucket,
                                     const ListQuery& query) const;
  [[nodiscard]] Result<VersionsListing> list_versions(std::string_view account,
                                                      std::string_view bucket,
                                                      const VersionsQuery& query) const;

  // Uploads in parts. NoSuchUpload.
  [[nodiscard]] Result<std::string> begin_upload(const ObjectName& name, UploadInfo upload);
  [[nodiscard]] Result<PartInfo> put_part(const UploadName& name, int number, Upload upload);
  [[nodiscard]] Result<ObjectInfo> complete(const UploadName& name, const Completion& completion);
  [[nodiscard]] Result<void> abort(const UploadName& name);
  [[nodiscard]] Result<UploadInfo> upload(const UploadName& name) const;
  /// In the order of their numbers.
  [[nodiscard]] Result<std::vector<PartInfo>> parts(const UploadName& name) const;
  /// Those of a bucket in the order of their keys and ids.
  [[nodiscard]] Result<std::vector<UploadInfo>> uploads(std::string_view account,
                                                        std::string_view bucket) const;

  /// Does what the lifecycle rules of an account's buckets say. To be called now and then, on a
  /// thread that may wait.
  [[nodiscard]] Result<void> expire(std::string_view account, WallTime now);

  [[nodiscard]] WorkerPool& workers() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::s3
