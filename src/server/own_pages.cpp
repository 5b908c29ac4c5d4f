#include "server/own_pages.hpp"

#include <algorithm>

#include "apigateway/traffic/metrics_page.hpp"
#include "aws/sigv4.hpp"
#include "json/json.hpp"

namespace stator::server {
namespace {

constexpr std::string_view kOwnPages = "/_stator/";
constexpr std::string_view kHealth = "/_stator/health";
constexpr std::string_view kMetrics = "/_stator/metrics";
constexpr std::string_view kRequests = "/_stator/requests";

http::Response page(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.add("content-type", std::string(type));
  response.body = std::move(body);
  return response;
}

http::Response message_page(int status, std::string_view message) {
  return page(status, "application/json", "{\"message\":" + json::quote(message) + "}");
}

http::Response error_page(const Error& error) {
  return message_page(error.code == ErrorCode::kNotFound ? 404 : 403, error.message);
}

/// Those of an account: an API says whose it is by its stages.
std::vector<std::shared_ptr<const apigateway::CompiledApi>> of_account(
    std::vector<std::shared_ptr<const apigateway::CompiledApi>> apis, std::string_view account) {
  std::erase_if(apis, [&](const auto& api) {
    return api->stages.empty() || api->stages.begin()->second->account != account;
  });
  return apis;
}

}  // namespace

bool OwnPages::owns(const http::Request& request) {
  return request.target.starts_with(kOwnPages);
}

void OwnPages::handle(http::Request&& request, http::Responder responder) {
  std::move(responder).send(answer(request));
}

http::Response OwnPages::answer(const http::Request& request) {
  const std::string_view path = request.path();
  if (path == kHealth && (request.method == "GET" || request.method == "HEAD")) {
    return page(200, "application/json", parts_.health());
  }
  if (path.starts_with(cloudformation::CustomResponses::kPath) && request.method == "PUT") {
    return take_response(request);
  }
  if (path == kMetrics && request.method == "GET") return metrics(request);
  if (path == kRequests && request.method == "GET") return requests(request);
  return message_page(404, "stator has no page " + request.method + " " + std::string(path) +
                               "; there are GET /_stator/health, metrics and requests?api=ID");
}

Result<aws::Call> OwnPages::admit(const http::Request& request, const std::string& resource) {
  aws::Call call;
  call.now = parts_.clock.wall();
  call.http = &request;
  call.source_ip = request.peer;
  call.region = aws::sigv4::scope_region(request);
  if (call.region.empty()) call.region = parts_.default_region;
  STATOR_TRY(call.principal, parts_.authenticator.authenticate(request, "apigateway", call.now));
  call.account = call.principal.account;
  const aws::Permission need{"apigateway:GET",
                             "arn:aws:apigateway:" + call.region + "::" + resource};
  STATOR_TRY_VOID(parts_.authorizer.authorize(call, {&need, 1}));
  return call;
}

/// What is too long fails the resource, which is told so rather than left waiting.
http::Response OwnPages::take_response(const http::Request& request) {
  using cloudformation::CustomResponses;
  const std::string_view token = request.path().substr(CustomResponses::kPath.size());
  std::string body = request.body.substr(0, CustomResponses::kBytesMax + 1);
  if (parts_.custom_responses.put(token, std::move(body))) return page(200, "text/plain", "");
  return message_page(404, "nobody waits for this answer");
}

http::Response OwnPages::metrics(const http::Request& request) {
  const auto call = admit(request, "/apis");
  if (!call) return error_page(call.error());
  std::string text = apigateway::metrics_page(of_account(parts_.apis.all(), call->account));
  text +=
      "# HELP stator_apigateway_access_log_lines_lost_total Lines that came too fast.\n"
      "# TYPE stator_apigateway_access_log_lines_lost_total counter\n"
      "stator_apigateway_access_log_lines_lost_total " +
      std::to_string(parts_.watch.log_lines_lost()) + "\n";
  return page(200, "text/plain; version=0.0.4; charset=utf-8", std::move(text));
}

http::Response OwnPages::requests(const http::Request& request) {
  const auto query = http::parse_query(request.query());
  if (!query || query->size() != 1 || query->front().first != "api") {
    return message_page(400, "the page takes one parameter: api=ID");
  }
  const std::string& api_id = query->front().second;
  const auto call = admit(request, "/apis/" + api_id);
  if (!call) return error_page(call.error());
  const auto api = parts_.apis.get(*call, apigateway::Kind::kApi, {api_id});
  if (!api) return error_page(api.error());
  const auto pipe = parts_.watch.followers().add(api_id);
  if (pipe == nullptr) return message_page(503, "too many follow requests already");
  // The head leaves with the first of the body: now, not with the first request.
  (void)pipe->write("\n");
  http::Response response = page(200, "application/x-ndjson", "");
  response.stream = http::body_of(pipe);
  return response;
}

}  // namespace stator::server
