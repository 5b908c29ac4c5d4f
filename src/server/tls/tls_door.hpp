#pragma once

#include <filesystem>
#include <memory>

#include "server/tls/tls_identities.hpp"
#include "server/tls/tls_options.hpp"

namespace stator::server {

/// What a TLS listener needs, opened with the server: the local authority, given certificates, and
/// the choice between them. Any thread.
class TlsDoor {
 public:
  struct Parts {
    const std::filesystem::path& data;
    const apigateway::Domains& domains;
    const Clock& clock;
    const log::Logger& logger;
  };
  /// Throws ConfigError for an authority or a given certificate that cannot be used.
  TlsDoor(const TlsOptions& options, const Parts& parts);

  [[nodiscard]] http::TlsContextPtr choose(std::string_view server_name) {
    return identities_.choose(server_name);
  }

  /// Reads given certificates again where files have changed; waits for the disk. To be called
  /// every kReloadInterval.
  void reload();
  static constexpr std::chrono::seconds kReloadInterval{2};

 private:
  const LocalAuthority authority_;
  const std::unique_ptr<GivenCertificates> given_;
  TlsIdentities identities_;
};

}  // namespace stator::server
