#include "apigateway/authorizers/authorization.hpp"

namespace stator::apigateway {
namespace {

/// What the signer must be allowed to invoke: the path as it is, not the route.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
std::string invoked_arn(const Exchange& exchange) {
  const CompiledStage& stage = *exchange.stage;
  return "arn:aws:execute-api:" + stage.region + ":" + stage.account + ":" + stage.api_id + "/" +
         stage.name + "/" + exchange.request.method + exchange.address.path;
}

}  // namespace

Authorization::Authorization(const Parts& parts)
    : authenticator_(parts.authenticator),
      authorizer_(parts.authorizer),
      clock_(parts.clock),
      verifier_(parts.fetch, parts.clock),
      jwt_(verifier_, parts.clock),
      function_({parts.invoker, parts.scheduler, parts.clock}) {}

std::optional<Refusal> Authorization::check_signer(Exchange& exchange) {
  aws::Call call;
  call.account = exchange.stage->account;
  call.region = exchange.stage->region;
  call.request_id = exchange.request_id;
  call.source_ip = exchange.request.peer;
  call.now = exchange.received;
  call.http = &exchange.request;
  auto signer = authenticator_.authenticate(exchange.request, "execute-api", call.now);
  if (!signer) return Refusal{};
  call.principal = *std::move(signer);
  const aws::Permission need{"execute-api:Invoke", invoked_arn(exchange)};
  if (!authorizer_.authorize(call, {&need, 1})) return Refusal{};
  exchange.caller.signer = std::move(call.principal);
  return std::nullopt;
}

void Authorization::check(const ExchangePtr& exchange, const Authorized& done) {
  using Type = RouteAuthorization::Type;
  const auto& wanted = exchange->route->authorization;
  if (wanted == nullptr) return done(std::nullopt);
  const SteadyTime asked = clock_.steady();
  const Authorized timed = [exchange, done, asked,
                            &clock = clock_](std::optional<Refusal> refusal) {
    exchange->authorizer_latency =
        std::chrono::duration_cast<std::chrono::microseconds>(clock.steady() - asked);
    done(std::move(refusal));
  };
  switch (wanted->type) {
    case Type::kIam:
      return timed(check_signer(*exchange));
    case Type::kJwt:
      return jwt_.check(exchange, timed);
    case Type::kFunction:
      return function_.check(exchange, timed);
    case Type::kNobody:
      break;
  }
  exchange->authorizer_error = "The route's authorizer does not exist";
  timed(Refusal{500, "Internal Server Error"});
}

}  // namespace stator::apigateway
