#include "s3/ops/object_response.hpp"

#include <algorithm>
#include <charconv>

#include "base/time_format.hpp"
#include "s3/body_stream.hpp"
#include "s3/byte_range.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

/// A larger body is not gathered in memory but sent as it is read.
constexpr std::uint64_t kGatheredBytesMax = 64u << 20;

constexpr std::pair<std::string_view, std::string_view> kOverrides[] = {
    {"response-content-type", "Content-Type"},
    {"response-content-language", "Content-Language"},
    {"response-expires", "Expires"},
    {"response-cache-control", "Cache-Control"},
    {"response-content-disposition", "Content-Disposition"},
    {"response-content-encoding", "Content-Encoding"}};

http::Response invalid_range(const ObjectInfo& info, std::string_view range) {
  auto response = error_document(416, {{"Code", "InvalidRange"},
                                       {"Message", "The requested range is not satisfiable"},
                                       {"RangeRequested", range},
                                       {"ActualObjectSize", std::to_string(info.size)}});
  response.headers.add("Content-Range", "bytes */" + std::to_string(info.size));
  return response;
}

http::Response delete_marker(const ObjectInfo& info) {
  auto response = error_document(
      405, {{"Code", "MethodNotAllowed"},
            {"Message", "The specified method is not allowed against this resource."}});
  response.headers.add("Allow", "DELETE");
  response.headers.add("x-amz-delete-marker", "true");
  response.headers.add("x-amz-version-id", shown_version(info));
  return response;
}

Result<std::optional<int>> read_part_number(const Parameters& parameters) {
  const auto text = parameters.find("partNumber");
  if (!text) return std::optional<int>();
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < 1 || number > 10'000) {
    return invalid_argument("Part number must be an integer between 1 and 10000, inclusive");
  }
  return std::optional<int>(number);
}

/// Where a part of the object lies.
std::optional<ByteRange> range_of_part(const ObjectInfo& info, int number) {
  if (static_cast<std::size_t>(number) > info.blobs.size()) return std::nullopt;
  std::uint64_t first = 0;
  for (int i = 0; i + 1 < number; ++i) first += info.blobs[static_cast<std::size_t>(i)].size;
  const auto size = info.blobs[static_cast<std::size_t>(number) - 1].size;
  if (size == 0) return ByteRange{};
  return ByteRange{ByteRange::Kind::kPart, first, first + size - 1};
}

void add_labels(const ObjectRequest& request, const ObjectInfo& info, http::Response& response) {
  response.headers.add("ETag", "\"" + info.etag + "\"");
  response.headers.add("Last-Modified", http_date(info.last_modified));
  response.headers.add("Accept-Ranges", "bytes");
  for (const auto& [name, value] : info.labels.headers) response.headers.add(name, value);
  for (const auto& [name, value] : request.overrides) response.headers.set(name, value);
  if (!info.version_id.empty()) response.headers.add("x-amz-version-id", info.version_id);
  if (!info.labels.tags.empty()) {
    response.headers.add("x-amz-tagging-count", std::to_string(info.labels.tags.size()));
  }
  if (request.part && info.etag.find('-') != std::string::npos) {
    response.headers.add("x-amz-mp-parts-count", std::to_string(info.blobs.size()));
  }
}

void add_checksums(const ObjectInfo& info, http::Response& response) {
  for (const auto& [name, value] : info.checksums) response.headers.add(name, value);
  if (info.checksums.empty()) return;
  response.headers.add("x-amz-checksum-type",
                       info.checksum_type.empty() ? "FULL_OBJECT" : info.checksum_type);
}

}  // namespace

Result<ObjectRequest> parse_object_request(const aws::Call& call, const aws::RawRequest& raw) {
  STATOR_TRY(
      const auto parameters,
      Parameters::read(
          raw, {.query = {"versionId", "partNumber", "response-content-type",
                          "response-content-language", "response-expires", "response-cache-control",
                          "response-content-disposition", "response-content-encoding"},
                .headers = {"x-amz-checksum-mode"},
                .takes_range = true,
                .takes_conditions = true}));
  ObjectRequest request{
      {call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))}};
  request.version = parameters.get("versionId");
  request.range = raw.http.headers.get("range");
  STATOR_TRY(request.part, read_part_number(parameters));
  if (request.part && !request.range.empty()) {
    return invalid_request("Cannot specify both Range header and partNumber query parameter");
  }
  request.wants_checksums = raw.http.headers.get("x-amz-checksum-mode") == "ENABLED";
  request.conditions = read_conditions(raw.http.headers);
  for (const auto& [parameter, header] : kOverrides) {
    if (const auto value = parameters.find(parameter))
      request.overrides.emplace_back(header, *value);
  }
  return request;
}

Result<aws::Needs> object_needs(const Objects& objects, const ObjectRequest& request) {
  return needs_of(objects, request.version.empty() ? "s3:GetObject" : "s3:GetObjectVersion",
                  request.name);
}

Result<http::Response> object_response(const Objects& objects, const ObjectRequest& request,
                                       bool is_head) {
  const auto reading = objects.start_reading();
  STATOR_TRY(const auto info, objects.info(request.name, request.version));
  if (info.is_delete_marker) return delete_marker(info);
  const auto outcome = check(request.conditions, info);
  if (outcome == ConditionsOutcome::kFailed) {
    return s3_error(ErrorCode::kPrecondition, "PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold");
  }
  http::Response response;
  add_labels(request, info, response);
  if (outcome == ConditionsOutcome::kNotModified) {
    response.status = 304;
    return response;
  }
  auto range = read_byte_range(request.range, info.size);
  if (request.part) {
    const auto part = range_of_part(info, *request.part);
    if (!part) {
      return error_document(416, {{"Code", "InvalidPartNumber"},
                                  {"Message", "The requested partnumber is not satisfiable"}});
    }
    range = *part;
  }
  if (range.kind == ByteRange::Kind::kUnsatisfiable) return invalid_range(info, request.range);
  const bool is_part = range.kind == ByteRange::Kind::kPart;
  const std::uint64_t length = is_part ? range.last - range.first + 1 : info.size;
  if (is_part) {
    response.status = 206;
    response.headers.add("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                              std::to_string(range.last) + "/" +
                                              std::to_string(info.size));
  }
  // They are those of the whole.
  if (request.wants_checksums && length == info.size) add_checksums(info, response);
  if (is_head) {
    response.headers.add("Content-Length", std::to_string(length));
  } else if (length <= kGatheredBytesMax) {
    const auto span = is_part ? std::optional(Span{range.first, range.last}) : std::nullopt;
    STATOR_TRY(response.body, objects.body(reading, info, span));
  } else {
    STATOR_TRY(auto files, objects.open_body(reading, info));
    const Span span{is_part ? range.first : 0, is_part ? range.last : info.size - 1};
    response.stream = stream_body(std::move(files), info, span, objects.workers());
  }
  return response;
}

}  // namespace stator::s3
