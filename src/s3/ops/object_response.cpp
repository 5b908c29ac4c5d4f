#include "s3/ops/object_response.hpp"

#include "base/time_format.hpp"
#include "s3/byte_range.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

/// Status 416 has no ErrorCode of its own, so this error is written here.
http::Response invalid_range(const ObjectInfo& info, std::string_view range) {
  XmlDocument xml("Error");
  xml.element("Code", "InvalidRange");
  xml.element("Message", "The requested range is not satisfiable");
  xml.element("RangeRequested", range);
  xml.element("ActualObjectSize", std::to_string(info.size));
  auto response = std::move(xml).finish(416);
  response.headers.add("Content-Range", "bytes */" + std::to_string(info.size));
  return response;
}

}  // namespace

Result<ObjectRequest> parse_object_request(const aws::Call& call, const aws::RawRequest& raw) {
  STATOR_TRY([[maybe_unused]] const auto parameters,
             Parameters::read(raw, {.headers = {"x-amz-checksum-mode"}, .takes_range = true}));
  return ObjectRequest{
      {call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
      std::string(raw.http.headers.get("range")),
      raw.http.headers.get("x-amz-checksum-mode") == "ENABLED"};
}

http::Response object_response(const ObjectRequest& request, const ObjectInfo& info,
                               std::optional<std::string> body) {
  const auto range = read_byte_range(request.range, info.size);
  if (range.kind == ByteRange::Kind::kUnsatisfiable) return invalid_range(info, request.range);
  http::Response response;
  response.headers.add("ETag", "\"" + info.md5 + "\"");
  response.headers.add("Last-Modified", http_date(info.last_modified));
  response.headers.add("Accept-Ranges", "bytes");
  for (const auto& [name, value] : info.headers) response.headers.add(name, value);
  const bool is_part = range.kind == ByteRange::Kind::kPart;
  const std::uint64_t length = is_part ? range.last - range.first + 1 : info.size;
  if (is_part) {
    response.status = 206;
    response.headers.add("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                              std::to_string(range.last) + "/" +
                                              std::to_string(info.size));
  } else if (request.wants_checksums) {  // They are those of the whole.
    for (const auto& [name, value] : info.checksums) response.headers.add(name, value);
  }
  if (!body) {
    response.headers.add("Content-Length", std::to_string(length));
  } else {
    response.body = is_part ? body->substr(range.first, length) : std::move(*body);
  }
  return response;
}

}  // namespace stator::s3
