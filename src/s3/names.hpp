#pragma once

#include <string_view>

#include "base/result.hpp"

namespace stator::s3 {

/// InvalidBucketName unless the name follows the rules for general purpose buckets.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
[[nodiscard]] Result<void> check_bucket_name(std::string_view name);

/// KeyTooLongError above 1024 bytes; InvalidURI unless it is UTF-8 text and not empty.
[[nodiscard]] Result<void> check_key(std::string_view key);

}  // namespace stator::s3
