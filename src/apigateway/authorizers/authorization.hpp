#pragma once

#include <optional>

#include "apigateway/authorizers/function_check.hpp"
#include "apigateway/authorizers/jwt_check.hpp"
#include "apigateway/authorizers/refusal.hpp"
#include "apigateway/exchange.hpp"
#include "aws/call.hpp"

namespace stator::apigateway {

/// Asks of a request what its route asks for. Any thread.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
class Authorization {
 public:
  /// All outlive it.
  struct Parts {
    aws::Authenticator& authenticator;
    aws::Authorizer& authorizer;
    FunctionInvoker& invoker;
    Scheduler& scheduler;
    const Clock& clock;
    oidc::Fetch fetch;  ///< reads what issuers publish
  };
  explicit Authorization(const Parts& parts);

  /// Fills in exchange->caller, and how the authorizer did. `done` may be called before check()
  /// returns.
  void check(const ExchangePtr& exchange, const Authorized& done);

  /// Answers what waits for an issuer, and waits for it.
  void stop() { verifier_.stop(); }

 private:
  [[nodiscard]] std::optional<Refusal> check_signer(Exchange& exchange);

  aws::Authenticator& authenticator_;
  aws::Authorizer& authorizer_;
  const Clock& clock_;
  TokenVerifier verifier_;
  JwtCheck jwt_;
  FunctionCheck function_;
};

}  // namespace stator::apigateway
