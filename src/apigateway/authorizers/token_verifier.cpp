#include "apigateway/authorizers/token_verifier.hpp"

#include "oidc/https_fetch.hpp"

namespace stator::apigateway {
namespace {

constexpr std::chrono::hours kKeysFreshFor{2};
constexpr std::size_t kEarlyAsks = 3;
constexpr std::chrono::milliseconds kFetchTimeout{1'500};
constexpr std::size_t kDocumentBytesMax = 150'000;
/// An issuer that is slow holds one of them.
constexpr std::size_t kThreads = 2, kIssuersQueuedMax = 128;

Error not_signed() {
  return {ErrorCode::kUnauthenticated, "The token was not signed by its issuer"};
}

}  // namespace

oidc::Fetch make_issuer_fetch() {
  return oidc::make_https_fetch(
      {.connect_timeout = kFetchTimeout, .timeout = kFetchTimeout, .bytes_max = kDocumentBytesMax});
}

TokenVerifier::TokenVerifier(oidc::Fetch fetch, const Clock& clock)
    : issuers_(std::move(fetch), clock, {.fresh_for = kKeysFreshFor, .early_asks = kEarlyAsks}),
      workers_(kThreads, kIssuersQueuedMax) {}

TokenVerifier::Keys TokenVerifier::current(const oidc::IssuerUrl& issuer) {
  auto known = issuers_.known(issuer, "");
  return known.may_ask_for_keys ? nullptr : std::move(known.keys);
}

std::optional<Result<TokenVerifier::Keys>> TokenVerifier::verify_now(const oidc::IssuerUrl& issuer,
                                                                     const oidc::Token& token) {
  auto known = issuers_.known(issuer, token.key_id);
  if (known.may_ask_for_keys) return std::nullopt;
  if (known.keys == nullptr) {
    return known.failure ? *known.failure : unavailable("The issuer's keys are not known");
  }
  switch (known.keys->verify(token)) {
    case oidc::Signed::kYes:
      return std::move(known.keys);
    case oidc::Signed::kNo:
      return not_signed();
    case oidc::Signed::kNoKey:
      break;
  }
  if (known.may_ask_for_one) return std::nullopt;
  return invalid("The issuer has no key that could have signed the token");
}

void TokenVerifier::verify(const oidc::IssuerUrl& issuer, std::shared_ptr<const oidc::Token> token,
                           Verified done) {
  if (const auto known = verify_now(issuer, *token)) return done(*known);
  ask_later(issuer, {std::move(token), std::move(done)});
}

void TokenVerifier::ask_later(const oidc::IssuerUrl& issuer, Waiting waiting) {
  {
    const std::lock_guard lock(mutex_);
    const auto [at, is_first] = waiting_.try_emplace(issuer.url());
    const bool has_room = at->second.size() < kWaitingMax;
    if (!is_first && has_room) {
      at->second.push_back(std::move(waiting));
      return;
    }
    if (is_first && workers_.post([this, issuer] { work_off(issuer); })) {
      at->second.push_back(std::move(waiting));
      return;
    }
    if (is_first) waiting_.erase(at);
  }
  waiting.done(Error{ErrorCode::kThrottled, "Too many tokens wait for their issuers"});
}

void TokenVerifier::work_off(const oidc::IssuerUrl& issuer) {
  for (;;) {
    Waiting next;
    {
      const std::lock_guard lock(mutex_);
      const auto at = waiting_.find(issuer.url());
      if (at->second.empty()) {
        waiting_.erase(at);
        return;
      }
      next = std::move(at->second.front());
      at->second.pop_front();
    }
    next.done(ask(issuer, *next.token));
  }
}

Result<TokenVerifier::Keys> TokenVerifier::ask(const oidc::IssuerUrl& issuer,
                                               const oidc::Token& token) {
  // Most of those that waited need no fetch any more.
  if (auto known = verify_now(issuer, token)) return *std::move(known);
  STATOR_TRY_VOID(issuers_.verify(issuer, token));
  auto keys = issuers_.known(issuer, token.key_id).keys;
  // Other keys may have come meanwhile: what is kept must have been believed by these.
  if (keys == nullptr || keys->verify(token) != oidc::Signed::kYes) return not_signed();
  return keys;
}

}  // namespace stator::apigateway
