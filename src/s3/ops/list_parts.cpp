#include <algorithm>

#include "base/time_format.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kPageMax = 1'000;

struct Request {
  UploadName name;
  std::size_t max = kPageMax;
  std::size_t after = 0;  ///< parts up to and with this number are left out
};

}  // namespace

aws::Operation list_parts(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(const auto parameters,
               Parameters::read(raw, {.query = {"uploadId", "max-parts", "part-number-marker"}}));
    Request request{
        {{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
         parameters.get("uploadId")}};
    STATOR_TRY(request.max, parameters.number("max-parts", kPageMax));
    request.max = std::min(request.max, kPageMax);
    STATOR_TRY(request.after, parameters.number("part-number-marker", 0));
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:ListMultipartUploadParts", request.name.object);
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto upload, objects.upload(request.name));
    STATOR_TRY(auto page, objects.parts(request.name));
    std::erase_if(page, [&request](const PartInfo& part) {
      return static_cast<std::size_t>(part.number) <= request.after;
    });
    const bool is_truncated = page.size() > request.max;
    if (is_truncated) page.resize(request.max);
    XmlDocument xml("ListPartsResult");
    xml.element("Bucket", request.name.object.bucket);
    xml.element("Key", request.name.object.key);
    xml.element("UploadId", request.name.id);
    xml.element("PartNumberMarker", std::to_string(request.after));
    if (is_truncated && !page.empty()) {
      xml.element("NextPartNumberMarker", std::to_string(page.back().number));
    }
    xml.element("MaxParts", std::to_string(request.max));
    xml.element("IsTruncated", is_truncated ? "true" : "false");
    xml.element("StorageClass", "STANDARD");
    for (const auto& part : page) {
      xml.open("Part");
      xml.element("PartNumber", std::to_string(part.number));
      xml.element("LastModified", iso8601_ms(part.last_modified));
      xml.element("ETag", "\"" + part.md5 + "\"");
      xml.element("Size", std::to_string(part.blob.size));
      add_checksum_elements(part.checksums, xml);
      xml.close("Part");
    }
    return std::move(xml).finish();
  };
  aws::ByPath path{"GET", "/{Bucket}/{Key+}"};
  path.required_query = "uploadId";
  return on_workers<Request>(objects, "ListParts", std::move(path), std::move(parts));
}

}  // namespace stator::s3
