#include "server/front_door.hpp"

#include "json/json.hpp"

namespace stator::server {
namespace {

constexpr std::string_view kOwnPages = "/_stator/";
constexpr std::string_view kHealth = "/_stator/health";

http::Response json_page(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.add("content-type", "application/json");
  response.body = std::move(body);
  return response;
}

}  // namespace

FrontDoor::FrontDoor(apigateway::Gateway& gateway, lambda::urls::FunctionUrls& function_urls,
                     aws::Router& router, Health health)
    : gateway_(gateway),
      function_urls_(function_urls),
      router_(router),
      health_(std::move(health)) {}

void FrontDoor::handle(http::Request&& request, http::Responder responder) {
  if (gateway_.serves(request)) {
    return gateway_.handle(std::move(request), std::move(responder));
  }
  if (lambda::urls::FunctionUrls::owns(request)) {
    return function_urls_.handle(std::move(request), std::move(responder));
  }
  if (!request.target.starts_with(kOwnPages)) {
    return router_.handle(std::move(request), std::move(responder));
  }
  if (request.path() == kHealth && (request.method == "GET" || request.method == "HEAD")) {
    return std::move(responder).send(json_page(200, health_()));
  }
  std::move(responder).send(
      json_page(404, "{\"message\":" +
                         json::quote("stator has no page " + std::string(request.path()) +
                                     "; there is GET /_stator/health") +
                         "}"));
}

}  // namespace stator::server
