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
  ListQuery query = {};
  bool is_url_encoded = false;
};

http::Response write(const Request& request, const Listing& listing) {
  const auto name = [&request](const std::string& text) {
    return request.is_url_encoded ? percent_encode(text, true) : text;
  };
  const ListQuery& query = request.query;
  XmlDocument xml("ListBucketResult");
  xml.element("Name", request.bucket.bucket);
  xml.element("Prefix", name(query.prefix));
  xml.element("Marker", name(query.start_after));
  if (!query.delimiter.empty()) xml.element("Delimiter", name(query.delimiter));
  if (request.is_url_encoded) xml.element("EncodingType", "url");
  xml.element("MaxKeys", std::to_string(query.max_keys));
  xml.element("IsTruncated", listing.next_token.empty() ? "false" : "true");
  if (!listing.next_token.empty() && !query.delimiter.empty()) {
    xml.element("NextMarker", name(listing.last));
  }
  for (const auto& object : listing.objects) {
    xml.open("Contents");
    xml.element("Key", name(object.key));
    xml.element("LastModified", iso8601_ms(object.last_modified));
    xml.element("ETag", "\"" + object.etag + "\"");
    xml.element("Size", std::to_string(object.size));
    xml.element("StorageClass", "STANDARD");
    xml.close("Contents");
  }
  for (const auto& prefix : listing.common_prefixes) {
    xml.open("CommonPrefixes");
    xml.element("Prefix", name(prefix));
    xml.close("CommonPrefixes");
  }
  return std::move(xml).finish();
}

}  // namespace

aws::Operation list_objects(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(const auto parameters,
               Parameters::read(
                   raw, {.query = {"prefix", "delimiter", "max-keys", "marker", "encoding-type"}}));
    Request request{{call.account, std::string(raw.label("Bucket")), ""}};
    request.query.prefix = parameters.get("prefix");
    request.query.delimiter = parameters.get("delimiter");
    request.query.start_after = parameters.get("marker");
    STATOR_TRY(request.query.max_keys, parameters.number("max-keys", kPageMax));
    request.query.max_keys = std::min(request.query.max_keys, kPageMax);
    request.is_url_encoded = parameters.get("encoding-type") == "url";
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:ListBucket", request.bucket, [&request] {
      aws::ConditionKeys keys{{"s3:prefix", {request.query.prefix}},
                              {"s3:max-keys", {std::to_string(request.query.max_keys)}}};
      if (!request.query.delimiter.empty()) {
        keys.push_back({"s3:delimiter", {request.query.delimiter}});
      }
      return keys;
    });
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    auto query = request.query;
    // A marker may be the common prefix that the page before ended with.
    if (!query.delimiter.empty() && query.start_after.ends_with(query.delimiter)) {
      query.is_after_prefix = true;
    }
    STATOR_TRY(const auto listing,
               objects.list(request.bucket.account, request.bucket.bucket, query));
    return write(request, listing);
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  return on_workers<Request>(objects, "ListObjects", std::move(path), std::move(parts));
}

}  // namespace stator::s3
