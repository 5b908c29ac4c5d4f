#include "s3/checksum.hpp"

#include <boost/crc.hpp>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "crypto/crypto.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

constexpr std::string_view kChecksumPrefix = "x-amz-checksum-";

/// The digest as the wire carries it: base64 of its bytes, the most significant first.
template <class Crc>
std::string crc_base64(std::string_view body) {
  Crc crc;
  crc.process_bytes(body.data(), body.size());
  const auto value = static_cast<std::uint32_t>(crc.checksum());
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return base64_encode(bytes);
}

using Crc32c = boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true>;

Result<std::string> digest(std::string_view algorithm, std::string_view body) {
  if (algorithm == "crc32") return crc_base64<boost::crc_32_type>(body);
  if (algorithm == "crc32c") return crc_base64<Crc32c>(body);
  if (algorithm == "sha256") return base64_encode(crypto::sha256(body));
  return not_implemented("the checksum algorithm " + std::string(algorithm));
}

Result<void> check_md5(const http::Headers& headers, std::string_view body) {
  const auto sent = headers.find("content-md5");
  if (!sent) return {};
  const auto bytes = base64_decode(*sent);
  if (!bytes || bytes->size() != 16) {
    return s3_error(ErrorCode::kInvalid, "InvalidDigest",
                    "The Content-MD5 you specified was invalid.");
  }
  if (*bytes != crypto::md5(body)) return bad_digest("Content-MD5");
  return {};
}

}  // namespace

Result<Fields> verify_checksums(const http::Headers& headers, std::string_view body) {
  STATOR_TRY_VOID(check_md5(headers, body));
  Fields checksums;
  for (const auto& [sent_name, value] : headers.fields()) {
    std::string name = to_lower(sent_name);
    if (!name.starts_with(kChecksumPrefix)) continue;
    const std::string algorithm = name.substr(kChecksumPrefix.size());
    STATOR_TRY(const auto wanted, digest(algorithm, body));
    if (value != wanted) return bad_digest(algorithm);
    checksums.emplace_back(std::move(name), value);
  }
  return checksums;
}

}  // namespace stator::s3
