#include "iam/web_identity.hpp"

#include <algorithm>

#include "iam/errors.hpp"
#include "iam/ops/sts_shared.hpp"

namespace stator::iam {
namespace {

/// How far before its nbf and iat a token counts: clocks differ.
constexpr std::chrono::seconds kSkew{300};

Error invalid_token(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "InvalidIdentityToken"};
}
Error rejected_claim(std::string message) {
  return {ErrorCode::kAccessDenied, std::move(message), "IDPRejectedClaim"};
}

std::string epoch_text(WallTime time) {
  return std::to_string(epoch_ms(time) / 1'000);
}

/// The provider of a token's issuer.
Result<OidcProvider> find_provider(const OidcProviders& providers, std::string_view account,
                                   const std::string& issuer) {
  const auto url = oidc::parse_issuer_url(issuer);
  if (url) {
    STATOR_TRY(auto provider, providers.find(account, url->name));
    if (provider && provider->url.is_https == url->is_https) return *std::move(provider);
  }
  return invalid_token("No OpenIDConnect provider found in your account for " + issuer);
}

Result<void> check_signature(oidc::Issuers& issuers, const OidcProvider& provider,
                             const oidc::Token& token) {
  const auto verified = issuers.verify(provider.url, token);
  if (verified) return {};
  switch (verified.error().code) {
    case ErrorCode::kUnauthenticated:
      return invalid_token("The ID Token provided was not signed by its issuer.");
    case ErrorCode::kUnavailable:
      return Error{ErrorCode::kInvalid,
                   "The identity provider could not be reached to verify the token: " +
                       verified.error().message,
                   "IDPCommunicationError"};
    default:
      return invalid_token(
          "Couldn't retrieve verification key from your identity provider, please reference "
          "AssumeRoleWithWebIdentity documentation for requirements");
  }
}

Result<void> check_times(const oidc::Claims& claims, WallTime now) {
  if (!claims.issued) return invalid_token("Missing a required claim: iat");
  switch (oidc::validity_at(claims, now, kSkew)) {
    case oidc::Validity::kExpired:
      return Error{ErrorCode::kInvalid,
                   "Token expired: current date/time " + epoch_text(now) +
                       " must be before the expiration date/time " + epoch_text(claims.expires),
                   "ExpiredTokenException"};
    case oidc::Validity::kNotYet:
      return invalid_token("The ID Token provided is not valid yet.");
    case oidc::Validity::kYes:
      break;
  }
  return {};
}

/// The audience that counts: the authorized party where the token names one.
Result<std::string> find_audience(const OidcProvider& provider, const oidc::Claims& claims) {
  const auto is_known = [&](const std::string& id) {
    return std::find(provider.client_ids.begin(), provider.client_ids.end(), id) !=
           provider.client_ids.end();
  };
  if (!claims.authorized_party.empty()) {
    if (is_known(claims.authorized_party)) return claims.authorized_party;
  } else {
    for (const auto& audience : claims.audiences) {
      if (is_known(audience)) return audience;
    }
  }
  return invalid_token("Incorrect token audience");
}

/// A text or a list of texts.
bool read_texts(const json::Value& value, std::vector<std::string>& out) {
  if (value.is_string()) {
    out.emplace_back(json::view(value.get_string()));
    return true;
  }
  if (!value.is_array()) return false;
  for (const auto& item : value.get_array()) {
    if (!item.is_string()) return false;
    out.emplace_back(json::view(item.get_string()));
  }
  return true;
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
aws::ConditionKeys condition_keys(const OidcProvider& provider, const oidc::Claims& claims,
                                  const std::string& audience, const json::Object& all) {
  const std::string& name = provider.url.name;
  aws::ConditionKeys keys;
  keys.push_back({name + ":sub", {claims.subject}});
  keys.push_back({name + ":aud", {audience}});
  if (!claims.authorized_party.empty()) keys.push_back({name + ":oaud", claims.audiences});
  for (const auto* claim : {"amr", "email"}) {
    const auto* value = json::find(all, claim);
    std::vector<std::string> texts;
    if (value != nullptr && read_texts(*value, texts)) {
      keys.push_back({name + ":" + claim, std::move(texts)});
    }
  }
  return keys;
}

/// Each tag is a text or, as AWS documents it, a list of one.
Result<void> add_tag(std::string_view key, const json::Value& value, SessionExtras& extras) {
  std::vector<std::string> texts;
  if (!read_texts(value, texts) || texts.size() != 1) {
    return rejected_claim("The session tag " + std::string(key) + " must have one text as value");
  }
  extras.tags.push_back({std::string(key), std::move(texts[0])});
  return {};
}

/// Session tags nested in one claim or spread over several, and the source identity.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
Result<SessionExtras> read_token_extras(const json::Object& claims) {
  constexpr std::string_view kTags = "https://aws.amazon.com/tags";
  constexpr std::string_view kSpread = "https://aws.amazon.com/tags/principal_tags/";
  SessionExtras extras;
  const auto* transitive = json::find(claims, "https://aws.amazon.com/tags/transitive_tag_keys");
  if (const auto* nested = json::find(claims, kTags)) {
    const auto* tags =
        nested->is_object() ? json::find(nested->get_object(), "principal_tags") : nullptr;
    if (tags == nullptr || !tags->is_object()) {
      return rejected_claim("The claim https://aws.amazon.com/tags must hold principal_tags");
    }
    for (const auto& tag : tags->get_object()) {
      STATOR_TRY_VOID(add_tag({tag.key().data(), tag.key().size()}, tag.value(), extras));
    }
    transitive = json::find(nested->get_object(), "transitive_tag_keys");
  }
  for (const auto& claim : claims) {
    const std::string_view name(claim.key().data(), claim.key().size());
    if (!name.starts_with(kSpread)) continue;
    STATOR_TRY_VOID(add_tag(name.substr(kSpread.size()), claim.value(), extras));
  }
  if (transitive != nullptr && !read_texts(*transitive, extras.transitive_tag_keys)) {
    return rejected_claim("transitive_tag_keys must be a list of texts");
  }
  const auto checked = ops::check_session_tags(extras.tags, extras.transitive_tag_keys);
  if (!checked) return rejected_claim(checked.error().message);
  constexpr std::string_view kSourceIdentity = "https://aws.amazon.com/source_identity";
  if (const auto* source = json::find(claims, kSourceIdentity)) {
    if (!source->is_string()) return rejected_claim("The source identity must be a text");
    const aws::Input input(json::Object{{"SourceIdentity", *source}});
    const auto text = ops::read_sts_text(input, "SourceIdentity", {});
    if (!text) return rejected_claim(text.error().message);
    extras.source_identity = *text;
  }
  return extras;
}

}  // namespace

Result<VerifiedToken> verify_web_identity(const TokenJudges& judges, std::string_view account,
                                          std::string_view text, WallTime now) {
  const auto token = oidc::parse_token(text);
  if (!token) {
    return invalid_token(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
        "Token)");
  }
  const auto claims = oidc::read_claims(token->claims);
  if (!claims) return invalid_token(claims.error().message);
  STATOR_TRY(const auto provider, find_provider(judges.providers, account, claims->issuer));
  STATOR_TRY_VOID(check_signature(judges.issuers, provider, *token));
  STATOR_TRY_VOID(check_times(*claims, now));
  STATOR_TRY(const auto audience, find_audience(provider, *claims));
  VerifiedToken verified;
  STATOR_TRY(verified.extras, read_token_extras(token->claims));
  verified.identity.provider_arn = provider_arn(account, provider.url.name);
  verified.identity.keys = condition_keys(provider, *claims, audience, token->claims);
  verified.subject = claims->subject;
  verified.audience = audience;
  verified.extras.federated_provider = verified.identity.provider_arn;
  return verified;
}

}  // namespace stator::iam
