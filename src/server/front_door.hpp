#pragma once

#include "apigateway/gateway.hpp"
#include "aws/router.hpp"
#include "base/clock.hpp"
#include "http/server.hpp"
#include "lambda/urls/function_urls.hpp"
#include "server/own_pages.hpp"

namespace stator::server {

/// Where requests may lead; all outlive it.
struct FrontDoorParts {
  apigateway::Gateway& gateway;
  lambda::urls::FunctionUrls& function_urls;
  aws::Router& router;
  OwnPages& pages;
  const Clock& clock;
};

/// Looks at a request once and hands it on: the server's own pages, an API of API Gateway, a
/// function URL, or a call of the AWS API. Any loop.
class FrontDoor {
 public:
  explicit FrontDoor(FrontDoorParts parts) : parts_(parts) {}

  void handle(http::Request&& request, http::Responder responder);

 private:
  /// While someone follows an API, what its functions ask of tables counts for the request that
  /// they answer.
  [[nodiscard]] bool is_followed(const http::Request& request) const;
  void call_and_count(http::Request&& request, http::Responder responder);

  FrontDoorParts parts_;
};

}  // namespace stator::server
