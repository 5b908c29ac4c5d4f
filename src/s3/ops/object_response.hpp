#pragma once

#include <optional>
#include <string>

#include "aws/operation.hpp"
#include "s3/conditions.hpp"
#include "s3/objects.hpp"

namespace stator::s3 {

/// What GetObject and HeadObject read alike.
struct ObjectRequest {
  ObjectName name;
  std::string version = {};      ///< "" for the current one
  std::string range = {};        ///< "" for none
  std::optional<int> part = {};  ///< of those that it was uploaded in
  bool wants_checksums = false;  ///< x-amz-checksum-mode: ENABLED
  ReadConditions conditions = {};
  Fields overrides = {};  ///< headers that the answer is to have instead of its own
};

[[nodiscard]] Result<ObjectRequest> parse_object_request(const aws::Call& call,
                                                         const aws::RawRequest& raw);
/// s3:GetObject or, of one version, s3:GetObjectVersion.
[[nodiscard]] Result<aws::Needs> object_needs(const Objects& objects, const ObjectRequest& request);

/// The object, or the part of it that the range asks for, with its headers. As an answer to HEAD it
/// has no body and says how long that would be.
[[nodiscard]] Result<http::Response> object_response(const Objects& objects,
                                                     const ObjectRequest& request, bool is_head);

}  // namespace stator::s3
