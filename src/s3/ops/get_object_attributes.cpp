#include <algorithm>

#include "base/strings.hpp"
#include "base/time_format.hpp"
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
  std::string version;                  ///< "" for the current one
  const http::Request* http = nullptr;  ///< lives until the answer
  std::vector<std::string> attributes = {};

  [[nodiscard]] bool wants(std::string_view attribute) const {
    return std::find(attributes.begin(), attributes.end(), attribute) != attributes.end();
  }
};

Result<std::vector<std::string>> read_attributes(const http::Headers& headers) {
  constexpr std::string_view kKnown[] = {"ETag", "Checksum", "ObjectParts", "StorageClass",
                                         "ObjectSize"};
  std::vector<std::string> attributes;
  for (const auto& [name, value] : headers.fields()) {
    if (!equals_ignore_case(name, "x-amz-object-attributes")) continue;
    for (const auto one : split(value, ',')) {
      const auto attribute = trim(one);
      if (std::find(std::begin(kKnown), std::end(kKnown), attribute) == std::end(kKnown)) {
        return invalid_argument("Invalid attribute name specified.");
      }
      attributes.emplace_back(attribute);
    }
  }
  if (attributes.empty()) {
    return invalid_request(
        "The x-amz-object-attributes header specifying the attributes to be "
        "retrieved is either missing or empty");
  }
  return attributes;
}

http::Response write(const Request& request, const ObjectInfo& info) {
  XmlDocument xml("GetObjectAttributesResponse");
  if (request.wants("ETag")) xml.element("ETag", info.etag);
  if (request.wants("Checksum") && !info.checksums.empty()) {
    xml.open("Checksum");
    add_checksum_elements(info.checksums, xml);
    xml.element("ChecksumType", info.checksum_type.empty() ? "FULL_OBJECT" : info.checksum_type);
    xml.close("Checksum");
  }
  if (request.wants("ObjectParts") && info.etag.find('-') != std::string::npos) {
    xml.open("ObjectParts");
    xml.element("PartsCount", std::to_string(info.blobs.size()));
    xml.close("ObjectParts");
  }
  if (request.wants("StorageClass")) xml.element("StorageClass", "STANDARD");
  if (request.wants("ObjectSize")) xml.element("ObjectSize", std::to_string(info.size));
  auto response = std::move(xml).finish();
  response.headers.add("Last-Modified", http_date(info.last_modified));
  if (!info.version_id.empty()) response.headers.add("x-amz-version-id", info.version_id);
  return response;
}

}  // namespace

aws::Operation get_object_attributes(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(const auto parameters,
               Parameters::read(raw, {.query = {"attributes", "versionId"},
                                      .headers = {"x-amz-object-attributes"}}));
    Request request{{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
                    parameters.get("versionId")};
    request.http = &raw.http;
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(
        objects,
        request.version.empty() ? "s3:GetObjectAttributes" : "s3:GetObjectVersionAttributes",
        request.name);
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto info, objects.info(request.name, request.version));
    if (info.is_delete_marker) return no_such_key();
    auto wanted = request;
    STATOR_TRY(wanted.attributes, read_attributes(request.http->headers));
    return write(wanted, info);
  };
  aws::ByPath path{"GET", "/{Bucket}/{Key+}"};
  path.required_query = "attributes";
  return on_workers<Request>(objects, "GetObjectAttributes", std::move(path), std::move(parts));
}

}  // namespace stator::s3
