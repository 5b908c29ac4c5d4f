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

Issuers::Known Issuers::known(Entry& entry, const std::string& key_id) const {
  const std::lock_guard lock(entry.mutex);
  const SteadyTime now = clock_.steady();
  if (entry.keys && now - entry.fetched >= kStaleFor) entry.keys.reset();
  const bool is_long_ago = !entry.tried || now - *entry.tried >= kFetchAgainAfter;
  const bool is_fresh = entry.keys && now - entry.fetched < options_.fresh_for;
  const auto missing = entry.missing.find(key_id);
  const bool was_asked = missing != entry.missing.end() && now - missing->second < kFetchAgainAfter;
  const bool may_ask_early = !entry.failure && !was_asked && entry.early_asks < options_.early_asks;
  return {entry.keys, is_long_ago && !is_fresh, is_long_ago || may_ask_early, entry.failure};
}

Issuers::Known Issuers::known(const IssuerUrl& issuer, const std::string& key_id) {
  return known(*entry_of(issuer), key_id);
}

void Issuers::refresh(const IssuerUrl& issuer, Entry& entry) {
  auto fetched = fetch_keys(issuer);
  const std::lock_guard lock(entry.mutex);
  const SteadyTime now = clock_.steady();
  const bool is_early = entry.tried && now - *entry.tried < kFetchAgainAfter;
  entry.early_asks = is_early ? entry.early_asks + 1 : 0;
  entry.tried = now;
  entry.failure.reset();
  if (fetched) {
    entry.keys = std::make_shared<const KeySet>(*std::move(fetched));
    entry.fetched = *entry.tried;
  } else {
    entry.failure = fetched.error();
  }
}

void Issuers::note_missing(Entry& entry, const std::string& key_id) {
  const std::lock_guard lock(entry.mutex);
  if (entry.missing.size() >= kMissingKeysMax) entry.missing.clear();
  entry.missing.insert_or_assign(key_id, clock_.steady());
}

Result<void> Issuers::verify(const IssuerUrl& issuer, const Token& token) {
  const auto entry = entry_of(issuer);
  const std::lock_guard fetching(entry->fetching);
  Known now = known(*entry, token.key_id);
  bool has_asked = now.may_ask_for_keys;
  if (has_asked) {
    refresh(issuer, *entry);
    now = known(*entry, token.key_id);
  }
  Signed is_signed = now.keys ? now.keys->verify(token) : Signed::kNoKey;
  if (now.keys && is_signed == Signed::kNoKey && !has_asked && now.may_ask_for_one) {
    has_asked = true;
    refresh(issuer, *entry);
    now = known(*entry, token.key_id);
    is_signed = now.keys ? now.keys->verify(token) : Signed::kNoKey;
  }
  if (has_asked && is_signed == Signed::kNoKey) note_missing(*entry, token.key_id);
  if (is_signed == Signed::kYes) return {};
  if (is_signed == Signed::kNo) {
    return Error{ErrorCode::kUnauthenticated, "The token was not signed by its issuer"};
  }
  if (now.failure) return *now.failure;
  return invalid("The provider has no key that could have signed the token");
}

}  // namespace stator::oidc
