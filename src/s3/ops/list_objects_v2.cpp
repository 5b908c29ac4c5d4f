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
  std::string bucket;
  ListQuery query;
  bool is_url_encoded = false;
};

Result<Request> parse(const aws::Call&, const aws::RawRequest& raw) {
  STATOR_TRY(const auto parameters,
             Parameters::read(raw, {.query = {"list-type", "prefix", "delimiter", "max-keys",
                                              "continuation-token", "start-after", "encoding-type",
                                              "fetch-owner"}}));
  if (parameters.get("list-type") != "2") return invalid_argument("list-type must be 2");
  if (parameters.get("fetch-owner") == "true") return not_implemented("fetch-owner");
  Request request;
  request.bucket = raw.label("Bucket");
  request.query.prefix = parameters.get("prefix");
  request.query.delimiter = parameters.get("delimiter");
  request.query.start_after = parameters.get("start-after");
  const auto token = parameters.find("continuation-token");
  if (token && token->empty()) {
    return invalid_argument("The continuation token provided is incorrect");
  }
  request.query.token = token.value_or("");
  STATOR_TRY(request.query.max_keys, parameters.number("max-keys", kPageMax));
  request.query.max_keys = std::min(request.query.max_keys, kPageMax);
  const auto encoding = parameters.get("encoding-type");
  if (!encoding.empty() && encoding != "url") {
    return invalid_argument("Invalid Encoding Method specified in Request");
  }
  request.is_url_encoded = encoding == "url";
  return request;
}

/// Those that the request has; a request without a prefix has an empty one.
aws::ConditionKeys keys_of(const Request& request) {
  aws::ConditionKeys keys{{"s3:prefix", {request.query.prefix}},
                          {"s3:max-keys", {std::to_string(request.query.max_keys)}}};
  if (!request.query.delimiter.empty()) {
    keys.push_back({"s3:delimiter", {request.query.delimiter}});
  }
  return keys;
}

http::Response write(const Request& request, const Listing& listing) {
  const auto name = [&](std::string_view text) {
    return request.is_url_encoded ? percent_encode(text, true) : std::string(text);
  };
  const ListQuery& query = request.query;
  XmlDocument xml("ListBucketResult");
  xml.element("Name", request.bucket);
  xml.element("Prefix", name(query.prefix));
  if (!query.delimiter.empty()) xml.element("Delimiter", name(query.delimiter));
  if (!query.start_after.empty()) xml.element("StartAfter", name(query.start_after));
  if (!query.token.empty()) xml.element("ContinuationToken", query.token);
  if (request.is_url_encoded) xml.element("EncodingType", "url");
  xml.element("KeyCount", std::to_string(listing.objects.size() + listing.common_prefixes.size()));
  xml.element("MaxKeys", std::to_string(query.max_keys));
  xml.element("IsTruncated", listing.next_token.empty() ? "false" : "true");
  if (!listing.next_token.empty()) xml.element("NextContinuationToken", listing.next_token);
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

aws::Operation list_objects_v2(Objects& objects) {
  Parts<Request> parts;
  parts.parse = parse;
  parts.needs = [&objects](const aws::Call& call, const Request& request) {
    return needs_of(objects, "s3:ListBucket", {call.account, request.bucket, ""},
                    [&request] { return keys_of(request); });
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto listing, objects.list(call.account, request.bucket, request.query));
    return write(request, listing);
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = "list-type";
  return on_workers<Request>(objects, "ListObjectsV2", std::move(path), std::move(parts));
}

}  // namespace stator::s3
