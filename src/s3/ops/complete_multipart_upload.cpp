#include <charconv>

#include "base/bytes.hpp"
#include "s3/checksum.hpp"
#include "s3/conditions.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kPartsMax = 10'000;

struct Request {
  UploadName name;
  const http::Request* http;  ///< lives until the answer
};

Result<std::vector<Completion::Part>> read_parts(std::string_view body) {
  STATOR_TRY(const auto xml, parse_xml(body, "CompleteMultipartUpload"));
  STATOR_TRY_VOID(xml.allow_only({"Part"}));
  if (xml.children.empty() || xml.children.size() > kPartsMax) return malformed_xml();
  std::vector<Completion::Part> parts;
  for (const auto& child : xml.children) {
    Completion::Part part;
    const auto number = child.text_of("PartNumber");
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), part.number);
    if (error != std::errc() || end != number.data() + number.size()) return malformed_xml();
    part.etag = bare_etag(child.text_of("ETag"));
    part.checksums = checksum_elements(child);
    parts.push_back(std::move(part));
  }
  return parts;
}

/// x-amz-mp-object-size, when it is said, is what the parts come to.
Result<void> check_size(const Objects& objects, const Request& request,
                        const Completion& completion) {
  const auto said = request.http->headers.find("x-amz-mp-object-size");
  if (!said) return {};
  STATOR_TRY(const auto uploaded, objects.parts(request.name));
  std::uint64_t size = 0;
  for (const auto& part : uploaded) {
    for (const auto& wanted : completion.parts)
      size += wanted.number == part.number ? part.blob.size : 0;
  }
  if (std::to_string(size) == *said) return {};
  return invalid_request("The provided 'x-amz-mp-object-size' header value " + std::string(*said) +
                         " does not match what was computed: " + std::to_string(size));
}

}  // namespace

aws::Operation complete_multipart_upload(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        const auto parameters,
        Parameters::read(raw, {.query = {"uploadId"},
                               .headers = {"x-amz-checksum-*", "x-amz-sdk-checksum-algorithm",
                                           "x-amz-mp-object-size"},
                               .takes_conditions = true}));
    return Request{{{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
                    parameters.get("uploadId")},
                   &raw.http};
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects, "s3:PutObject", request.name.object);
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) -> Result<http::Response> {
    Completion completion;
    STATOR_TRY(completion.parts, read_parts(request.http->body));
    completion.checksums = sent_checksums(request.http->headers);
    STATOR_TRY(completion.conditions, read_write_conditions(request.http->headers));
    completion.now = call.now;
    STATOR_TRY_VOID(check_size(objects, request, completion));
    STATOR_TRY(const auto info, objects.complete(request.name, completion));
    const auto& name = request.name.object;
    XmlDocument xml("CompleteMultipartUploadResult");
    xml.element("Location", "/" + name.bucket + "/" + percent_encode(name.key, true));
    xml.element("Bucket", name.bucket);
    xml.element("Key", name.key);
    xml.element("ETag", "\"" + info.etag + "\"");
    add_checksum_elements(info.checksums, xml);
    if (!info.checksums.empty()) {
      xml.element("ChecksumType", info.checksum_type.empty() ? "FULL_OBJECT" : info.checksum_type);
    }
    auto response = std::move(xml).finish();
    if (!info.version_id.empty()) response.headers.add("x-amz-version-id", info.version_id);
    return response;
  };
  aws::ByPath path{"POST", "/{Bucket}/{Key+}"};
  path.required_query = "uploadId";
  return on_workers<Request>(objects, "CompleteMultipartUpload", std::move(path), std::move(parts));
}

}  // namespace stator::s3
