#include <charconv>

#include "base/time_format.hpp"
#include "s3/byte_range.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

/// Copied through memory, so not without a bound.
constexpr std::uint64_t kCopiedBytesMax = 512u << 20;

struct Request {
  UploadName name;
  std::string number;
  const http::Request* http = nullptr;  ///< lives until the answer
  std::optional<CopySource> source = {};
};

Result<int> read_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > 10'000) {
    return invalid_argument("Part number must be an integer between 1 and 10000, inclusive");
  }
  return number;
}

/// The bytes that UploadPartCopy copies.
Result<std::string> copied_bytes(Objects& objects, const Request& request) {
  const auto reading = objects.start_reading();
  STATOR_TRY(const auto source, find_copy_source(objects, *request.source, request.http->headers));
  std::optional<Span> span;
  if (const auto text = request.http->headers.find("x-amz-copy-source-range")) {
    const auto range = read_byte_range(*text, source.size);
    if (range.kind != ByteRange::Kind::kPart) {
      return invalid_argument(
          "The x-amz-copy-source-range value must be of the form bytes=first-last where first and "
          "last are the zero-based offsets of the first and last bytes to copy");
    }
    span = Span{range.first, range.last};
  }
  if ((span ? span->last - span->first + 1 : source.size) > kCopiedBytesMax) {
    return not_implemented("UploadPartCopy of more than 512 MiB at once");
  }
  return objects.body(reading, source, span);
}

/// UploadPartCopy: a part whose bytes are another object's.
Result<http::Response> copy_part(Objects& objects, const aws::Call& call, const Request& request) {
  STATOR_TRY(const int number, read_number(request.number));
  STATOR_TRY(const auto bytes, copied_bytes(objects, request));
  Upload upload;
  upload.body = bytes;
  upload.now = call.now;
  STATOR_TRY(const auto part, objects.put_part(request.name, number, std::move(upload)));
  XmlDocument xml("CopyPartResult");
  xml.element("LastModified", iso8601_ms(part.last_modified));
  xml.element("ETag", "\"" + part.md5 + "\"");
  add_checksum_elements(part.checksums, xml);
  return std::move(xml).finish();
}

}  // namespace

aws::Operation upload_part(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        const auto parameters,
        Parameters::read(
            raw, {.query = {"partNumber", "uploadId"},
                  .headers = {"x-amz-checksum-*", "x-amz-sdk-checksum-algorithm",
                              "x-amz-decoded-content-length", "x-amz-trailer", "x-amz-copy-source",
                              "x-amz-copy-source-range", "x-amz-copy-source-if-*"}}));
    Request request{
        {{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
         parameters.get("uploadId")}};
    request.number = parameters.get("partNumber");
    request.http = &raw.http;
    if (raw.http.headers.find("x-amz-copy-source")) {
      STATOR_TRY(request.source, read_copy_source(call, raw.http.headers));
    }
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    STATOR_TRY(auto wanted, needs_of(objects, "s3:PutObject", request.name.object));
    if (request.source) {
      STATOR_TRY(auto reading, copy_source_need(objects, *request.source));
      wanted.push_back(std::move(reading));
    }
    return wanted;
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) -> Result<http::Response> {
    if (request.source) return copy_part(objects, call, request);
    STATOR_TRY(const int number, read_number(request.number));
    SentBody body;
    STATOR_TRY_VOID(read_body(*request.http, body));
    Upload upload;
    upload.body = body.bytes;
    upload.checksums = std::move(body.checksums);
    upload.sha256 = std::move(body.sha256);
    upload.now = call.now;
    STATOR_TRY(const auto part, objects.put_part(request.name, number, std::move(upload)));
    http::Response response;
    response.headers.add("ETag", "\"" + part.md5 + "\"");
    for (const auto& [name, value] : part.checksums) response.headers.add(name, value);
    return response;
  };
  aws::ByPath path{"PUT", "/{Bucket}/{Key+}"};
  path.required_query = "uploadId";
  return on_workers<Request>(objects, "UploadPart", std::move(path), std::move(parts));
}

}  // namespace stator::s3
