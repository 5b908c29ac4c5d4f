#include <algorithm>

#include "base/bytes.hpp"
#include "base/time_format.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kPageMax = 1'000;

struct Request {
  ObjectName bucket;
  std::string prefix = {};
  std::string key_marker = {};
  std::string id_marker = {};
  std::size_t max = kPageMax;
  bool is_url_encoded = false;
};

bool is_after_marker(const UploadInfo& upload, const Request& request) {
  if (request.key_marker.empty() || upload.key > request.key_marker) return true;
  return upload.key == request.key_marker && !request.id_marker.empty() &&
         upload.id > request.id_marker;
}

}  // namespace

aws::Operation list_multipart_uploads(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(const auto parameters,
               Parameters::read(raw, {.query = {"uploads", "prefix", "max-uploads", "key-marker",
                                                "upload-id-marker", "encoding-type"}}));
    Request request{{call.account, std::string(raw.label("Bucket")), ""}};
    request.prefix = parameters.get("prefix");
    request.key_marker = parameters.get("key-marker");
    request.id_marker = parameters.get("upload-id-marker");
    request.is_url_encoded = parameters.get("encoding-type") == "url";
    STATOR_TRY(request.max, parameters.number("max-uploads", kPageMax));
    request.max = std::min(request.max, kPageMax);
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:ListBucketMultipartUploads", request.bucket);
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    STATOR_TRY(auto uploads, objects.uploads(request.bucket.account, request.bucket.bucket));
    std::erase_if(uploads, [&request](const UploadInfo& upload) {
      return !upload.key.starts_with(request.prefix) || !is_after_marker(upload, request);
    });
    const bool is_truncated = uploads.size() > request.max;
    if (is_truncated) uploads.resize(request.max);
    const auto name = [&request](const std::string& text) {
      return request.is_url_encoded ? percent_encode(text, true) : text;
    };
    XmlDocument xml("ListMultipartUploadsResult");
    xml.element("Bucket", request.bucket.bucket);
    xml.element("KeyMarker", name(request.key_marker));
    xml.element("UploadIdMarker", request.id_marker);
    if (is_truncated && !uploads.empty()) {
      xml.element("NextKeyMarker", name(uploads.back().key));
      xml.element("NextUploadIdMarker", uploads.back().id);
    }
    xml.element("Prefix", name(request.prefix));
    if (request.is_url_encoded) xml.element("EncodingType", "url");
    xml.element("MaxUploads", std::to_string(request.max));
    xml.element("IsTruncated", is_truncated ? "true" : "false");
    for (const auto& upload : uploads) {
      xml.open("Upload");
      xml.element("Key", name(upload.key));
      xml.element("UploadId", upload.id);
      xml.element("StorageClass", "STANDARD");
      xml.element("Initiated", iso8601_ms(upload.initiated));
      xml.close("Upload");
    }
    return std::move(xml).finish();
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "uploads";
  return on_workers<Request>(objects, "ListMultipartUploads", std::move(path), std::move(parts));
}

}  // namespace stator::s3
