#pragma once

#include "aws/operation.hpp"
#include "s3/ops/upload_request.hpp"

namespace stator::s3 {

/// CopyObject, which is a PutObject whose bytes are another object's: it has no path of its own.
struct CopyRequest {
  ObjectName name;
  CopySource source;
  const http::Request& http;
};

/// NotImplemented for headers that a copy does not know.
[[nodiscard]] Result<void> check_copy_request(const aws::RawRequest& raw);
[[nodiscard]] Result<http::Response> copy_object(Objects& objects, const aws::Call& call,
                                                 const CopyRequest& request);

}  // namespace stator::s3
