#include "apigateway/authorizers/jwt_check.hpp"

#include <algorithm>

#include "apigateway/authorizers/claims.hpp"
#include "base/strings.hpp"
#include "crypto/crypto.hpp"

namespace stator::apigateway {
namespace {

using crypto::SignatureAlgorithm;

Refusal challenge(Exchange& exchange, int status, std::string_view error,
                  std::string_view description) {
  exchange.authorizer_error = description;
  Refusal refusal{status, status == 401 ? "Unauthorized" : "Forbidden"};
  refusal.headers.add("www-authenticate",
                      "Bearer scope=\"" + join(exchange.route->authorization->scopes, " ") +
                          "\" error=\"" + std::string(error) + "\" error_description=\"" +
                          std::string(description) + "\"");
  return refusal;
}

Refusal invalid_token(Exchange& exchange, std::string_view description) {
  return challenge(exchange, 401, "invalid_token", description);
}

Refusal no_token(Exchange& exchange) {
  exchange.authorizer_error = "the request has no token";
  Refusal refusal{401, "Unauthorized"};
  refusal.headers.add("www-authenticate", "Bearer");
  return refusal;
}

/// The token alone: a header may have "Bearer" in front.
std::string_view without_scheme(std::string_view value) {
  constexpr std::string_view kScheme = "bearer ";
  if (equals_ignore_case(value.substr(0, kScheme.size()), kScheme)) {
    value.remove_prefix(kScheme.size());
  }
  return trim(value);
}

bool is_taken(SignatureAlgorithm algorithm) {
  return algorithm != SignatureAlgorithm::kPs256 && algorithm != SignatureAlgorithm::kPs384 &&
         algorithm != SignatureAlgorithm::kPs512;
}

bool is_one_of(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

/// aud counts; client_id does where there is no aud.
bool has_audience(const json::Object& claims, const std::vector<std::string>& wanted) {
  const json::Value* audience = json::find(claims, "aud");
  if (audience == nullptr) audience = json::find(claims, "client_id");
  if (audience == nullptr) return false;
  if (audience->is_string()) return is_one_of(wanted, json::view(audience->get_string()));
  if (!audience->is_array()) return false;
  const json::Array& all = audience->get_array();
  return std::any_of(all.begin(), all.end(), [&](const json::Value& one) {
    return one.is_string() && is_one_of(wanted, json::view(one.get_string()));
  });
}

std::optional<std::string_view> fault_in_time(const oidc::Lifetime& lifetime, WallTime now) {
  switch (oidc::validity_at(lifetime, now, JwtCheck::kSkew)) {
    case oidc::Validity::kExpired:
      return "the token has expired";
    case oidc::Validity::kNotYet:
      return "the token is not valid yet";
    case oidc::Validity::kYes:
      break;
  }
  return std::nullopt;
}

/// What is wrong with a token that nobody was asked about yet.
std::optional<std::string_view> fault_of_form(const oidc::Token& token, const JwtRules& rules) {
  if (!is_taken(token.algorithm)) return "the token's signing method is not supported";
  if (token.key_id.empty()) return "the token does not have a kid";
  if (json::find_string(token.claims, "iss") != rules.issuer.url()) {
    return "the token does not have a valid issuer";
  }
  return std::nullopt;
}

std::string_view words_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnauthenticated:
      return "the token does not have a valid signature";
    case ErrorCode::kUnavailable:
      return "OIDC discovery endpoint communication error";
    case ErrorCode::kThrottled:
      return "the token's issuer is being asked too often";
    default:
      return "the token's key cannot be found at its issuer";
  }
}

/// What a token that was signed by one of the keys says, or what is wrong with it.
Result<VerifiedToken> read_token(const oidc::Token& token, const JwtRules& rules, WallTime now) {
  VerifiedToken verified;
  auto lifetime = oidc::read_lifetime(token.claims);
  if (!lifetime) return invalid("the token does not have valid times");
  if (const auto fault = fault_in_time(*lifetime, now)) return invalid(std::string(*fault));
  if (!has_audience(token.claims, rules.audiences)) {
    return invalid("the token does not have a valid audience");
  }
  verified.lifetime = *lifetime;
  verified.claims = claims_as_texts(token.claims);
  verified.scopes = scopes_of(token.claims);
  return verified;
}

/// The last question, which is the route's: one of its scopes.
std::optional<Refusal> admit(Exchange& exchange, const VerifiedToken& token) {
  const auto& wanted = exchange.route->authorization->scopes;
  for (const std::string& scope : wanted) {
    if (is_one_of(token.scopes, scope)) exchange.caller.scopes.push_back(scope);
  }
  if (!wanted.empty() && exchange.caller.scopes.empty()) {
    return challenge(exchange, 403, "insufficient_scope", "the token does not have a valid scope");
  }
  exchange.caller.claims = token.claims;
  return std::nullopt;
}

const Authorizer& authorizer_of(const Exchange& exchange) {
  return *exchange.route->authorization->authorizer;
}

}  // namespace

JwtCheck::TokenPtr JwtCheck::find_kept(const Exchange& exchange, const std::string& hash) {
  const Authorizer& authorizer = authorizer_of(exchange);
  auto kept = authorizer.memory->tokens.find(hash, clock_.steady());
  if (kept == nullptr || fault_in_time(kept->lifetime, exchange.received)) return nullptr;
  return kept->keys == verifier_.current(authorizer.jwt->issuer) ? kept : nullptr;
}

void JwtCheck::keep(const Exchange& exchange, const std::string& hash, TokenPtr token) {
  const auto left = token->lifetime.expires - exchange.received;
  // So far ahead that the clock would overflow is as good as for ever.
  const auto until =
      clock_.steady() + std::min<std::chrono::milliseconds>(left, std::chrono::hours(24));
  authorizer_of(exchange).memory->tokens.put(hash, std::move(token), until);
}

void JwtCheck::check(const ExchangePtr& exchange, const Authorized& done) {
  const Authorizer& authorizer = authorizer_of(*exchange);
  const auto value = identity_value(authorizer.identity.front(), *exchange);
  const std::string_view text = without_scheme(value ? std::string_view(*value) : "");
  if (text.empty()) return done(no_token(*exchange));
  std::string hash = crypto::sha256(text);
  if (const auto kept = find_kept(*exchange, hash)) return done(admit(*exchange, *kept));
  auto parsed = oidc::parse_token(text);
  if (!parsed) return done(invalid_token(*exchange, "the token is malformed"));
  if (const auto fault = fault_of_form(*parsed, *authorizer.jwt)) {
    return done(invalid_token(*exchange, *fault));
  }
  const auto token = std::make_shared<const oidc::Token>(*std::move(parsed));
  verifier_.verify(authorizer.jwt->issuer, token,
                   [this, exchange, done, token,
                    hash = std::move(hash)](const Result<TokenVerifier::Keys>& keys) {
                     if (!keys) return done(invalid_token(*exchange, words_of(keys.error())));
                     auto read =
                         read_token(*token, *authorizer_of(*exchange).jwt, exchange->received);
                     if (!read) return done(invalid_token(*exchange, read.error().message));
                     read->keys = *keys;
                     const auto verified = std::make_shared<const VerifiedToken>(*std::move(read));
                     keep(*exchange, hash, verified);
                     done(admit(*exchange, *verified));
                   });
}

}  // namespace stator::apigateway
