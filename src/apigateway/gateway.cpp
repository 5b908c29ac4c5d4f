#include "apigateway/gateway.hpp"

#include <array>
#include <atomic>
#include <memory>

#include "aws/proxy_answer.hpp"
#include "aws/proxy_event.hpp"
#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/strings.hpp"
#include "json/json.hpp"

namespace stator::apigateway {
namespace {

constexpr std::string_view kPathPrefix = "/_aws/execute-api/";
constexpr std::string_view kHostPart = ".execute-api.";
constexpr std::string_view kDefaultStage = "$default";

/// Which API and stage a request is for, and the path below them.
struct Address {
  std::string_view api_id;
  std::string stage;  ///< "": not yet known, it may be the path's first segment
  std::string path;   ///< decoded, from the root of the stage
};

std::string_view api_of_host(std::string_view host) {
  const auto at = host.find(kHostPart);
  if (at == std::string_view::npos || at == 0) return {};
  const std::string_view rest = host.substr(at + kHostPart.size());
  const std::string_view name = rest.substr(0, rest.rfind(':'));
  return name == "localhost" || name.ends_with(".amazonaws.com") ? host.substr(0, at)
                                                                 : std::string_view();
}

std::optional<Address> address_of(const http::Request& request) {
  auto path = percent_decode(request.path());
  if (!path || !path->starts_with('/') || !is_utf8(*path)) return std::nullopt;
  const std::string_view host_api = api_of_host(request.headers.get("host"));
  if (!host_api.empty()) return Address{host_api, "", *std::move(path)};

  // The id and stage are plain text, so the encoded target gives a view of the id that lives on.
  std::string_view rest = request.path();
  rest.remove_prefix(kPathPrefix.size());
  const std::string_view api_id = rest.substr(0, rest.find('/'));
  std::string_view decoded = std::string_view(*path).substr(kPathPrefix.size());
  decoded.remove_prefix(std::min(decoded.size(), api_id.size() + 1));
  const auto slash = decoded.find('/');
  Address address{api_id, std::string(decoded.substr(0, slash)), "/"};
  if (slash != std::string_view::npos) address.path = decoded.substr(slash);
  return address;
}

/// By host, a named stage is the path's first segment; without one of that name it is $default.
void settle_stage(Address& address, const CompiledApi& api) {
  if (!address.stage.empty()) return;
  const auto slash = address.path.find('/', 1);
  const std::string first = address.path.substr(1, slash == std::string::npos ? slash : slash - 1);
  if (!first.empty() && first != kDefaultStage && api.stages.contains(first)) {
    address.stage = first;
    address.path = slash == std::string::npos ? "/" : address.path.substr(slash);
  } else {
    address.stage = kDefaultStage;
  }
}

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

/// "GET /items/{id}" is "GET/items/{id}" in an ARN.
std::string source_arn(const CompiledApi& api, std::string_view stage, std::string_view route_key) {
  std::string route(route_key);
  if (const auto space = route.find(' '); space != std::string::npos) route.erase(space, 1);
  return "arn:aws:execute-api:" + api.region + ":" + api.account + ":" + api.id + "/" +
         std::string(stage) + "/" + route;
}

/// What the signer must be allowed to invoke: the path as it is, not the route.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
std::string invoked_arn(const CompiledApi& api, const Address& address, std::string_view method) {
  return "arn:aws:execute-api:" + api.region + ":" + api.account + ":" + api.id + "/" +
         address.stage + "/" + std::string(method) + address.path;
}

/// Who signed the request, when the signature is good and may invoke `arn`.
Result<aws::Principal> check_signer(const GatewayParts& parts, const http::Request& request,
                                    aws::Call call, std::string arn) {
  STATOR_TRY(call.principal, parts.authenticator.authenticate(request, "execute-api", call.now));
  const aws::Permission need{"execute-api:Invoke", std::move(arn)};
  STATOR_TRY_VOID(parts.authorizer.authorize(call, {&need, 1}));
  return std::move(call.principal);
}

/// {"message": ...} with a status, as the gateway itself answers.
http::Response gateway_message(int status, std::string_view message) {
  http::Response response;
  response.status = status;
  response.headers.add("content-type", "application/json");
  response.body = "{\"message\":" + json::quote(message) + "}";
  return response;
}

http::Response response_of(const Result<FunctionAnswer>& answer) {
  if (!answer) {
    return answer.error().code == ErrorCode::kThrottled
               ? gateway_message(503, "Service Unavailable")
               : gateway_message(500, "Internal Server Error");
  }
  if (answer->is_function_error) return gateway_message(500, "Internal Server Error");
  auto response = aws::read_proxy_answer(answer->payload);
  return response ? *std::move(response) : gateway_message(500, "Internal Server Error");
}

}  // namespace

/// One request on its way; whoever is first, the function or the timeout, answers it.
struct Gateway::Exchange {
  http::Responder responder;
  std::string request_id;
  std::atomic<bool> is_answered = false;
  std::atomic<Scheduler::TimerId> timer = 0;

