#include "server/tls/tls_door.hpp"

#include "base/check.hpp"

namespace stator::server {
namespace {

LocalAuthority open_authority(const TlsDoor::Parts& parts) {
  auto authority = LocalAuthority::open(parts.data, parts.clock.wall());
  if (!authority) throw ConfigError("--tls-listen: " + authority.error().message);
  return *std::move(authority);
}

std::unique_ptr<GivenCertificates> open_given(const TlsOptions& options,
                                              const log::Logger& logger) {
  if (options.certificates.empty()) return nullptr;
  return std::make_unique<GivenCertificates>(options.certificates, logger);
}

}  // namespace

TlsDoor::TlsDoor(const TlsOptions& options, const Parts& parts)
    : authority_(open_authority(parts)),
      given_(open_given(options, parts.logger)),
      identities_(
          {parts.domains, given_.get(), authority_, parts.clock, parts.logger, options.address}) {}

void TlsDoor::reload() {
  if (given_ != nullptr) given_->reload();
}

}  // namespace stator::server
