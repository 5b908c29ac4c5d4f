#include <algorithm>

#include "base/bytes.hpp"
#include "crypto/crypto.hpp"
#include "s3/checksum.hpp"
#include "s3/errors.hpp"
#include "s3/names.hpp"
#include "s3/objects_impl.hpp"
#include "storage/key.hpp"

/// Uploads in parts. A part is a blob with a record of its own; completing an upload makes an
/// object of their blobs and removes the records in one batch, so no byte is copied and a crash
/// leaves either the upload or the object.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
namespace stator::s3 {

using storage::Family;

namespace {

constexpr int kPartsMax = 10'000;
constexpr std::uint64_t kPartBytesMin = 5u << 20;  ///< of all but the last
constexpr std::size_t kUploadsMax = 1'000;         ///< under way in one bucket

Error invalid_part() {
  return s3_error(ErrorCode::kInvalid, "InvalidPart",
                  "One or more of the specified parts could not be found. The part might not have "
                  "been uploaded, or the specified entity tag might not have matched the part's "
                  "entity tag.");
}

Error too_small() {
  return s3_error(ErrorCode::kInvalid, "EntityTooSmall",
                  "Your proposed upload is smaller than the minimum allowed size");
}

/// The uploaded parts that the completion names. InvalidPart, InvalidPartOrder, EntityTooSmall.
Result<std::vector<PartInfo>> choose_parts(const Completion& completion,
                                           const std::vector<PartInfo>& uploaded) {
  std::vector<PartInfo> chosen;
  for (const auto& wanted : completion.parts) {
    if (!chosen.empty() && wanted.number <= chosen.back().number) {
      return s3_error(ErrorCode::kInvalid, "InvalidPartOrder",
                      "The list of parts was not in ascending order. The parts list must be "
                      "specified in order by part number.");
    }
    const auto part = std::find_if(uploaded.begin(), uploaded.end(), [&](const PartInfo& one) {
      return one.number == wanted.number;
    });
    if (part == uploaded.end() || part->md5 != wanted.etag) return invalid_part();
    for (const auto& [name, value] : wanted.checksums) {
      const auto sent = std::find_if(part->checksums.begin(), part->checksums.end(),
                                     [&name = name](const auto& one) { return one.first == name; });
      if (sent != part->checksums.end() && sent->second != value) return invalid_part();
    }
    if (!chosen.empty() && chosen.back().blob.size < kPartBytesMin) return too_small();
    chosen.push_back(*part);
  }
  return chosen;
}

ObjectInfo describe(const UploadInfo& upload, const std::vector<PartInfo>& parts, WallTime now) {
  ObjectInfo info;
  info.key = upload.key;
  std::string hashes;
  for (const auto& part : parts) {
    info.blobs.push_back(part.blob);
    info.size += part.blob.size;
    hashes += hex_decode(part.md5).value_or("");
  }
  info.etag = hex_encode(crypto::md5(hashes)) + "-" + std::to_string(parts.size());
  info.last_modified = now;
  info.labels = upload.labels;
  return info;
}

bool are_same(const std::vector<PartInfo>& one, const std::vector<PartInfo>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const PartInfo& a, const PartInfo& b) {
                      return a.number == b.number && a.blob.sha256 == b.blob.sha256;
                    });
}

}  // namespace

Result<std::string> Objects::begin_upload(const ObjectName& name, UploadInfo upload) {
  STATOR_TRY_VOID(check_key(name.key));
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY_VOID(impl_->check_bucket(name.account, name.bucket));
  STATOR_TRY(const auto others, uploads(name.account, name.bucket));
  if (others.size() >= kUploadsMax) {
    return invalid_request("A bucket of stator has at most 1000 multipart uploads under way");
  }
  // Unlike any other of this store, whose sequence has moved on since.
  const auto hash = crypto::sha256(name.account + "\n" + name.bucket + "\n" + name.key + "\n" +
                                   std::to_string(epoch_ms(upload.initiated)) + "\n" +
                                   std::to_string(impl_->store.last()));
  auto id = base64url_encode(hash);
  Impl::Change change;
  change.batch.put(Family::kMeta, upload_key(name, id), dump(upload));
  STATOR_TRY_VOID(impl_->commit(std::move(change)));
  return id;
}

Result<UploadInfo> Objects::upload(const UploadName& name) const {
  STATOR_TRY(const auto record, impl_->store.get(Family::kMeta, upload_key(name.object, name.id)));
  if (!record) {
    STATOR_TRY_VOID(impl_->check_bucket(name.object.account, name.object.bucket));
    return no_such_upload();
  }
  return parse_upload(name.object.key, name.id, *record);
}

