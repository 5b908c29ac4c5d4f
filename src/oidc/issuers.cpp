#include "oidc/issuers.hpp"

namespace stator::oidc {

std::shared_ptr<Issuers::Entry> Issuers::entry_of(const IssuerUrl& issuer) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(issuer.url());
  if (found != entries_.end()) return found->second;
  // Which one goes does not matter: what is in use comes back.
  if (entries_.size() >= kIssuersMax) entries_.erase(entries_.begin());
  return entries_.emplace(issuer.url(), std::make_shared<Entry>()).first->second;
}

Result<KeySet> Issuers::fetch_keys(const IssuerUrl& issuer) const {
  std::string base = issuer.url();
  if (base.ends_with('/')) base.pop_back();
  STATOR_TRY(const auto text, fetch_(base + "/.well-known/openid-configuration"));
  const auto document = json::parse_object(text);
  if (!document) return invalid("The provider's configuration is not a JSON object");
  if (json::find_string(*document, "issuer") != issuer.url()) {
    return invalid("The provider's configuration is that of another issuer");
  }
  const auto keys_url = json::find_string(*document, "jwks_uri");
  if (!keys_url || !may_fetch(issuer, *keys_url)) {
    return invalid("The provider's configuration has no jwks_uri that may be read");
  }
  STATOR_TRY(const auto keys, fetch_(*keys_url));
  return KeySet::parse(keys);
}

void Issuers::refresh(const IssuerUrl& issuer, Entry& entry) {
  const SteadyTime now = clock_.steady();
  if (entry.tried && now - *entry.tried < kFetchAgainAfter) return;
  auto fetched = fetch_keys(issuer);
  entry.tried = clock_.steady();
  entry.failure.reset();
  if (fetched) {
    entry.keys = std::make_shared<const KeySet>(*std::move(fetched));
    entry.fetched = *entry.tried;
  } else {
    entry.failure = fetched.error();
  }
}

Result<void> Issuers::verify(const IssuerUrl& issuer, const Token& token) {
  const auto entry = entry_of(issuer);
  const std::lock_guard lock(entry->mutex);
  const SteadyTime now = clock_.steady();
  if (entry->keys && now - entry->fetched >= kStaleFor) entry->keys.reset();
  if (!entry->keys || now - entry->fetched >= kFreshFor) refresh(issuer, *entry);
  Signed is_signed = entry->keys ? entry->keys->verify(token) : Signed::kNoKey;
  if (entry->keys && is_signed == Signed::kNoKey) {
    refresh(issuer, *entry);
    is_signed = entry->keys->verify(token);
  }
  if (is_signed == Signed::kYes) return {};
  if (is_signed == Signed::kNo) {
    return Error{ErrorCode::kUnauthenticated, "The token was not signed by its issuer"};
  }
  if (entry->failure) return *entry->failure;
  return invalid("The provider has no key that could have signed the token");
}

}  // namespace stator::oidc
