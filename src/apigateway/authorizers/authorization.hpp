#pragma once

#include <functional>
#include <optional>

#include "apigateway/exchange.hpp"
#include "aws/call.hpp"

namespace stator::apigateway {

/// Why a request may not pass: the gateway's own answer.
struct Refusal {
  int status = 403;
  std::string message = "Forbidden";
};

/// Asks of a request what its route asks for. Any thread.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
class Authorization {
 public:
  /// Both outlive it.
  Authorization(aws::Authenticator& authenticator, aws::Authorizer& authorizer)
      : authenticator_(authenticator), authorizer_(authorizer) {}

  /// Fills in exchange->caller. `done` is called once, from any thread, perhaps before check()
  /// returns; nothing lets the request pass.
  void check(const ExchangePtr& exchange, const std::function<void(std::optional<Refusal>)>& done);

 private:
  [[nodiscard]] std::optional<Refusal> check_signer(Exchange& exchange);

  aws::Authenticator& authenticator_;
  aws::Authorizer& authorizer_;
};

}  // namespace stator::apigateway