Result<PartInfo> Objects::put_part(const UploadName& name, int number, Upload given) {
  if (number < 1 || number > kPartsMax) {
    return invalid_argument("Part number must be an integer between 1 and 10000, inclusive");
  }
  STATOR_TRY(const auto under_way, upload(name));
  const std::shared_lock using_blobs(impl_->blob_mutex);
  PartInfo part;
  part.number = number;
  STATOR_TRY(part.blob, impl_->store_blob(given));
  part.md5 = hex_encode(crypto::md5(given.body));
  part.checksums = std::move(given.checksums);
  part.last_modified = given.now;
  const auto written = [&]() -> Result<void> {
    if (part.checksums.empty() && !under_way.checksum_algorithm.empty()) {
      STATOR_TRY(auto value, checksum_of(under_way.checksum_algorithm, given.body));
      part.checksums.emplace_back(std::string(kChecksumPrefix) + under_way.checksum_algorithm,
                                  std::move(value));
    }
    const std::lock_guard lock(impl_->record_mutex);
    STATOR_TRY([[maybe_unused]] const auto still_under_way, upload(name));
    const auto key = part_key(name.object, name.id, number);
    const auto holder = holder_of_part(name.id, number);
    Impl::Change change;
    STATOR_TRY(const auto record, impl_->store.get(Family::kMeta, key));
    if (record) {
      STATOR_TRY(const auto old, parse_part(*record));
      Impl::release(change, name.object, holder, {old.blob});
    }
    change.batch.put(Family::kMeta, key, dump(part));
    Impl::hold(change, name.object, holder, {part.blob});
    return impl_->commit(std::move(change));
  }();
  if (written) return part;
  impl_->remove_later(part.blob.sha256);
  return written.error();
}

Result<std::vector<PartInfo>> Objects::parts(const UploadName& name) const {
  STATOR_TRY([[maybe_unused]] const auto under_way, upload(name));
  const auto records = impl_->store.iterate(
      Family::kMeta, storage::prefix_range(parts_prefix(name.object, name.id)));
  std::vector<PartInfo> parts;
  for (records->seek_first(); records->valid(); records->next()) {
    STATOR_TRY(auto part, parse_part(records->value()));
    parts.push_back(std::move(part));
  }
  STATOR_TRY_VOID(records->status());
  return parts;
}

Result<ObjectInfo> Objects::complete(const UploadName& name, const Completion& completion) {
  const auto reading = start_reading();
  STATOR_TRY(const auto under_way, upload(name));
  STATOR_TRY(const auto uploaded, parts(name));
  STATOR_TRY(const auto chosen, choose_parts(completion, uploaded));
  auto info = describe(under_way, chosen, completion.now);
  const auto& algorithm = under_way.checksum_algorithm;
  if (!algorithm.empty()) {
    const auto header = std::string(kChecksumPrefix) + algorithm;
    std::string value;
    if (under_way.checksum_type == "FULL_OBJECT") {
      STATOR_TRY(const auto whole, Checksum::make(algorithm));
      for (const auto& blob : info.blobs) {
        ObjectInfo part;
        part.blobs = {blob};
        part.size = blob.size;
        STATOR_TRY(const auto bytes, body(reading, part));
        whole->update(bytes);
      }
      value = base64_encode(whole->finish());
    } else {
      STATOR_TRY(value, composite_checksum(algorithm, chosen));
      info.checksum_type = "COMPOSITE";
    }
    for (const auto& [sent, wanted] : completion.checksums) {
      if (sent == header && wanted != value &&
          wanted + "-" + std::to_string(chosen.size()) != value) {
        return bad_digest(algorithm);
      }
    }
    info.checksums = {{header, value}};
  }
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY(const auto now_uploaded, parts(name));
  STATOR_TRY(const auto now_chosen, choose_parts(completion, now_uploaded));
  if (!are_same(chosen, now_chosen)) return invalid_part();
  Impl::Change change;
  STATOR_TRY_VOID(impl_->drop_upload(name, change));
  STATOR_TRY_VOID(
      impl_->write_current(name.object, info, completion.conditions, std::move(change)));
  return info;
}

Result<void> Objects::abort(const UploadName& name) {
  const std::lock_guard lock(impl_->record_mutex);
  STATOR_TRY([[maybe_unused]] const auto under_way, upload(name));
  Impl::Change change;
  STATOR_TRY_VOID(impl_->drop_upload(name, change));
  return impl_->commit(std::move(change));
}

/// The upload with its parts.
Result<void> Objects::Impl::drop_upload(const UploadName& name, Change& change) const {
  const auto range = storage::prefix_range(parts_prefix(name.object, name.id));
  const auto records = store.iterate(Family::kMeta, range);
  for (records->seek_first(); records->valid(); records->next()) {
    STATOR_TRY(const auto part, parse_part(records->value()));
    release(change, name.object, holder_of_part(name.id, part.number), {part.blob});
    change.batch.erase(Family::kMeta, std::string(records->key()));
  }
  STATOR_TRY_VOID(records->status());
  change.batch.erase(Family::kMeta, upload_key(name.object, name.id));
  return {};
}

Result<std::vector<UploadInfo>> Objects::uploads(std::string_view account,
                                                 std::string_view bucket) const {
  STATOR_TRY_VOID(impl_->check_bucket(account, bucket));
  const auto records =
      impl_->store.iterate(Family::kMeta, storage::prefix_range(uploads_prefix(account, bucket)));
  std::vector<UploadInfo> found;
  for (records->seek_first(); records->valid(); records->next()) {
    auto parts = storage::split_path_key(records->key());
    STATOR_CHECK(parts && parts->size() == 7);
    STATOR_TRY(auto one,
               parse_upload(std::move((*parts)[5]), std::move((*parts)[6]), records->value()));
    found.push_back(std::move(one));
  }
  STATOR_TRY_VOID(records->status());
  return found;
}

}  // namespace stator::s3
