#include "s3/objects.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "crypto/crypto.hpp"
#include "s3/errors.hpp"
#include "s3/listing.hpp"
#include "s3/names.hpp"
#include "s3/objects_impl.hpp"
#include "storage/key.hpp"

namespace stator::s3 {
namespace {

using storage::Family;

/// Appends [first, first + length) of a file.
Result<void> append_file(const std::filesystem::path& path, std::uint64_t first,
                         std::uint64_t length, std::string& out) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return errno_error("open " + path.string());
  const std::size_t begin = out.size();
  out.resize(begin + length);
  for (std::size_t done = 0; done < length;) {
    const auto got = ::pread(fd.get(), out.data() + begin + done, length - done,
                             static_cast<off_t>(first + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read " + path.string());
    if (got == 0) return internal("s3: a blob is shorter than its record says");
    done += static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace

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

Result<void> Objects::Impl::commit(Change change) {
  STATOR_TRY([[maybe_unused]] const auto sequence, store.write(std::move(change.batch)));
  for (const auto& sha256 : change.unused) remove_later(sha256);
  return {};
}

void Objects::Impl::hold(Change& change, const ObjectName& name, std::string_view holder,
                         const std::vector<Blob>& blobs) {
  for (const auto& blob : blobs) {
    change.batch.put(Family::kMeta, reference_key(blob.sha256, name, holder), "");
    change.batch.erase(Family::kMeta, garbage_key(blob.sha256));
  }
}

void Objects::Impl::release(Change& change, const ObjectName& name, std::string_view holder,
                            const std::vector<Blob>& blobs) {
  for (const auto& blob : blobs) {
    change.batch.erase(Family::kMeta, reference_key(blob.sha256, name, holder));
    change.batch.put(Family::kMeta, garbage_key(blob.sha256), "");
    change.unused.push_back(blob.sha256);
  }
}

Result<Blob> Objects::Impl::store_blob(const Upload& upload) {
  Blob blob{crypto::sha256_hex(upload.body), upload.body.size()};
  if (!upload.sha256.empty() && upload.sha256 != blob.sha256) {
    return s3_error(ErrorCode::kInvalid, "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  Change garbage;
  garbage.batch.put(Family::kMeta, garbage_key(blob.sha256), "");
  STATOR_TRY_VOID(commit(std::move(garbage)));
  const auto stored = blobs.put(upload.body);
  if (stored) return blob;
  remove_later(blob.sha256);
  return stored.error();
}

Result<ObjectInfo> Objects::put(const ObjectName& name, Upload upload) {
  STATOR_TRY_VOID(check_key(name.key));
  STATOR_TRY_VOID(impl_->check_bucket(name.account, name.bucket));
  const std::shared_lock using_blobs(impl_->blob_mutex);
  STATOR_TRY(const auto blob, impl_->store_blob(upload));
  ObjectInfo info;
  info.key = name.key;
  info.blobs = {blob};
  info.etag = hex_encode(crypto::md5(upload.body));
  info.size = blob.size;
  info.last_modified = upload.now;
  info.labels = std::move(upload.labels);
  info.checksums = std::move(upload.checksums);
  const std::lock_guard lock(impl_->record_mutex);
  const auto written = impl_->write_current(name, info, upload.conditions, {});
  if (written) return info;
  impl_->remove_later(blob.sha256);
  return written.error();
}

Result<ObjectInfo> Objects::copy(const ObjectInfo& source, const ObjectName& name, Upload upload) {
  STATOR_TRY_VOID(check_key(name.key));
  const std::shared_lock using_blobs(impl_->blob_mutex);
  for (const auto& blob : source.blobs) {
    STATOR_TRY(const bool is_there, impl_->has_any(references_prefix(blob.sha256)));
    if (!is_there) return no_such_key();  // Removed since it was read.
  }
  ObjectInfo info;
  info.key = name.key;
  info.blobs = source.blobs;
  info.etag = source.etag;
  info.size = source.size;
  info.last_modified = upload.now;
  info.labels = std::move(upload.labels);
  info.checksums = source.checksums;
  info.checksum_type = source.checksum_type;
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY_VOID(impl_->write_current(name, info, upload.conditions, {}));
  return info;
}

Result<ObjectInfo> Objects::info(const ObjectName& name, std::string_view version) const {
  STATOR_TRY(auto current, impl_->current(name));
  if (current && (version.empty() || shown_version(*current) == version)) {
    return std::move(*current);
  }
  STATOR_TRY_VOID(impl_->check_bucket(name.account, name.bucket));
  if (version.empty()) return no_such_key();
  STATOR_TRY(auto other, impl_->find_other(name, [version](const ObjectInfo& one) {
    return shown_version(one) == version;
  }));
  if (!other) return no_such_version();
  return std::move(*other);
}

Objects::Reading Objects::start_reading() const {
  return Reading(impl_->blob_mutex);
}

Result<std::vector<UniqueFd>> Objects::open_body(const Reading&, const ObjectInfo& info) const {
  std::vector<UniqueFd> files;
  for (const auto& blob : info.blobs) {
    const auto path = impl_->blobs.path(blob.sha256);
    files.emplace_back(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!files.back()) return errno_error("s3: open " + path.string());
  }
  return files;
}

Result<std::string> Objects::body(const Reading&, const ObjectInfo& info,
                                  std::optional<Span> span) const {
  std::string bytes;
  if (info.size == 0) return bytes;
  const Span wanted = span.value_or(Span{0, info.size - 1});
  bytes.reserve(wanted.last - wanted.first + 1);
  std::uint64_t begin = 0;
  for (const auto& blob : info.blobs) {
    const std::uint64_t end = begin + blob.size;
    const auto first = std::max(begin, wanted.first);
    const auto last = std::min(end, wanted.last + 1);
    if (first < last) {
      const auto read =
          append_file(impl_->blobs.path(blob.sha256), first - begin, last - first, bytes);
      if (!read) return internal("s3: the body of an object is missing: " + read.error().message);
    }
    begin = end;
  }
  return bytes;
}

Result<std::string> Objects::read(std::string_view account, std::string_view bucket,
                                  std::string_view key) const {
  const auto reading = start_reading();
  STATOR_TRY(const auto found, info({std::string(account), std::string(bucket), std::string(key)}));
  return body(reading, found);
}

Result<Listing> Objects::list(std::string_view account, std::string_view bucket,
                              const ListQuery& query) const {
  STATOR_TRY_VOID(impl_->check_bucket(account, bucket));
  return list_objects(impl_->store, objects_prefix(account, bucket), query);
}

Result<VersionsListing> Objects::list_versions(std::string_view account, std::string_view bucket,
                                               const VersionsQuery& query) const {
  STATOR_TRY_VOID(impl_->check_bucket(account, bucket));
  return s3::list_versions(
      impl_->store, {objects_prefix(account, bucket), all_versions_prefix(account, bucket)}, query);
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
  Change change;
  change.batch.erase(Family::kMeta, garbage_key(sha256));
  // When this fails the record is looked at again, which does no harm.
  static_cast<void>(commit(std::move(change)));
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
