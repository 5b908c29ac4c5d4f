#include "apigateway/integrations/integrations.hpp"

#include "aws/proxy_answer.hpp"
#include "aws/proxy_event.hpp"

namespace stator::apigateway {
namespace {

/// "GET /items/{id}" is "GET/items/{id}" in an ARN.
std::string source_arn(const CompiledStage& stage, std::string_view route_key) {
  std::string route(route_key);
  if (const auto space = route.find(' '); space != std::string::npos) route.erase(space, 1);
  return "arn:aws:execute-api:" + stage.region + ":" + stage.account + ":" + stage.api_id + "/" +
         stage.name + "/" + route;
}

std::optional<std::string> event_of(const Exchange& exchange) {
  const CompiledStage& stage = *exchange.stage;
  const std::string& below = exchange.address.path;
  const std::string path = stage.name == kDefaultStage ? below : "/" + stage.name + below;
  const auto& signer = exchange.caller.signer;
  return aws::build_proxy_event(exchange.request,
                                aws::ProxyEventContext{stage.account,
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
                                                       {signer ? &*signer : nullptr}});
}

void settle(Exchange& exchange, const Result<FunctionAnswer>& answer) {
  if (!answer) {
    exchange.integration_error = answer.error().message;
    return answer.error().code == ErrorCode::kThrottled
               ? exchange.refuse(503, "Service Unavailable")
               : exchange.refuse(500, "Internal Server Error");
  }
  exchange.integration_status = 200;
  auto response =
      answer->is_function_error ? std::nullopt : aws::read_proxy_answer(answer->payload);
  if (!response) return exchange.refuse(500, "Internal Server Error");
  exchange.answer(*std::move(response));
}

}  // namespace

void Integrations::answer(const ExchangePtr& exchange) {
  const auto& integration = exchange->route->integration;
  if (integration == nullptr || integration->function_arn.empty()) {
    return exchange->refuse(500, "Internal Server Error");
  }
  auto event = event_of(*exchange);
  if (!event) return exchange->refuse(400, "Bad Request");
  ask_function(exchange, *std::move(event));
}

void Integrations::ask_function(const ExchangePtr& exchange, std::string event) {
  const CompiledStage& stage = *exchange->stage;
  const Integration& integration = *exchange->route->integration;
  const auto timer = parts_.scheduler.after(
      integration.timeout, [exchange] { exchange->refuse(503, "Service Unavailable"); });
  FunctionCall call{stage.account,
                    stage.region,
                    integration.function_arn,
                    source_arn(stage, exchange->route->key),
                    exchange->trace_id,
                    std::move(event)};
  const SteadyTime asked = parts_.clock.steady();
  parts_.invoker.invoke(
      std::move(call), [exchange, timer, asked, parts = parts_](const Result<FunctionAnswer>& got) {
        // A timer that can no longer be cancelled has answered.
        if (!parts.scheduler.cancel(timer)) return;
        exchange->integration_latency =
            std::chrono::duration_cast<std::chrono::microseconds>(parts.clock.steady() - asked);
        settle(*exchange, got);
      });
}

}  // namespace stator::apigateway
