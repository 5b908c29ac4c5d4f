#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"
#include "s3/records.hpp"

namespace stator::s3 {

inline constexpr std::string_view kChecksumPrefix = "x-amz-checksum-";

/// One of S3's checksums of what comes piece by piece: crc32, crc32c, crc64nvme, sha1, sha256.
class Checksum {
 public:
  /// NotImplemented, naming it, for another algorithm.
  [[nodiscard]] static Result<std::unique_ptr<Checksum>> make(std::string_view algorithm);
  virtual ~Checksum() = default;
  virtual void update(std::string_view bytes) = 0;
  /// Raw bytes, the most significant first. Call it once, last.
  [[nodiscard]] virtual std::string finish() = 0;
};

/// base64, as the wire carries it.
[[nodiscard]] Result<std::string> checksum_of(std::string_view algorithm, std::string_view body);

/// "COMPOSITE": the checksum of the parts' checksums, with their number. InvalidPart for a part
/// that has none.
[[nodiscard]] Result<std::string> composite_checksum(std::string_view algorithm,
                                                     const std::vector<PartInfo>& parts);

/// Compares the body with every checksum in the headers (Content-MD5, x-amz-checksum-ALGORITHM) and
/// returns the latter, to be kept with the object. Where the client names an algorithm and no value
/// (x-amz-sdk-checksum-algorithm), it is computed. BadDigest or InvalidDigest for one that does not
/// fit or is no checksum.
[[nodiscard]] Result<Fields> verify_checksums(const http::Headers& headers, std::string_view body);

/// The x-amz-checksum-ALGORITHM headers as they are.
[[nodiscard]] Fields sent_checksums(const http::Headers& headers);

}  // namespace stator::s3
