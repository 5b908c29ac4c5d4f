#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "apigateway/domains/domains.hpp"
#include "base/clock.hpp"
#include "http/tls_identity.hpp"
#include "log/log.hpp"
#include "server/tls/given_certificates.hpp"
#include "server/tls/local_authority.hpp"

namespace stator::server {

/// What the chooser works with; all outlive it.
struct TlsIdentitiesParts {
  const apigateway::Domains& domains;
  const GivenCertificates* given;  ///< null: there are none
  const LocalAuthority& authority;
  const Clock& clock;
  const log::Logger& logger;
  std::string address;  ///< that TLS listens on
};

/// Chooses the certificate that a TLS client sees and the clients that are let in, by the name that
/// it asks for: a given certificate, or one that the local authority issues when it is first
/// wanted, for names of the server's own and of custom domains. For no others, so that what
/// strangers ask for makes nothing grow. Certificates are made anew a month before their end, and
/// when a domain's truststore or a given file changes: connections that are there stay as they are.
/// Any thread.
class TlsIdentities {
 public:
  explicit TlsIdentities(TlsIdentitiesParts parts);

  /// Null when nothing is served by that name. "" (a client that names none, as those do that were
  /// given an address) is the server itself.
  [[nodiscard]] http::TlsContextPtr choose(std::string_view server_name);

 private:
  /// What one context was made of.
  struct Entry {
    http::TlsContextPtr context;
    GivenCertificatePtr given;
    apigateway::CompiledDomainPtr domain;  ///< null for what is no domain's
    WallTime renew_at;
  };
  struct Wanted {
    std::string name;  ///< of the entry
    GivenCertificatePtr given;
    std::vector<std::string> names;  ///< to issue one for, unless one is given
    apigateway::CompiledDomainPtr domain;
  };
  [[nodiscard]] bool is_own(std::string_view name) const;
  [[nodiscard]] bool serves(const Entry& entry, const Wanted& wanted) const;
  [[nodiscard]] Result<Entry> make(const Wanted& wanted) const;

  const TlsIdentitiesParts parts_;
  const std::vector<std::string> own_names_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace stator::server
