#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/certificates.hpp"

namespace stator::server {

/// The certificate authority of a data directory: DATA/tls/authority.pem holds its certificate and
/// its key, for the owner's eyes alone (0600), and DATA/tls/ca.crt the certificate, for clients to
/// trust. It can sign for any name, so nobody but its machine should trust it, and the key belongs
/// in no backup that others read. Immutable; any thread.
class LocalAuthority {
 public:
  /// Opens what is there, or makes it, valid for ten years; of several that make one at a time, all
  /// get the same. kInvalid, saying what to do, when what is there cannot be read or has expired.
  [[nodiscard]] static Result<LocalAuthority> open(const std::filesystem::path& data, WallTime now);

  /// A certificate for servers, valid from an hour ago for 90 days.
  [[nodiscard]] Result<crypto::CertifiedKey> issue(const std::vector<std::string>& names,
                                                   WallTime now) const;
  /// How long before its end a certificate is made anew.
  static constexpr std::chrono::hours kRenewal{30 * 24};
  static constexpr std::chrono::hours kValidity{90 * 24};

  [[nodiscard]] const std::filesystem::path& certificate_file() const { return file_; }

 private:
  LocalAuthority(crypto::CertifiedKey key, std::filesystem::path file)
      : key_(std::move(key)), file_(std::move(file)) {}

  crypto::CertifiedKey key_;
  std::filesystem::path file_;
};

}  // namespace stator::server
