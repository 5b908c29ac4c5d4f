#include "apigateway/traffic/watch.hpp"

#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

void count(const Exchange& exchange, const Answered& answered) {
  const Sample sample{answered.status, answered.latency, exchange.integration_latency,
                      exchange.request.body.size() + answered.bytes,
                      answered.status == 429 && !exchange.error_message.empty()};
  exchange.stage->figures->add(sample);
  if (exchange.route != nullptr && exchange.route->traffic.figures != nullptr) {
    exchange.route->traffic.figures->add(sample);
  }
}

void put_unless_empty(json::Object& line, const char* name, const std::string& value) {
  if (!value.empty()) line[name] = value;
}

}  // namespace

Watch::Watch(Parts parts)
    : clock_(parts.clock),
      account_(parts.account_limit),
      log_(parts.access_logs == nullptr ? nullptr
                                        : std::make_unique<AccessLogWriter>(*parts.access_logs)),
      followers_(parts.scheduler) {}

bool Watch::admit(const Exchange& exchange) {
  const CompiledStage& stage = *exchange.stage;
  if (followers_.has(stage.api_id)) table_times_.watch(exchange.trace_id);
  if (exchange.route != nullptr && exchange.route->traffic.limit) {
    const RouteTraffic& route = exchange.route->traffic;
    if (!route.bucket->take(*route.limit, exchange.started)) return false;
  }
  return account_.take(stage.account, stage.region, exchange.started);
}

void Watch::finished(const Exchange& exchange, const http::Response& response) {
  if (exchange.stage == nullptr || exchange.stage->figures == nullptr) return;
  const CompiledStage& stage = *exchange.stage;
  const Answered answered{
      response.status, response.body.size(),
      std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - exchange.started)};
  count(exchange, answered);
  if (stage.access_log != nullptr && log_ != nullptr) {
    log_->add(stage.access_log,
              {exchange.received, access_log_line(*stage.access_log, exchange, answered)});
  }
  if (followers_.has(stage.api_id)) {
    followers_.publish(stage.api_id, describe(exchange, answered));
  }
}

std::string Watch::describe(const Exchange& exchange, const Answered& answered) {
  json::Object line{{"time", iso8601_ms(exchange.received)},
                    {"requestId", exchange.request_id},
                    {"stage", exchange.stage->name},
                    {"method", exchange.request.method},
                    {"path", full_path(exchange)},
                    {"route", exchange.route == nullptr ? "" : exchange.route->key},
                    {"status", answered.status},
                    {"bytes", answered.bytes},
                    {"latencyUs", answered.latency.count()}};
  if (exchange.authorizer_latency) line["authorizerUs"] = exchange.authorizer_latency->count();
  if (exchange.integration_latency) line["integrationUs"] = exchange.integration_latency->count();
  if (const auto tables = table_times_.take(exchange.trace_id); tables && tables->calls > 0) {
    line["tablesUs"] = tables->time.count();
    line["tableCalls"] = tables->calls;
  }
  put_unless_empty(line, "error", exchange.error_message);
  put_unless_empty(line, "integrationError", exchange.integration_error);
  put_unless_empty(line, "authorizerError", exchange.authorizer_error);
  return json::dump(line);
}

}  // namespace stator::apigateway
