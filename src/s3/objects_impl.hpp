#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "s3/objects.hpp"

/// What the files of Objects share.
namespace stator::s3 {

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

  /// A batch with the blobs that it may leave without references.
  struct Change {
    storage::Batch batch;
    std::vector<std::string> unused = {};
  };
  [[nodiscard]] Result<void> commit(Change change);
  static void hold(Change& change, const ObjectName& name, std::string_view holder,
                   const std::vector<Blob>& blobs);
  static void release(Change& change, const ObjectName& name, std::string_view holder,
                      const std::vector<Blob>& blobs);
  /// The body as a blob that is noted as garbage until a record refers to it: should the process
  /// end before, the next one looks at it.
  [[nodiscard]] Result<Blob> store_blob(const Upload& upload);

  [[nodiscard]] Result<bool> has_any(std::string_view prefix) const;
  [[nodiscard]] Result<Bucket> bucket(std::string_view account, std::string_view name) const;
  [[nodiscard]] Result<void> check_bucket(std::string_view account, std::string_view name) const;
  [[nodiscard]] Result<std::optional<ObjectInfo>> current(const ObjectName& name) const;
  /// The newest of the other versions and delete markers for which `is_wanted`.
  [[nodiscard]] Result<std::optional<ObjectInfo>> find_other(
      const ObjectName& name, const std::function<bool(const ObjectInfo&)>& is_wanted) const;

  // Under record_mutex.
  /// Makes `info` the current version; what was current makes room as the bucket's versioning says.
  [[nodiscard]] Result<void> write_current(const ObjectName& name, ObjectInfo& info,
                                           const WriteConditions& conditions, Change change);
  [[nodiscard]] Result<void> make_room(const Bucket& bucket, const ObjectName& name,
                                       ObjectInfo& next, Change& change) const;
  [[nodiscard]] Result<Removed> remove_current(const Bucket& bucket, const ObjectName& name,
                                               WallTime now);
  [[nodiscard]] Result<Removed> remove_version(const ObjectName& name, std::string_view version);
  [[nodiscard]] Result<void> drop_upload(const UploadName& name, Change& change) const;

  void remove_later(const std::string& sha256);
  void remove_if_unused(const std::string& sha256);
  void remove_leftovers();
  void end_removal();

  /// Compiled policies by account and name of their buckets, made when they are first asked for;
  /// at most one for each bucket. A change of any bucket moves `policies_generation` on, so that
  /// nothing read before it is kept after it.
  mutable std::shared_mutex policies_mutex;
  using PolicyPtr = std::shared_ptr<const aws::ResourcePolicy>;
  mutable std::map<std::pair<std::string, std::string>, PolicyPtr, std::less<>> policies;
  mutable std::uint64_t policies_generation = 0;
  void forget_policy(std::string_view account, std::string_view name);
};

}  // namespace stator::s3
