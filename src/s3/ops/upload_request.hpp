#pragma once

#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "http/message.hpp"
#include "s3/objects.hpp"
#include "s3/xml.hpp"

/// What the operations that write objects read alike.
namespace stator::s3 {

inline constexpr std::size_t kObjectTagsMax = 10;

/// NotImplemented for a storage class, an ACL or an encryption that stator has not.
[[nodiscard]] Result<void> check_fixed_values(const http::Headers& headers);

/// What the headers say of an object: Content-Type and its like, metadata, tags.
[[nodiscard]] Result<Labels> read_labels(const http::Headers& headers);

/// If-None-Match: * and If-Match.
[[nodiscard]] Result<WriteConditions> read_write_conditions(const http::Headers& headers);

/// A body without the coding of its transfer, verified.
struct SentBody {
  std::string decoded = {};  ///< "" when the body needed no decoding
  std::string_view bytes;    ///< of `decoded` or of the request
  Fields checksums = {};
  std::string sha256 = {};  ///< that it is claimed to have, or ""
};
/// `request` outlives what is returned, which must not be moved while `bytes` are in use.
[[nodiscard]] Result<void> read_body(const http::Request& request, SentBody& body);

/// The headers of an answer to what wrote an object.
void add_written(const ObjectInfo& info, http::Response& response);

/// <ChecksumCRC32> and its like, for "x-amz-checksum-crc32".
void add_checksum_elements(const Fields& checksums, XmlDocument& xml);
/// The other way round: from an element's children.
[[nodiscard]] Fields checksum_elements(const XmlElement& element);

/// The bucket and key of x-amz-copy-source, and the version or "".
struct CopySource {
  ObjectName name;
  std::string version = {};
};
[[nodiscard]] Result<CopySource> read_copy_source(const aws::Call& call,
                                                  const http::Headers& headers);
/// The source, if it is what x-amz-copy-source-if-... says.
[[nodiscard]] Result<ObjectInfo> find_copy_source(const Objects& objects, const CopySource& source,
                                                  const http::Headers& headers);
/// What reading the source needs.
[[nodiscard]] Result<aws::Permission> copy_source_need(const Objects& objects,
                                                       const CopySource& source);

}  // namespace stator::s3
