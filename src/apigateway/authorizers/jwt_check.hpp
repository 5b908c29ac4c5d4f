#pragma once

#include "apigateway/authorizers/authorizer.hpp"
#include "apigateway/authorizers/refusal.hpp"
#include "apigateway/authorizers/token_verifier.hpp"

namespace stator::apigateway {

/// Lets those pass who show a token of the authorizer's issuer for one of its audiences, with one
/// of the route's scopes. Any thread.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
class JwtCheck {
 public:
  /// How far before its nbf and iat a token counts, because clocks differ. Its end is its end.
  static constexpr std::chrono::seconds kSkew{30};

  JwtCheck(TokenVerifier& verifier, const Clock& clock) : verifier_(verifier), clock_(clock) {}

  /// 401 with a www-authenticate header for a token that is missing or not believed, 403 for one
  /// without scope. Fills in the caller's claims and scopes.
  void check(const ExchangePtr& exchange, const Authorized& done);

 private:
  using TokenPtr = std::shared_ptr<const VerifiedToken>;
  [[nodiscard]] TokenPtr find_kept(const Exchange& exchange, const std::string& hash);
  void keep(const Exchange& exchange, const std::string& hash, TokenPtr token);

  TokenVerifier& verifier_;
  const Clock& clock_;
};

}  // namespace stator::apigateway
