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

void Authorization::check(const ExchangePtr& exchange,
                          const std::function<void(std::optional<Refusal>)>& done) {
  if (!exchange->route->needs_signature) return done(std::nullopt);
  done(check_signer(*exchange));
}

}  // namespace stator::apigateway
