#include <algorithm>
#include <charconv>

#include "aws/aws_chunked.hpp"
#include "base/strings.hpp"
#include "s3/checksum.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kMetadataBytesMax = 2'048;
constexpr std::string_view kMetadataPrefix = "x-amz-meta-";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
/// Kept and given back with the object, under these spellings.
constexpr std::string_view kKeptHeaders[] = {"Content-Type",        "Cache-Control",
                                             "Content-Disposition", "Content-Encoding",
                                             "Content-Language",    "Expires"};

struct Request {
  std::string bucket;
  std::string key;
  http::Headers headers;
  std::string body;
};

/// The content codings but aws-chunked, which belongs to the transfer and not to the object.
std::string kept_coding(std::string_view sent) {
  std::vector<std::string> kept;
  for (const auto part : split(sent, ',')) {
    const auto coding = trim(part);
    if (!coding.empty() && !equals_ignore_case(coding, "aws-chunked")) kept.emplace_back(coding);
  }
  return join(kept, ",");
}

Result<Fields> kept_headers(const http::Headers& headers) {
  Fields kept;
  for (const auto name : kKeptHeaders) {
    const auto value = headers.find(name);
    if (!value) continue;
    std::string text = name == "Content-Encoding" ? kept_coding(*value) : std::string(*value);
    if (!text.empty()) kept.emplace_back(name, std::move(text));
  }
  if (!headers.find("content-type")) kept.emplace_back("Content-Type", "binary/octet-stream");
  std::size_t metadata_bytes = 0;
  for (const auto& [sent_name, value] : headers.fields()) {
    std::string name = to_lower(sent_name);
    if (!name.starts_with(kMetadataPrefix)) continue;
    metadata_bytes += name.size() - kMetadataPrefix.size() + value.size();
    kept.emplace_back(std::move(name), value);
  }
  if (metadata_bytes > kMetadataBytesMax) {
    return s3_error(ErrorCode::kInvalid, "MetadataTooLarge",
                    "Your metadata headers exceed the maximum allowed metadata size");
  }
  return kept;
}

Result<std::size_t> decoded_length(const http::Headers& headers) {
  const auto text = headers.get("x-amz-decoded-content-length");
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return s3_error(ErrorCode::kInvalid, "MissingContentLength",
                    "You must provide the x-amz-decoded-content-length HTTP header.");
  }
  return length;
}

/// x-amz-trailer announces what comes behind the body, and nothing else may. A trailer of an
/// unsigned body is unsigned too, so it may not change what the object is.
Result<void> check_trailer(const http::Headers& headers, const http::Headers& trailer) {
  const auto announced = split(headers.get("x-amz-trailer"), ',');
  for (const auto& [name, value] : trailer.fields()) {
    if (!name.starts_with("x-amz-checksum-")) return not_implemented("the trailer " + name);
    const bool is_announced = std::any_of(
        announced.begin(), announced.end(),
        [&name = name](std::string_view other) { return equals_ignore_case(trim(other), name); });
    if (!is_announced) {
      return s3_error(ErrorCode::kInvalid, "MalformedTrailerError",
                      "The request contained trailing data that was not well-formed or did not "
                      "conform to our published schema.");
    }
  }
  return {};
}

/// Takes the transfer's coding off the body and adds its trailer to the headers; the hash that the
/// body is claimed to have, or "". Signatures of chunks were verified with the request's own.
Result<std::string> undo_transfer(Request& request) {
  const std::string claim(request.headers.get("x-amz-content-sha256"));
  if (const auto form = aws::chunked_form(claim)) {
    STATOR_TRY(const auto length, decoded_length(request.headers));
    STATOR_TRY(auto decoded, aws::decode_aws_chunked(request.body, *form, length));
    STATOR_TRY_VOID(check_trailer(request.headers, decoded.trailer));
    request.body = std::move(decoded.body);
    for (const auto& [name, value] : decoded.trailer.fields()) request.headers.add(name, value);
    return std::string();
  }
  if (claim.starts_with("STREAMING-")) return not_implemented("uploads of the form " + claim);
  return claim == kUnsigned ? std::string() : claim;
}

Result<void> check_fixed_values(const http::Headers& headers) {
  const auto storage_class = headers.find("x-amz-storage-class");
  if (storage_class && *storage_class != "STANDARD") {
    return not_implemented("the storage class " + std::string(*storage_class));
  }
  const auto acl = headers.find("x-amz-acl");
  if (acl && *acl != "private") return not_implemented("the ACL " + std::string(*acl));
  return {};
}

Result<Request> parse(const aws::Call&, const aws::RawRequest& raw) {
  STATOR_TRY([[maybe_unused]] const auto parameters,
             Parameters::read(
                 raw, {.headers = {"x-amz-meta-*", "x-amz-checksum-*",
                                   "x-amz-sdk-checksum-algorithm", "x-amz-decoded-content-length",
                                   "x-amz-trailer", "x-amz-storage-class", "x-amz-acl"}}));
  STATOR_TRY_VOID(check_fixed_values(raw.http.headers));
  return Request{std::string(raw.label("Bucket")), std::string(raw.label("Key")), raw.http.headers,
                 raw.http.body};
}

Result<http::Response> handle(Objects& objects, const aws::Call& call, Request request) {
  Upload upload;
  STATOR_TRY(upload.sha256, undo_transfer(request));
  STATOR_TRY(upload.checksums, verify_checksums(request.headers, request.body));
  STATOR_TRY(upload.headers, kept_headers(request.headers));
  upload.body = std::move(request.body);
  upload.now = call.now;
  const ObjectName name{call.account, std::move(request.bucket), std::move(request.key)};
  STATOR_TRY(const auto info, objects.put(name, std::move(upload)));
  http::Response response;
  response.headers.add("ETag", "\"" + info.md5 + "\"");
  for (const auto& [checksum, value] : info.checksums) response.headers.add(checksum, value);
  return response;
}

}  // namespace

aws::Operation put_object(Objects& objects) {
  Parts<Request> parts;
  parts.parse = parse;
  parts.needs = [&objects](const aws::Call& call, const Request& request) {
    return needs_of(objects, "s3:PutObject", {call.account, request.bucket, request.key});
  };
  parts.handle = [&objects](aws::Call& call, Request request) {
    return handle(objects, call, std::move(request));
  };
  return on_workers<Request>(objects, "PutObject", {"PUT", "/{Bucket}/{Key+}"}, std::move(parts));
}

}  // namespace stator::s3
