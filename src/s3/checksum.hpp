#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"
#include "s3/records.hpp"

namespace stator::s3 {

/// Compares the body with every checksum in the headers (Content-MD5, x-amz-checksum-crc32,
/// -crc32c, -sha256) and returns the latter, to be kept with the object. BadDigest or InvalidDigest
/// for one that does not fit or is no checksum; NotImplemented for an algorithm that is not here.
[[nodiscard]] Result<Fields> verify_checksums(const http::Headers& headers, std::string_view body);

}  // namespace stator::s3
