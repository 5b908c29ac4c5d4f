#include "apigateway/integrations/integrations.hpp"

#include <mutex>

#include "apigateway/integrations/function_event.hpp"
#include "apigateway/integrations/http_request.hpp"
#include "aws/proxy_answer.hpp"
#include "base/limits.hpp"

namespace stator::apigateway {
namespace {

/// "GET /items/{id}" is "GET/items/{id}" in an ARN.
std::string source_arn(const CompiledStage& stage, std::string_view route_key) {
  std::string route(route_key);
  if (const auto space = route.find(' '); space != std::string::npos) route.erase(space, 1);
  return "arn:aws:execute-api:" + stage.region + ":" + stage.account + ":" + stage.api_id + "/" +
         stage.name + "/" + route;
}

void refuse_for(Exchange& exchange, const Error& error) {
  exchange.integration_error = error.message;
  switch (error.code) {
    case ErrorCode::kThrottled:
    case ErrorCode::kTimeout:
    case ErrorCode::kUnavailable:
      return exchange.refuse(503, "Service Unavailable");
    case ErrorCode::kTooLarge:
      return exchange.refuse(413, "Request Entity Too Large");
    default:
      return exchange.refuse(500, "Internal Server Error");
  }
}

/// The integration's answer, changed by its response parameters.
void answer_with(Exchange& exchange, http::Response response) {
  exchange.route->integration->target->response_mapping.apply(exchange, response);
  exchange.answer(std::move(response));
}

void settle_function(Exchange& exchange, const Result<FunctionAnswer>& answer) {
  if (!answer) return refuse_for(exchange, answer.error());
  exchange.integration_status = 200;
  if (answer->is_function_error) {
    exchange.integration_error =
        "The function returned an error: " + answer->payload.substr(0, 1024);
    return exchange.refuse(500, "Internal Server Error");
  }
  const bool is_format_1 = exchange.route->integration->target->is_format_1;
  auto response = is_format_1 ? aws::read_proxy_answer_v1(answer->payload)
                              : aws::read_proxy_answer(answer->payload);
  // An interim status would leave the client without an answer.
  if (!response || response->status < 200) {
    exchange.integration_error =
        "The response from the Lambda function doesn't match the format that API Gateway expects.";
    return exchange.refuse(500, "Internal Server Error");
  }
  exchange.function_status = response->status;
  answer_with(exchange, *std::move(response));
}

void settle_url(Exchange& exchange, Result<http::Response> answer) {
  if (!answer) return refuse_for(exchange, answer.error());
  exchange.integration_status = answer->status;
  http::remove_hop_by_hop(answer->headers);
  answer_with(exchange, *std::move(answer));
}

/// Gives a request to a URL up when its client leaves, which may be before it is on its way.
class GivingUp {
 public:
  void leave() {
    const std::lock_guard lock(mutex_);
    has_left_ = true;
    if (cancel_) cancel_();
  }
  void set(http::Upstream::Cancel cancel) {
    const std::lock_guard lock(mutex_);
    cancel_ = std::move(cancel);
    if (has_left_) cancel_();
  }

 private:
  std::mutex mutex_;
  bool has_left_ = false;
  http::Upstream::Cancel cancel_;
};

}  // namespace

void Integrations::answer(const ExchangePtr& exchange) {
  const auto& integration = exchange->route->integration;
  if (integration == nullptr || integration->target == nullptr) {
    return exchange->refuse(500, "Internal Server Error");
  }
  if (integration->target->http) return ask_url(exchange, *integration->target->http);
  if (integration->function_arn.empty()) return exchange->refuse(500, "Internal Server Error");
  auto event = function_event(*exchange);
  if (!event) return exchange->refuse(400, "Bad Request");
  if (event->size() > limits::kInvokePayloadBytesMax) {
    return exchange->refuse(413, "Request Entity Too Large");
  }
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
                    std::move(event),
                    integration.target->role_arn};
  const SteadyTime asked = parts_.clock.steady();
  parts_.invoker.invoke(
      std::move(call), [exchange, timer, asked, parts = parts_](const Result<FunctionAnswer>& got) {
        // A timer that can no longer be cancelled has answered.
        if (!parts.scheduler.cancel(timer)) return;
        exchange->integration_latency =
            std::chrono::duration_cast<std::chrono::microseconds>(parts.clock.steady() - asked);
        settle_function(*exchange, got);
      });
}

void Integrations::ask_url(const ExchangePtr& exchange, const HttpTarget& target) {
  if (parts_.upstream == nullptr) return exchange->refuse(503, "Service Unavailable");
  auto request = http_request(*exchange, target);
  if (!request) return exchange->refuse(400, "Bad Request");
  const auto giving_up = std::make_shared<GivingUp>();
  exchange->responder.on_disconnect([giving_up] { giving_up->leave(); });
  const SteadyTime asked = parts_.clock.steady();
  giving_up->set(parts_.upstream->send(
      *std::move(request), [exchange, asked, parts = parts_](Result<http::Response> answer) {
        exchange->integration_latency =
            std::chrono::duration_cast<std::chrono::microseconds>(parts.clock.steady() - asked);
        settle_url(*exchange, std::move(answer));
      }));
}

}  // namespace stator::apigateway
