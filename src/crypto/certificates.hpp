#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

/// X.509 certificates: what they say, and an authority of one's own that issues some.
namespace stator::crypto {

struct CertificateFacts {
  std::string subject;  ///< "CN=ann,O=Example", the most specific name first (RFC 2253)
  /// Of its subjectAltName: DNS names in lower case, and addresses.
  std::vector<std::string> names;
  WallTime not_before;
  WallTime not_after;
  bool is_authority = false;
};

/// One certificate of a PEM file.
struct PemCertificate {
  std::string pem;                        ///< with its BEGIN and END lines
  std::optional<CertificateFacts> facts;  ///< nothing for what cannot be read
};

/// The certificates of a PEM file in their order; whatever stands between them is passed over.
[[nodiscard]] std::vector<PemCertificate> split_certificates(std::string_view pem);

/// A certificate with its private key, both as PEM.
struct CertifiedKey {
  std::string certificate;
  std::string private_key;
};

struct Validity {
  WallTime begin;
  WallTime end;
};

/// A new key (EC P-256) that signs its own certificate: one that may issue servers' certificates,
/// and no further authorities.
[[nodiscard]] CertifiedKey make_authority(const std::string& common_name, Validity validity);

/// A new key (EC P-256) with a certificate for servers of these names (DNS names, also with "*" as
/// their first label, or addresses; at least one). kInvalid when the authority cannot be read.
[[nodiscard]] Result<CertifiedKey> issue_certificate(const CertifiedKey& authority,
                                                     const std::vector<std::string>& names,
                                                     Validity validity);

}  // namespace stator::crypto
