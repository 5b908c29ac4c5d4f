#include "s3/checksum.hpp"

#include <boost/crc.hpp>
#include <boost/uuid/detail/sha1.hpp>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "crypto/crypto.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
  return out;
}

template <class Crc, int kBytes>
class CrcChecksum final : public Checksum {
 public:
  void update(std::string_view bytes) override { crc_.process_bytes(bytes.data(), bytes.size()); }
  std::string finish() override { return big_endian(crc_.checksum(), kBytes); }

 private:
  Crc crc_;
};

using Crc32 = CrcChecksum<boost::crc_32_type, 4>;
using Crc32c =
    CrcChecksum<boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true>, 4>;
/// The CRC of NVM Express, whose polynomial is 0xad93d23594c93659.
using Crc64Nvme = CrcChecksum<
    boost::crc_optimal<64, 0xad93d23594c93659, 0xffffffffffffffff, 0xffffffffffffffff, true, true>,
    8>;

class Sha1 final : public Checksum {
 public:
  void update(std::string_view bytes) override { hash_.process_bytes(bytes.data(), bytes.size()); }
  std::string finish() override {
    boost::uuids::detail::sha1::digest_type words;
    hash_.get_digest(words);
    std::string out;
    for (const auto word : words) out += big_endian(word, 4);
    return out;
  }

 private:
  boost::uuids::detail::sha1 hash_;
};

class Sha256 final : public Checksum {
 public:
  void update(std::string_view bytes) override { hash_.update(bytes); }
  std::string finish() override { return hex_decode(hash_.finish_hex()).value_or(""); }

 private:
  crypto::Sha256 hash_;
};

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

/// Headers of that beginning that are no checksums.
bool is_about_checksums(std::string_view name) {
  return name == "x-amz-checksum-algorithm" || name == "x-amz-checksum-type" ||
         name == "x-amz-checksum-mode";
}

}  // namespace

Result<std::unique_ptr<Checksum>> Checksum::make(std::string_view algorithm) {
  using Made = std::unique_ptr<Checksum>;
  if (algorithm == "crc32") return Made(std::make_unique<Crc32>());
  if (algorithm == "crc32c") return Made(std::make_unique<Crc32c>());
  if (algorithm == "crc64nvme") return Made(std::make_unique<Crc64Nvme>());
  if (algorithm == "sha1") return Made(std::make_unique<Sha1>());
  if (algorithm == "sha256") return Made(std::make_unique<Sha256>());
  return not_implemented("the checksum algorithm " + std::string(algorithm));
}

Result<std::string> checksum_of(std::string_view algorithm, std::string_view body) {
  STATOR_TRY(const auto checksum, Checksum::make(algorithm));
  checksum->update(body);
  return base64_encode(checksum->finish());
}

Result<std::string> composite_checksum(std::string_view algorithm,
                                       const std::vector<PartInfo>& parts) {
  const std::string name = std::string(kChecksumPrefix) + std::string(algorithm);
  std::string all;
  for (const auto& part : parts) {
    for (const auto& [sent, value] : part.checksums) {
      if (sent == name) all += base64_decode(value).value_or("");
    }
  }
  STATOR_TRY(const auto checksum, checksum_of(algorithm, all));
  return checksum + "-" + std::to_string(parts.size());
}

Fields sent_checksums(const http::Headers& headers) {
  Fields checksums;
  for (const auto& [sent_name, value] : headers.fields()) {
    std::string name = to_lower(sent_name);
    if (name.starts_with(kChecksumPrefix) && !is_about_checksums(name)) {
      checksums.emplace_back(std::move(name), value);
    }
  }
  return checksums;
}

Result<Fields> verify_checksums(const http::Headers& headers, std::string_view body) {
  STATOR_TRY_VOID(check_md5(headers, body));
  auto checksums = sent_checksums(headers);
  for (const auto& [name, value] : checksums) {
    const std::string algorithm = name.substr(kChecksumPrefix.size());
    STATOR_TRY(const auto wanted, checksum_of(algorithm, body));
    if (value != wanted) return bad_digest(algorithm);
  }
  const auto named = to_lower(headers.get("x-amz-sdk-checksum-algorithm"));
  if (checksums.empty() && !named.empty()) {
    STATOR_TRY(auto value, checksum_of(named, body));
    checksums.emplace_back(std::string(kChecksumPrefix) + named, std::move(value));
  }
  return checksums;
}

}  // namespace stator::s3
