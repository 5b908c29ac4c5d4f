#include <algorithm>

#include "base/bytes.hpp"
#include "base/time_format.hpp"
#include "s3/errors.hpp"
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
  VersionsQuery query = {};
  bool is_url_encoded = false;
};

http::Response write(const Request& request, const VersionsListing& listing) {
  const auto name = [&request](const std::string& text) {
    return request.is_url_encoded ? percent_encode(text, true) : text;
  };
  const auto& query = request.query;
  XmlDocument xml("ListVersionsResult");
  xml.element("Name", request.bucket.bucket);
  xml.element("Prefix", name(query.prefix));
  xml.element("KeyMarker", name(query.key_marker));
  xml.element("VersionIdMarker", query.id_marker);
  if (listing.is_truncated) {
    xml.element("NextKeyMarker", name(listing.next_key));
    if (!listing.next_id.empty()) xml.element("NextVersionIdMarker", listing.next_id);
  }
  if (!query.delimiter.empty()) xml.element("Delimiter", name(query.delimiter));
  if (request.is_url_encoded) xml.element("EncodingType", "url");
  xml.element("MaxKeys", std::to_string(query.max_keys));
  xml.element("IsTruncated", listing.is_truncated ? "true" : "false");
  for (const auto& [object, is_latest] : listing.versions) {
    const std::string_view kind = object.is_delete_marker ? "DeleteMarker" : "Version";
    xml.open(kind);
    xml.element("Key", name(object.key));
    xml.element("VersionId", shown_version(object));
    xml.element("IsLatest", is_latest ? "true" : "false");
    xml.element("LastModified", iso8601_ms(object.last_modified));
    if (!object.is_delete_marker) {
      xml.element("ETag", "\"" + object.etag + "\"");
      xml.element("Size", std::to_string(object.size));
      xml.element("StorageClass", "STANDARD");
    }
    xml.close(kind);
  }
  for (const auto& prefix : listing.common_prefixes) {
    xml.open("CommonPrefixes");
    xml.element("Prefix", name(prefix));
    xml.close("CommonPrefixes");
  }
  return std::move(xml).finish();
}

}  // namespace

aws::Operation list_object_versions(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        const auto parameters,
        Parameters::read(raw, {.query = {"versions", "prefix", "delimiter", "key-marker",
                                         "version-id-marker", "max-keys", "encoding-type"}}));
    Request request{{call.account, std::string(raw.label("Bucket")), ""}};
    request.query.prefix = parameters.get("prefix");
    request.query.delimiter = parameters.get("delimiter");
    request.query.key_marker = parameters.get("key-marker");
    request.query.id_marker = parameters.get("version-id-marker");
    STATOR_TRY(request.query.max_keys, parameters.number("max-keys", kPageMax));
    request.query.max_keys = std::min(request.query.max_keys, kPageMax);
    request.is_url_encoded = parameters.get("encoding-type") == "url";
    if (request.query.key_marker.empty() && !request.query.id_marker.empty()) {
      return invalid_argument("A version-id marker cannot be specified without a key marker.");
    }
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:ListBucketVersions", request.bucket, [&request] {
      aws::ConditionKeys keys{{"s3:prefix", {request.query.prefix}},
                              {"s3:max-keys", {std::to_string(request.query.max_keys)}}};
      if (!request.query.delimiter.empty()) {
        keys.push_back({"s3:delimiter", {request.query.delimiter}});
      }
      return keys;
    });
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto listing,
               objects.list_versions(request.bucket.account, request.bucket.bucket, request.query));
    return write(request, listing);
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "versions";
  return on_workers<Request>(objects, "ListObjectVersions", std::move(path), std::move(parts));
}

}  // namespace stator::s3
