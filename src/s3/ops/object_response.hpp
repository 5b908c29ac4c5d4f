#pragma once

#include <optional>
#include <string>

#include "aws/operation.hpp"
#include "s3/objects.hpp"

namespace stator::s3 {

/// What GetObject and HeadObject read alike.
struct ObjectRequest {
  ObjectName name;
  std::string range;             ///< "" for none
  bool wants_checksums = false;  ///< x-amz-checksum-mode: ENABLED
};

[[nodiscard]] Result<ObjectRequest> parse_object_request(const aws::Call& call,
                                                         const aws::RawRequest& raw);

/// The object, or the part of it that the range asks for, with its headers. Without a body, as an
/// answer to HEAD, it says how long the body would be.
[[nodiscard]] http::Response object_response(const ObjectRequest& request, const ObjectInfo& info,
                                             std::optional<std::string> body);

}  // namespace stator::s3
