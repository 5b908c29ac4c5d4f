#include "iam/identity.hpp"

#include "aws/arn.hpp"
#include "iam/authenticator.hpp"
#include "iam/authorizer.hpp"
#include "iam/decisions.hpp"
#include "iam/errors.hpp"
#include "iam/key_ring.hpp"
#include "iam/last_uses.hpp"
#include "iam/principals.hpp"
#include "iam/records.hpp"
#include "iam/secrets.hpp"
#include "oidc/https_fetch.hpp"

namespace stator::iam {
namespace {

constexpr std::string_view kUsageFile = "usage.json";

aws::Principal root_principal(const std::string& account, const Secrets& secrets) {
  return {.kind = aws::Principal::Kind::kRoot,
          .account = account,
          .arn = aws::make_arn("iam", "", account, "root"),
          .user_id = account,
          .access_key_id = secrets.root.access_key_id.value,
          .role_name = {}};
}

}  // namespace

struct Identity::Impl {
  explicit Impl(IdentityParts given, Secrets made)
      : parts(std::move(given)),
        secrets(std::move(made)),
        records(parts.store),
        sessions(secrets, parts.random),
        principals(records),
        keys(root_principal(parts.account, secrets), secrets.root.secret, records, principals,
             sessions),
        last_uses(parts.store),
        authenticator(keys, last_uses),
        decisions({parts.logger, parts.audit}),
        authorizer(principals, {&decisions, parts.are_policies_enforced}),
        assumption({records, sessions, authorizer, parts.clock}),
        providers(parts.store),
        issuers(parts.fetch ? parts.fetch : oidc::make_https_fetch(), parts.clock) {}

  IdentityParts parts;
  Secrets secrets;
  Records records;
  Sessions sessions;
  Principals principals;
  KeyRing keys;
  LastUses last_uses;
  SignatureAuthenticator authenticator;
  Decisions decisions;
  PolicyAuthorizer authorizer;
  RoleAssumption assumption;
  OidcProviders providers;
  oidc::Issuers issuers;
};

Identity::Identity(IdentityParts parts) {
  auto secrets = load_or_make_secrets(
      {.data = parts.data, .account = parts.account, .now = parts.clock.wall()}, parts.random);
  impl_ = std::make_unique<Impl>(std::move(parts), std::move(secrets));
  const IdentityParts& own = impl_->parts;
  if (own.data.empty()) return;
  // What roles did is good to know and nothing depends on it.
  const auto loaded = impl_->decisions.usage().load(own.data / kUsageFile);
  if (!loaded && own.logger != nullptr) {
    own.logger->warn("iam", "what roles were seen to do is forgotten",
                     {{"reason", loaded.error().message}});
  }
}

Identity::~Identity() = default;

aws::Authenticator& Identity::authenticator() {
  return impl_->authenticator;
}
aws::Authorizer& Identity::authorizer() {
  return impl_->authorizer;
}
const aws::sigv4::Credentials& Identity::root_credentials() const {
  return impl_->secrets.root;
}
const std::string& Identity::account() const {
  return impl_->parts.account;
}
Decisions& Identity::decisions() {
  return impl_->decisions;
}

Result<void> Identity::save_usage() {
  Usage& usage = impl_->decisions.usage();
  if (impl_->parts.data.empty() || !usage.gather()) return {};
  return usage.save(impl_->parts.data / kUsageFile);
}

Result<std::shared_ptr<const CompiledEntity>> Identity::find_compiled(std::string_view account,
                                                                      EntityKind kind,
                                                                      std::string_view name) {
  return impl_->principals.find(account, kind, name);
}

Records& Identity::records() {
  return impl_->records;
}
LastUses& Identity::last_uses() {
  return impl_->last_uses;
}
Sessions& Identity::sessions() {
  return impl_->sessions;
}
Random& Identity::random() {
  return impl_->parts.random;
}

RoleAssumption& Identity::assumption() {
  return impl_->assumption;
}
OidcProviders& Identity::oidc_providers() {
  return impl_->providers;
}
oidc::Issuers& Identity::issuers() {
  return impl_->issuers;
}
const Clock& Identity::clock() const {
  return impl_->parts.clock;
}

std::string Identity::seal_authorization_message(std::string_view json) {
  return impl_->sessions.seal_message(json);
}

Result<void> Identity::check_service_may_assume(std::string_view role_arn,
                                                std::string_view service) const {
  return impl_->assumption.check_service({.role_arn = role_arn, .session_name = {}}, service);
}

Result<SessionCredentials> Identity::assume_for_service(const AssumeRole& wanted,
                                                        std::string_view service) {
  return impl_->assumption.for_service(wanted, service);
}

}  // namespace stator::iam
