#pragma once

#include <string>
#include <string_view>

namespace stator::aws {

/// The bucket that an S3 request names by its Host header ("bucket.s3.eu-west-1.amazonaws.com",
/// "bucket.s3.localhost:4566", "bucket.localhost"); "" for a host that names none.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
[[nodiscard]] std::string virtual_bucket(std::string_view host);

}  // namespace stator::aws
