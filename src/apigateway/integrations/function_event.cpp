#include "apigateway/integrations/function_event.hpp"

#include "apigateway/context.hpp"
#include "apigateway/integrations/target.hpp"
#include "aws/proxy_event.hpp"

namespace stator::apigateway {
namespace {

aws::ProxyCaller caller_of(const Exchange& exchange) {
  const Caller& caller = exchange.caller;
  aws::ProxyCaller result;
  if (caller.signer) result.signer = &*caller.signer;
  if (caller.claims) result.claims = &*caller.claims;
  if (caller.context) result.context = &*caller.context;
  result.scopes = &caller.scopes;
  result.principal_id = caller.principal_id;
  if (exchange.authorizer_latency) {
    result.latency_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(*exchange.authorizer_latency).count();
  }
  return result;
}

std::optional<std::string> build(const Exchange& exchange, const http::Request& request,
                                 const std::string& path) {
  const CompiledStage& stage = *exchange.stage;
  const aws::ProxyEventContext context{stage.account,
                                       stage.api_id,
                                       stage.name,
                                       exchange.route->key,
                                       path,
                                       path,
                                       exchange.address.domain_name,
                                       exchange.request_id,
                                       exchange.trace_id,
                                       exchange.received,
                                       exchange.path_parameters,
                                       stage.variables,
                                       caller_of(exchange)};
  return exchange.route->integration->target->is_format_1
             ? aws::build_proxy_event_v1(request, context)
             : aws::build_proxy_event(request, context);
}

}  // namespace

std::optional<std::string> function_event(const Exchange& exchange) {
  const std::string path = full_path(exchange);
  const RequestMapping& mapping = exchange.route->integration->target->request_mapping;
  if (mapping.empty()) return build(exchange, exchange.request, path);
  auto mapped = mapping.apply(exchange);
  if (!mapped) return std::nullopt;
  http::Request request = exchange.request;
  request.headers = std::move(mapped->headers);
  request.target = std::string(request.path());
  if (!mapped->query.empty()) request.target += "?" + mapped->query;
  return build(exchange, request, mapped->path.value_or(path));
}

}  // namespace stator::apigateway
