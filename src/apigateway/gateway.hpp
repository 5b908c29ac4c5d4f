#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "apigateway/apis.hpp"
#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/scheduler.hpp"
#include "http/server.hpp"

namespace stator::apigateway {

/// One invocation as the gateway asks for it.
struct FunctionCall {
  std::string account;
  std::string region;
  std::string function_arn;  ///< perhaps with a version or alias
  std::string
      source_arn;  ///< of the route: arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/GET/items/{id}
  std::string trace_id;
  std::string payload;
};

struct FunctionAnswer {
  std::string payload;
  bool is_function_error = false;
};

/// How the gateway reaches functions; the server gives it lambda.
class FunctionInvoker {
 public:
  virtual ~FunctionInvoker() = default;
  /// Invokes as apigateway.amazonaws.com, which the function's policy must allow for `source_arn`.
  /// `done` is called once, from any thread; kThrottled when no instance is to be had.
  virtual void invoke(FunctionCall call, std::function<void(Result<FunctionAnswer>)> done) = 0;
};

/// What the gateway works with; all outlive it.
struct GatewayParts {
  Apis& apis;
  FunctionInvoker& invoker;
  Scheduler& scheduler;
  const Clock& clock;
  Random& random;
  aws::Authenticator& authenticator;
  aws::Authorizer& authorizer;
};

/// The data plane: takes the requests of HTTP APIs to their functions and the answers back. Any
/// thread.
class Gateway {
 public:
  explicit Gateway(GatewayParts parts) : parts_(parts) {}

  /// Whether the request is for an API: by host ("ID.execute-api.localhost", or AWS's own name for
  /// it) or by path ("/_aws/execute-api/ID/STAGE/…").
  [[nodiscard]] static bool owns(const http::Request& request);

  /// On the loop that read the request. 404 {"message":"Not Found"} for what leads nowhere, 413
  /// above 10 MB, 403 {"message":"Forbidden"} where a route asks for a signature and it is not good
  /// or its owner may not execute-api:Invoke the path, 503 when the function does not answer within
  /// the integration's timeout or is throttled, 500 when it fails or may not be invoked.
  void handle(http::Request&& request, http::Responder responder);

 private:
  struct Exchange;
  GatewayParts parts_;
};

}  // namespace stator::apigateway
