#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

/// S3's errors by its names.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
namespace stator::s3 {

[[nodiscard]] inline Error s3_error(ErrorCode code, std::string type, std::string message) {
  return {code, std::move(message), std::move(type)};
}
[[nodiscard]] inline Error invalid_argument(std::string message) {
  return s3_error(ErrorCode::kInvalid, "InvalidArgument", std::move(message));
}
[[nodiscard]] inline Error no_such_bucket() {
  return s3_error(ErrorCode::kNotFound, "NoSuchBucket", "The specified bucket does not exist");
}
[[nodiscard]] inline Error no_such_key() {
  return s3_error(ErrorCode::kNotFound, "NoSuchKey", "The specified key does not exist.");
}
[[nodiscard]] inline Error no_such_version() {
  return s3_error(ErrorCode::kNotFound, "NoSuchVersion", "The specified version does not exist.");
}
[[nodiscard]] inline Error no_such_upload() {
  return s3_error(ErrorCode::kNotFound, "NoSuchUpload",
                  "The specified multipart upload does not exist. The upload ID might be invalid, "
                  "or the multipart upload might have been aborted or completed.");
}
[[nodiscard]] inline Error invalid_request(std::string message) {
  return s3_error(ErrorCode::kInvalid, "InvalidRequest", std::move(message));
}
[[nodiscard]] inline Error malformed_xml() {
  return s3_error(ErrorCode::kInvalid, "MalformedXML",
                  "The XML you provided was not well-formed or did not validate against our "
                  "published schema");
}
/// `what` names the header, parameter or operation that AWS has and stator does not.
[[nodiscard]] inline Error not_implemented(std::string_view what) {
  return s3_error(ErrorCode::kUnsupported, "NotImplemented",
                  "stator's S3 does not implement " + std::string(what));
}
[[nodiscard]] inline Error bad_digest(std::string_view which) {
  return s3_error(
      ErrorCode::kInvalid, "BadDigest",
      "The " + std::string(which) + " you specified did not match the calculated checksum.");
}
[[nodiscard]] inline Error slow_down() {
  return s3_error(ErrorCode::kUnavailable, "SlowDown", "Please reduce your request rate.");
}

}  // namespace stator::s3
