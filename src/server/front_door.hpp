#pragma once

#include <functional>
#include <string>

#include "apigateway/gateway.hpp"
#include "aws/router.hpp"
#include "http/server.hpp"
#include "lambda/urls/function_urls.hpp"

namespace stator::server {

/// Looks at a request once and hands it on: the server's own pages, an API of API Gateway, a
/// function URL, or a call of the AWS API. Any loop.
class FrontDoor {
 public:
  /// Makes the JSON that /_stator/health answers with; on any loop.
  using Health = std::function<std::string()>;
  FrontDoor(apigateway::Gateway& gateway, lambda::urls::FunctionUrls& function_urls,
            aws::Router& router, Health health);

  void handle(http::Request&& request, http::Responder responder);

 private:
  apigateway::Gateway& gateway_;
  lambda::urls::FunctionUrls& function_urls_;
  aws::Router& router_;
  const Health health_;
};

}  // namespace stator::server
