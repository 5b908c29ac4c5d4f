#include "s3/ops/upload_request.hpp"

#include <algorithm>
#include <charconv>

#include "aws/aws_chunked.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "s3/bucket_settings.hpp"
#include "s3/checksum.hpp"
#include "s3/conditions.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kMetadataBytesMax = 2'048;
constexpr std::string_view kMetadataPrefix = "x-amz-meta-";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
constexpr std::string_view kEncryption = "x-amz-server-side-encryption";
/// Kept and given back with the object, under these spellings.
constexpr std::string_view kKeptHeaders[] = {"Content-Type",        "Cache-Control",
                                             "Content-Disposition", "Content-Encoding",
                                             "Content-Language",    "Expires"};

constexpr std::pair<std::string_view, std::string_view> kChecksumElements[] = {
    {"x-amz-checksum-crc32", "ChecksumCRC32"},
    {"x-amz-checksum-crc32c", "ChecksumCRC32C"},
    {"x-amz-checksum-crc64nvme", "ChecksumCRC64NVME"},
    {"x-amz-checksum-sha1", "ChecksumSHA1"},
    {"x-amz-checksum-sha256", "ChecksumSHA256"}};

/// The content codings but aws-chunked, which belongs to the transfer and not to the object.
std::string kept_coding(std::string_view sent) {
  std::vector<std::string> kept;
  for (const auto part : split(sent, ',')) {
    const auto coding = trim(part);
    if (!coding.empty() && !equals_ignore_case(coding, "aws-chunked")) kept.emplace_back(coding);
  }
  return join(kept, ",");
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
    if (!name.starts_with(kChecksumPrefix)) return not_implemented("the trailer " + name);
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

}  // namespace

Result<void> check_fixed_values(const http::Headers& headers) {
  const auto storage_class = headers.find("x-amz-storage-class");
  if (storage_class && *storage_class != "STANDARD") {
    return not_implemented("the storage class " + std::string(*storage_class));
  }
  const auto acl = headers.find("x-amz-acl");
  if (acl && *acl != "private" && *acl != "bucket-owner-full-control") {
    return not_implemented("the ACL " + std::string(*acl));
  }
  const auto encryption = headers.find(kEncryption);
  // aws:kms without a key of one's own is AWS's managed key, which takes nothing of the caller.
  if (encryption && *encryption != "AES256" && *encryption != "aws:kms") {
    return not_implemented("the header x-amz-server-side-encryption: " + std::string(*encryption));
  }
  return {};
}

Result<Labels> read_labels(const http::Headers& headers) {
  Labels labels;
  for (const auto name : kKeptHeaders) {
    const auto value = headers.find(name);
    if (!value) continue;
    std::string text = name == "Content-Encoding" ? kept_coding(*value) : std::string(*value);
    if (!text.empty()) labels.headers.emplace_back(name, std::move(text));
  }
  if (!headers.find("content-type")) {
    labels.headers.emplace_back("Content-Type", "binary/octet-stream");
  }
  std::size_t metadata_bytes = 0;
  for (const auto& [sent_name, value] : headers.fields()) {
    std::string name = to_lower(sent_name);
    if (name == kEncryption) labels.headers.emplace_back(name, value);
    if (!name.starts_with(kMetadataPrefix)) continue;
    metadata_bytes += name.size() - kMetadataPrefix.size() + value.size();
    labels.headers.emplace_back(std::move(name), value);
  }
  if (metadata_bytes > kMetadataBytesMax) {
    return s3_error(ErrorCode::kInvalid, "MetadataTooLarge",
                    "Your metadata headers exceed the maximum allowed metadata size");
  }
  STATOR_TRY(labels.tags, parse_tags_header(headers.get("x-amz-tagging"), kObjectTagsMax));
  return labels;
}