  void answer(http::Response response) {
    if (is_answered.exchange(true)) return;
    response.headers.add("apigw-requestid", request_id);
    std::move(responder).send(std::move(response));
  }
};

bool Gateway::owns(const http::Request& request) {
  return request.target.starts_with(kPathPrefix) ||
         !api_of_host(request.headers.get("host")).empty();
}

void Gateway::handle(http::Request&& request, http::Responder responder) {
  auto exchange = std::make_shared<Exchange>(std::move(responder), make_request_id(parts_.random));
  auto address = address_of(request);
  if (!address) return exchange->answer(gateway_message(400, "Bad Request"));
  if (request.body.size() > limits::kApiPayloadBytesMax) {
    return exchange->answer(gateway_message(413, "Request Entity Too Large"));
  }
  const auto api = parts_.apis.find(address->api_id);
  if (api == nullptr) return exchange->answer(gateway_message(404, "Not Found"));
  settle_stage(*address, *api);
  const auto stage = api->stages.find(address->stage);
  const auto match = api->table.find(request.method, address->path);
  if (stage == api->stages.end() || !match) {
    return exchange->answer(gateway_message(404, "Not Found"));
  }
  const CompiledApi::Route& route = api->routes[match->value];
  if (route.function_arn.empty()) {
    return exchange->answer(gateway_message(500, "Internal Server Error"));
  }

  const WallTime now = parts_.clock.wall();
  std::optional<aws::Principal> signer;
  if (route.needs_signature) {
    aws::Call call;
    call.account = api->account;
    call.region = api->region;
    call.request_id = exchange->request_id;
    call.source_ip = request.peer;
    call.now = now;
    call.http = &request;
    auto checked =
        check_signer(parts_, request, std::move(call), invoked_arn(*api, *address, request.method));
    if (!checked) return exchange->answer(gateway_message(403, "Forbidden"));
    signer = *std::move(checked);
  }
  const std::string trace_id = make_trace_id(parts_.random, now);
  const std::string domain_name = api->id + std::string(kHostPart) + "localhost";
  const std::string path =
      address->stage == kDefaultStage ? address->path : "/" + address->stage + address->path;
  auto event = aws::build_proxy_event(
      request,
      aws::ProxyEventContext{api->account, api->id, address->stage, route.key, path, path,
                             domain_name, exchange->request_id, trace_id, now, match->parameters,
                             stage->second, signer ? &*signer : nullptr});
  if (!event) return exchange->answer(gateway_message(400, "Bad Request"));

  exchange->timer = parts_.scheduler.after(
      route.timeout, [exchange] { exchange->answer(gateway_message(503, "Service Unavailable")); });
  FunctionCall call{api->account,       api->region,
                    route.function_arn, source_arn(*api, address->stage, route.key),
                    trace_id,           *std::move(event)};
  parts_.invoker.invoke(std::move(call), [exchange, &scheduler = parts_.scheduler](
                                             const Result<FunctionAnswer>& answer) {
    scheduler.cancel(exchange->timer);
    exchange->answer(response_of(answer));
  });
}

}  // namespace stator::apigateway
