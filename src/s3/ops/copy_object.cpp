#include "s3/ops/copy_object.hpp"

#include "base/time_format.hpp"
#include "s3/bucket_settings.hpp"
#include "s3/errors.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

/// COPY or REPLACE.
Result<bool> is_replacing(const http::Headers& headers, std::string_view name) {
  const auto directive = headers.find(name);
  if (!directive || *directive == "COPY") return false;
  if (*directive == "REPLACE") return true;
  return invalid_argument("Unknown " + std::string(name) + ".");
}

Result<Labels> labels_of_copy(const http::Headers& headers, const ObjectInfo& source) {
  STATOR_TRY(const bool replaces_metadata, is_replacing(headers, "x-amz-metadata-directive"));
  STATOR_TRY(const bool replaces_tags, is_replacing(headers, "x-amz-tagging-directive"));
  Labels labels = source.labels;
  STATOR_TRY(auto given, read_labels(headers));
  if (replaces_metadata) {
    labels.headers = std::move(given.headers);
  } else if (const auto encryption = headers.find("x-amz-server-side-encryption")) {
    std::erase_if(labels.headers,
                  [](const auto& one) { return one.first == "x-amz-server-side-encryption"; });
    labels.headers.emplace_back("x-amz-server-side-encryption", *encryption);
  }
  if (replaces_tags) labels.tags = std::move(given.tags);
  return labels;
}

}  // namespace

Result<void> check_copy_request(const aws::RawRequest& raw) {
  STATOR_TRY(
      [[maybe_unused]] const auto parameters,
      Parameters::read(
          raw, {.headers = {"x-amz-meta-*", "x-amz-storage-class", "x-amz-acl", "x-amz-tagging",
                            "x-amz-server-side-encryption", "x-amz-sdk-checksum-algorithm",
                            "x-amz-copy-source", "x-amz-copy-source-if-*",
                            "x-amz-metadata-directive", "x-amz-tagging-directive"},
                .takes_conditions = true}));
  return check_fixed_values(raw.http.headers);
}

Result<http::Response> copy_object(Objects& objects, const aws::Call& call,
                                   const CopyRequest& request) {
  const auto& headers = request.http.headers;
  STATOR_TRY(const auto source, find_copy_source(objects, request.source, headers));
  STATOR_TRY(const bool replaces_metadata, is_replacing(headers, "x-amz-metadata-directive"));
  const auto& from = request.source.name;
  if (from.bucket == request.name.bucket && from.key == request.name.key &&
      request.source.version.empty() && !replaces_metadata &&
      !headers.find("x-amz-server-side-encryption") && !headers.find("x-amz-storage-class")) {
    return invalid_request(
        "This copy request is illegal because it is trying to copy an object to itself without "
        "changing the object's metadata, storage class, website redirect location or encryption "
        "attributes.");
  }
  Upload upload;
  upload.now = call.now;
  STATOR_TRY(upload.labels, labels_of_copy(headers, source));
  STATOR_TRY(upload.conditions, read_write_conditions(headers));
  STATOR_TRY(const auto info, objects.copy(source, request.name, std::move(upload)));
  XmlDocument xml("CopyObjectResult");
  xml.element("LastModified", iso8601_ms(info.last_modified));
  xml.element("ETag", "\"" + info.etag + "\"");
  add_checksum_elements(info.checksums, xml);
  auto response = std::move(xml).finish();
  auto without_checksums = info;
  without_checksums.checksums.clear();
  add_written(without_checksums, response);
  if (!source.version_id.empty()) {
    response.headers.add("x-amz-copy-source-version-id", source.version_id);
  }
  return response;
}

}  // namespace stator::s3
