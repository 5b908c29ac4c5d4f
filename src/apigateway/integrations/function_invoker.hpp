#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"

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
  /// The role that invokes; "": API Gateway itself, which the function's policy must let in.
  std::string role_arn = {};
};

struct FunctionAnswer {
  std::string payload;
  bool is_function_error = false;
};

/// How the gateway reaches functions; the server gives it lambda.
class FunctionInvoker {
 public:
  virtual ~FunctionInvoker() = default;
  /// `done` is called once, from any thread; kThrottled when no instance is to be had.
  virtual void invoke(FunctionCall call, std::function<void(Result<FunctionAnswer>)> done) = 0;
};

}  // namespace stator::apigateway