Result<WriteConditions> read_write_conditions(const http::Headers& headers) {
  WriteConditions conditions;
  if (const auto none = headers.find("if-none-match")) {
    if (*none != "*") return not_implemented("If-None-Match with another value than * here");
    conditions.is_new = true;
  }
  if (const auto match = headers.find("if-match")) {
    if (*match == "*") return not_implemented("If-Match: * here");
    conditions.etag = bare_etag(*match);
  }
  return conditions;
}

Result<void> read_body(const http::Request& request, SentBody& body) {
  const http::Headers* headers = &request.headers;
  const std::string claim(headers->get("x-amz-content-sha256"));
  body.bytes = request.body;
  http::Headers with_trailer;
  if (const auto form = aws::chunked_form(claim)) {
    STATOR_TRY(const auto length, decoded_length(request.headers));
    STATOR_TRY(auto decoded, aws::decode_aws_chunked(request.body, *form, length));
    STATOR_TRY_VOID(check_trailer(request.headers, decoded.trailer));
    body.decoded = std::move(decoded.body);
    body.bytes = body.decoded;
    with_trailer = request.headers;
    for (const auto& [name, value] : decoded.trailer.fields()) with_trailer.add(name, value);
    headers = &with_trailer;
  } else if (claim.starts_with("STREAMING-")) {
    return not_implemented("uploads of the form " + claim);
  } else if (claim != kUnsigned) {
    body.sha256 = claim;
  }
  STATOR_TRY(body.checksums, verify_checksums(*headers, body.bytes));
  return {};
}

void add_written(const ObjectInfo& info, http::Response& response) {
  for (const auto& [checksum, value] : info.checksums) response.headers.add(checksum, value);
  if (!info.version_id.empty()) response.headers.add("x-amz-version-id", info.version_id);
  for (const auto& [name, value] : info.labels.headers) {
    if (name == kEncryption) response.headers.add(name, value);
  }
}

void add_checksum_elements(const Fields& checksums, XmlDocument& xml) {
  for (const auto& [header, element] : kChecksumElements) {
    for (const auto& [name, value] : checksums) {
      if (name == header) xml.element(element, value);
    }
  }
}

Fields checksum_elements(const XmlElement& element) {
  Fields checksums;
  for (const auto& [header, name] : kChecksumElements) {
    if (const auto* found = element.find(name)) checksums.emplace_back(header, found->text);
  }
  return checksums;
}

Result<CopySource> read_copy_source(const aws::Call& call, const http::Headers& headers) {
  std::string_view text = headers.get("x-amz-copy-source");
  CopySource source;
  const auto at = text.find("?versionId=");
  if (at != std::string_view::npos) {
    source.version = text.substr(at + 11);
    text = text.substr(0, at);
  }
  const auto decoded = percent_decode(text);
  std::string_view path = decoded ? std::string_view(*decoded) : std::string_view();
  if (path.starts_with('/')) path.remove_prefix(1);
  const auto slash = path.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size() ||
      path.starts_with("arn:")) {
    return invalid_argument(
        "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
  source.name = {call.account, std::string(path.substr(0, slash)),
                 std::string(path.substr(slash + 1))};
  return source;
}

Result<ObjectInfo> find_copy_source(const Objects& objects, const CopySource& source,
                                    const http::Headers& headers) {
  STATOR_TRY(auto info, objects.info(source.name, source.version));
  if (info.is_delete_marker) {
    return invalid_request(
        "The source of a copy request may not specifically refer to a delete "
        "marker by version id.");
  }
  const auto conditions = read_conditions(headers, "x-amz-copy-source-");
  if (check(conditions, info) != ConditionsOutcome::kHold) {
    return s3_error(ErrorCode::kPrecondition, "PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold");
  }
  return info;
}

Result<aws::Permission> copy_source_need(const Objects& objects, const CopySource& source) {
  STATOR_TRY(auto needs,
             needs_of(objects, source.version.empty() ? "s3:GetObject" : "s3:GetObjectVersion",
                      source.name));
  return std::move(needs.front());
}

}  // namespace stator::s3
