#pragma once

#include <memory>

#include "apigateway/exchange.hpp"

namespace stator::apigateway {

/// A request on its way that no client waits for: POST /items/a%20b at stage "dev" of API "abc",
/// with route and stage found, as the tests of the gateway's parts want it.
inline std::shared_ptr<Exchange> make_test_exchange() {
  auto stage = std::make_shared<CompiledStage>();
  stage->api_id = "abc";
  stage->account = "123456789012";
  stage->region = "us-east-1";
  stage->name = "dev";
  stage->variables = {{"table", "t1"}};
  stage->routes.push_back(CompiledRoute{.key = "POST /items/{id}", .id = "r1"});

  http::Request request{.method = "POST", .target = "/dev/items/a%20b?x=1&y=2&x=3"};
  request.peer = "10.0.0.9";
  request.headers.add("Host", "abc.execute-api.localhost:4566");
  request.headers.add("User-Agent", "curl/8");
  request.body = "{}";
  // Not make_shared: clang 14, which builds the fuzzers, cannot fill in an aggregate there.
  const ExchangePtr exchange(
      new Exchange{std::move(request), http::Responder(nullptr), "req=", "Root=1-0-0"});
  exchange->received = FakeClock().wall();
  exchange->address = Address{"abc", "dev", "/items/a b", "abc.execute-api.localhost", "", "/dev"};
  exchange->stage = stage;
  exchange->route = &stage->routes.front();
  exchange->path_parameters = {{"id", "a b"}};
  return exchange;
}

}  // namespace stator::apigateway
