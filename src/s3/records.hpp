#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/store.hpp"

/// What S3 keeps in Family::kMeta: JSON text under these keys. A bucket belongs to its account in
/// every region, so the keys' region is "".
namespace stator::s3 {

struct Bucket {
  std::string name;
  std::string region;
  WallTime created;
  std::string policy = {};      ///< the document as it was put, or ""
  std::string versioning = {};  ///< "Enabled", "Suspended" or, as long as it never was, ""
  /// Other settings by their sub-resources ("lifecycle", "tagging"), as they were put.
  std::map<std::string, std::string> settings = {};
};

using Fields = std::vector<std::pair<std::string, std::string>>;
using Tags = std::map<std::string, std::string>;

/// Bytes in the blob store.
struct Blob {
  std::string sha256;  ///< hex
  std::uint64_t size = 0;
};

/// What is said with an object when it is put or its upload begins.
struct Labels {
  Fields headers = {};  ///< given back with the object: Content-Type, x-amz-meta-*, ...
  Tags tags = {};
};

/// One version of an object, or a delete marker.
struct ObjectInfo {
  std::string key;
  std::vector<Blob> blobs;  ///< the body: one after the other, one for each part of an upload
  std::string etag;         ///< without its quotes: the MD5 in hex, or MD5-PARTS
  std::uint64_t size = 0;
  WallTime last_modified;
  Labels labels = {};
  Fields checksums = {};           ///< given back to those who ask: x-amz-checksum-*
  std::string checksum_type = {};  ///< "COMPOSITE" or ""
  std::string version_id = {};     ///< "" of what was put when versions were not kept
  std::int64_t order = 0;          ///< grows from version to version of a key
  bool is_delete_marker = false;
  std::int64_t noncurrent_since_ms = 0;  ///< when another took its place; 0 of the current one
};

/// An upload in parts that is under way.
struct UploadInfo {
  std::string key;
  std::string id;
  WallTime initiated;
  Labels labels = {};
  std::string checksum_algorithm = {};  ///< "crc32", or "" for none
  std::string checksum_type = {};       ///< "COMPOSITE" or "FULL_OBJECT"
};

struct PartInfo {
  int number = 0;
  Blob blob;
  std::string md5;  ///< hex
  Fields checksums = {};
  WallTime last_modified = {};
};

/// Which object: names as the caller wrote them.
struct ObjectName {
  std::string account;
  std::string bucket;
  std::string key;
};

[[nodiscard]] std::string bucket_key(std::string_view account, std::string_view bucket);
[[nodiscard]] std::string buckets_prefix(std::string_view account);
/// The current version, unless that is a delete marker.
[[nodiscard]] std::string object_key(const ObjectName& name);
[[nodiscard]] std::string objects_prefix(std::string_view account, std::string_view bucket);
/// Other versions and all delete markers, the newest of a key first.
[[nodiscard]] std::string version_key(const ObjectName& name, std::int64_t order);
[[nodiscard]] std::string versions_prefix(const ObjectName& name);
[[nodiscard]] std::string all_versions_prefix(std::string_view account, std::string_view bucket);
/// Uploads in parts, and their parts.
[[nodiscard]] std::string upload_key(const ObjectName& name, std::string_view id);
[[nodiscard]] std::string uploads_prefix(std::string_view account, std::string_view bucket);
[[nodiscard]] std::string part_key(const ObjectName& name, std::string_view id, int number);
[[nodiscard]] std::string parts_prefix(const ObjectName& name, std::string_view id);
/// Who uses the blob: present as long as that record names it. `holder` tells the versions and
/// parts of a key apart; it is "" for the version that has no id.
[[nodiscard]] std::string reference_key(std::string_view sha256, const ObjectName& name,
                                        std::string_view holder = {});
[[nodiscard]] std::string references_prefix(std::string_view sha256);
[[nodiscard]] std::string holder_of(const ObjectInfo& object);
[[nodiscard]] std::string holder_of_part(std::string_view id, int number);
/// A blob that may be without references; present until somebody has looked.
[[nodiscard]] std::string garbage_key(std::string_view sha256);
[[nodiscard]] std::string garbage_prefix();

[[nodiscard]] std::string dump(const Bucket& bucket);
[[nodiscard]] std::string dump(const ObjectInfo& object);
[[nodiscard]] std::string dump(const UploadInfo& upload);
[[nodiscard]] std::string dump(const PartInfo& part);
/// kInternal for what dump() did not write.
[[nodiscard]] Result<Bucket> parse_bucket(std::string name, std::string_view record);
[[nodiscard]] Result<ObjectInfo> parse_object(std::string key, std::string_view record);
[[nodiscard]] Result<UploadInfo> parse_upload(std::string key, std::string id,
                                              std::string_view record);
[[nodiscard]] Result<PartInfo> parse_part(std::string_view record);

}  // namespace stator::s3
