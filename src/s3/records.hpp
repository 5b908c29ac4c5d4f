#pragma once

#include <cstdint>
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
  std::string policy = {};  ///< the document as it was put, or ""
};

using Fields = std::vector<std::pair<std::string, std::string>>;

struct ObjectInfo {
  std::string key;
  std::string sha256;  ///< hex: the blob
  std::string md5;     ///< hex: the ETag without its quotes
  std::uint64_t size = 0;
  WallTime last_modified;
  Fields headers;    ///< given back with the object: Content-Type, x-amz-meta-*, ...
  Fields checksums;  ///< given back to those who ask: x-amz-checksum-*
};

/// Which object: names as the caller wrote them.
struct ObjectName {
  std::string account;
  std::string bucket;
  std::string key;
};

[[nodiscard]] std::string bucket_key(std::string_view account, std::string_view bucket);
[[nodiscard]] std::string buckets_prefix(std::string_view account);
[[nodiscard]] std::string object_key(const ObjectName& name);
[[nodiscard]] std::string objects_prefix(std::string_view account, std::string_view bucket);
/// An object that uses the blob: present as long as its record names it.
[[nodiscard]] std::string reference_key(std::string_view sha256, const ObjectName& name);
[[nodiscard]] std::string references_prefix(std::string_view sha256);
/// A blob that may be without references; present until somebody has looked.
[[nodiscard]] std::string garbage_key(std::string_view sha256);
[[nodiscard]] std::string garbage_prefix();

[[nodiscard]] std::string dump(const Bucket& bucket);
[[nodiscard]] std::string dump(const ObjectInfo& object);
/// kInternal for what dump() did not write.
[[nodiscard]] Result<Bucket> parse_bucket(std::string name, std::string_view record);
[[nodiscard]] Result<ObjectInfo> parse_object(std::string key, std::string_view record);

}  // namespace stator::s3
