#include "apigateway/gateway.hpp"

#include <array>

#include "apigateway/domains/domain_address.hpp"
#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"

namespace stator::apigateway {
namespace {

/// "JKJaXmPLvHcESHA=": fifteen characters and a sign, as API Gateway's are.
std::string make_request_id(Random& random) {
  return random_text(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 15) +
         "=";
}

std::string make_trace_id(Random& random, WallTime now) {
  std::array<std::byte, 12> raw;
  random.fill(raw);
  const auto seconds = static_cast<std::uint32_t>(epoch_ms(now) / 1000);
  std::string time(4, '\0');
  for (int i = 0; i < 4; ++i) time[std::size_t(i)] = static_cast<char>(seconds >> (24 - 8 * i));
  return "Root=1-" + hex_encode(time) + "-" +
         hex_encode({reinterpret_cast<const char*>(raw.data()), raw.size()});
}

/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
constexpr std::size_t kHeadBytesMax = 10'240;

/// Of the request line and the headers' values, which is what AWS counts.
std::size_t head_bytes(const http::Request& request) {
  std::size_t bytes = request.method.size() + request.target.size() + request.protocol.size();
  for (const auto& [name, value] : request.headers.fields()) bytes += value.size();
  return bytes;
}

/// Whether the gateway answers in the integration's place.
bool answers_preflight(const Exchange& exchange) {
  return exchange.stage->cors != nullptr && is_preflight(exchange.request);
}

}  // namespace

Gateway::Gateway(GatewayParts parts)
    : parts_(parts),
      watch_({parts.scheduler, parts.clock, parts.access_logs, parts.account_limit}),
      authorization_({parts.authenticator, parts.authorizer, parts.invoker, parts.scheduler,
                      parts.clock, parts.fetch}),
      integrations_({parts.invoker, parts.scheduler, parts.clock, parts.upstream}) {}

bool Gateway::owns(const http::Request& request) {
  return request.target.starts_with(kPathPrefix) ||
         !api_of_host(request.headers.get("host")).empty();
}

ExchangePtr Gateway::begin(http::Request&& request, http::Responder responder) {
  const WallTime now = parts_.clock.wall();
  // Not make_shared: clang 14, which builds the fuzzers, cannot fill in an aggregate there.
  const ExchangePtr exchange(new Exchange{std::move(request), std::move(responder)});
  exchange->request_id = make_request_id(parts_.random);
  exchange->trace_id = make_trace_id(parts_.random, now);
  exchange->received = now;
  exchange->started = parts_.clock.steady();
  exchange->finish = [this](Exchange& finished, http::Response& response) {
    response.headers.add("apigw-requestid", finished.request_id);
    if (finished.stage != nullptr && finished.stage->cors != nullptr) {
      apply_cors(*finished.stage->cors, finished.request, response);
    }
    watch_.finished(finished, response);
  };
  return exchange;
}

CompiledDomainPtr Gateway::domain_of(const http::Request& request) const {
  return parts_.domains == nullptr ? nullptr : parts_.domains->find(request.headers.get("host"));
}

bool Gateway::serves(const http::Request& request) const {
  return owns(request) || domain_of(request) != nullptr;
}

std::optional<Refusal> Gateway::find_stage(Exchange& exchange) const {
  const auto domain = domain_of(exchange.request);
  if (domain != nullptr) {
    auto refusal = address_on(*parts_.domains, *domain, exchange.request, exchange.address);
    if (refusal) return refusal;
  } else {
    auto address = address_of(exchange.request);
    if (!address) return Refusal{400, "Bad Request"};
    exchange.address = *std::move(address);
  }
  const auto api = parts_.apis.find(exchange.address.api_id);
  if (api == nullptr) return Refusal{404, "Not Found"};
  if (domain == nullptr) settle_stage(exchange.address, *api);
  const auto stage = api->stages.find(exchange.address.stage);
  if (stage == api->stages.end()) return Refusal{404, "Not Found"};
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html
  if (domain == nullptr && stage->second->is_endpoint_disabled) return Refusal{404, "Not Found"};
  exchange.stage = stage->second;
  return std::nullopt;
}

std::optional<Refusal> Gateway::find_route(Exchange& exchange) const {
  if (auto refusal = find_stage(exchange)) return refusal;
  if (head_bytes(exchange.request) > kHeadBytesMax) {
    return Refusal{431, "Request Header Fields Too Large"};
  }
  if (exchange.request.body.size() > limits::kApiPayloadBytesMax) {
    return Refusal{413, "Request Entity Too Large"};
  }
  auto match = exchange.stage->table.find(exchange.request.method, exchange.address.path);
  if (!match && answers_preflight(exchange)) return std::nullopt;
  if (!match) return Refusal{404, "Not Found"};
  exchange.route = &exchange.stage->routes[match->value];
  exchange.path_parameters = std::move(match->parameters);
  return std::nullopt;
}

void Gateway::handle(http::Request&& request, http::Responder responder) {
  const ExchangePtr exchange = begin(std::move(request), std::move(responder));
  if (const auto refusal = find_route(*exchange)) {
    return exchange->refuse(refusal->status, refusal->message);
  }
  if (!watch_.admit(*exchange)) return exchange->refuse(429, "Too Many Requests");
  if (exchange->route == nullptr) return exchange->answer({.status = 204});
  // A route that takes OPTIONS (ANY and $default do) asks a preflight too for what it asks of all.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
  authorization_.check(exchange, [this, exchange](const std::optional<Refusal>& refusal) {
    if (refusal) return exchange->refuse(refusal->status, refusal->message, refusal->headers);
    if (answers_preflight(*exchange)) return exchange->answer({.status = 204});
    integrations_.answer(exchange);
  });
}

}  // namespace stator::apigateway
