#include "server/tls/tls_identities.hpp"

#include <algorithm>

#include "apigateway/domains/domain_names.hpp"

namespace stator::server {
namespace {

/// Domains come and go; their contexts go together when there are many.
constexpr std::size_t kEntriesMax = 1'024;
constexpr WallTime kNever = WallTime::max();

std::vector<std::string> own_names(const std::string& address) {
  std::vector<std::string> names = {
      "localhost",    "*.execute-api.localhost", "*.lambda-url.us-east-1.localhost",
      "s3.localhost", "*.s3.localhost",          "127.0.0.1",
      "::1"};
  const bool is_known = std::find(names.begin(), names.end(), address) != names.end();
  const bool is_any = address.empty() || address == "0.0.0.0" || address == "::";
  if (!is_known && !is_any) names.push_back(address);
  return names;
}

/// "" where no client has to show a certificate.
std::string authorities_of(const apigateway::CompiledDomainPtr& domain) {
  return domain == nullptr ? std::string() : domain->client_authorities;
}

}  // namespace

TlsIdentities::TlsIdentities(TlsIdentitiesParts parts)
    : parts_(std::move(parts)), own_names_(own_names(parts_.address)) {}

bool TlsIdentities::is_own(std::string_view name) const {
  const auto has = [this](std::string_view one) {
    return std::find(own_names_.begin(), own_names_.end(), one) != own_names_.end();
  };
  return name.empty() || has(name) || has(apigateway::wildcard_for(name));
}

bool TlsIdentities::serves(const Entry& entry, const Wanted& wanted) const {
  if (entry.given != wanted.given || parts_.clock.wall() >= entry.renew_at) return false;
  // A domain is compiled anew for a mapping too, which changes nothing here.
  return entry.domain == wanted.domain ||
         authorities_of(entry.domain) == authorities_of(wanted.domain);
}

http::TlsContextPtr TlsIdentities::choose(std::string_view server_name) {
  const auto domain = server_name.empty() ? nullptr : parts_.domains.find(server_name);
  Wanted wanted{"own", nullptr, own_names_, {}};
  if (parts_.given != nullptr) {
    wanted.given = parts_.given->find(server_name.empty() ? "localhost" : server_name);
  }
  if (domain == nullptr && wanted.given == nullptr && !is_own(server_name)) return nullptr;
  if (domain != nullptr) {
    wanted.name = "domain " + domain->name;
    wanted.names = {domain->name};
    wanted.domain = domain;
  }
  if (wanted.given != nullptr) wanted.name += " given " + wanted.given->name;

  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(wanted.name); found != entries_.end()) {
    if (serves(found->second, wanted)) {
      found->second.domain = domain;
      return found->second.context;
    }
  }
  auto made = make(wanted);
  if (!made) {
    parts_.logger.error("tls", "a name cannot be served",
                        {{"name", server_name}, {"reason", made.error().message}});
    return nullptr;
  }
  if (entries_.size() >= kEntriesMax) entries_.clear();
  return (entries_[wanted.name] = *std::move(made)).context;
}

Result<TlsIdentities::Entry> TlsIdentities::make(const Wanted& wanted) const {
  Entry entry{nullptr, wanted.given, wanted.domain, kNever};
  http::TlsIdentity identity{.certificate_chain = {},
                             .private_key = {},
                             .client_authorities = authorities_of(wanted.domain)};
  if (wanted.given != nullptr) {
    identity.certificate_chain = wanted.given->chain;
    identity.private_key = wanted.given->private_key;
  } else {
    const WallTime now = parts_.clock.wall();
    STATOR_TRY(auto issued, parts_.authority.issue(wanted.names, now));
    identity.certificate_chain = std::move(issued.certificate);
    identity.private_key = std::move(issued.private_key);
    entry.renew_at = now + LocalAuthority::kValidity - LocalAuthority::kRenewal;
  }
  STATOR_TRY(entry.context, http::make_tls_context(identity));
  return entry;
}

}  // namespace stator::server
