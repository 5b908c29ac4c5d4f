#include <algorithm>

#include "base/strings.hpp"
#include "s3/checksum.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

struct Request {
  ObjectName name;
  UploadInfo upload = {};
  bool has_tags = false;
};

std::string to_upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

/// SHAs can only be those of the parts, CRC-64 only that of the whole; the others may be both.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
Result<void> read_checksum(const http::Headers& headers, UploadInfo& upload) {
  upload.checksum_algorithm = to_lower(headers.get("x-amz-checksum-algorithm"));
  if (upload.checksum_algorithm.empty()) {
    if (headers.find("x-amz-checksum-type")) {
      return invalid_request("x-amz-checksum-type needs x-amz-checksum-algorithm");
    }
    return {};
  }
  STATOR_TRY([[maybe_unused]] const auto known, Checksum::make(upload.checksum_algorithm));
  const bool is_whole_only = upload.checksum_algorithm == "crc64nvme";
  const bool is_parts_only = upload.checksum_algorithm.starts_with("sha");
  upload.checksum_type = headers.get("x-amz-checksum-type");
  if (upload.checksum_type.empty()) {
    upload.checksum_type = is_whole_only ? "FULL_OBJECT" : "COMPOSITE";
  }
  const bool is_whole = upload.checksum_type == "FULL_OBJECT";
  if ((!is_whole && upload.checksum_type != "COMPOSITE") || (is_whole && is_parts_only) ||
      (!is_whole && is_whole_only)) {
    return invalid_request("The " + upload.checksum_type +
                           " checksum type cannot be used with the " + upload.checksum_algorithm +
                           " checksum algorithm.");
  }
  return {};
}

}  // namespace

aws::Operation create_multipart_upload(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        [[maybe_unused]] const auto parameters,
        Parameters::read(raw, {.query = {"uploads"},
                               .headers = {"x-amz-meta-*", "x-amz-storage-class", "x-amz-acl",
                                           "x-amz-tagging", "x-amz-server-side-encryption",
                                           "x-amz-checksum-algorithm", "x-amz-checksum-type"}}));
    const auto& headers = raw.http.headers;
    STATOR_TRY_VOID(check_fixed_values(headers));
    Request request{
        {call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))}};
    request.has_tags = headers.find("x-amz-tagging").has_value();
    request.upload.key = request.name.key;
    STATOR_TRY(request.upload.labels, read_labels(headers));
    STATOR_TRY_VOID(read_checksum(headers, request.upload));
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    STATOR_TRY(auto wanted, needs_of(objects, "s3:PutObject", request.name));
    if (request.has_tags) {
      STATOR_TRY(auto tagging, needs_of(objects, "s3:PutObjectTagging", request.name));
      wanted.push_back(std::move(tagging.front()));
    }
    return wanted;
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) -> Result<http::Response> {
    auto upload = request.upload;
    upload.initiated = call.now;
    STATOR_TRY(const auto id, objects.begin_upload(request.name, std::move(upload)));
    XmlDocument xml("InitiateMultipartUploadResult");
    xml.element("Bucket", request.name.bucket);
    xml.element("Key", request.name.key);
    xml.element("UploadId", id);
    auto response = std::move(xml).finish();
    const auto& algorithm = request.upload.checksum_algorithm;
    if (!algorithm.empty()) {
      response.headers.add("x-amz-checksum-algorithm", to_upper(algorithm));
      response.headers.add("x-amz-checksum-type", request.upload.checksum_type);
    }
    for (const auto& [name, value] : request.upload.labels.headers) {
      if (name == "x-amz-server-side-encryption") response.headers.add(name, value);
    }
    return response;
  };
  aws::ByPath path{"POST", "/{Bucket}/{Key+}"};
  path.required_query = "uploads";
  return on_workers<Request>(objects, "CreateMultipartUpload", std::move(path), std::move(parts));
}

}  // namespace stator::s3
