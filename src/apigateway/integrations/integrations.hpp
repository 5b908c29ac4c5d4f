#pragma once

#include "apigateway/exchange.hpp"
#include "apigateway/integrations/function_invoker.hpp"
#include "base/scheduler.hpp"

namespace stator::apigateway {

/// Takes a request to what its route integrates with, and answers it with what comes back. Any
/// thread.
class Integrations {
 public:
  /// All outlive it.
  struct Parts {
    FunctionInvoker& invoker;
    Scheduler& scheduler;
    const Clock& clock;
  };
  explicit Integrations(Parts parts) : parts_(parts) {}

  /// Answers the exchange: 500 when the route has no integration, when its function fails or may
  /// not be invoked, 503 when that is throttled or does not answer in time.
  void answer(const ExchangePtr& exchange);

 private:
  void ask_function(const ExchangePtr& exchange, std::string event);

  Parts parts_;
};

}  // namespace stator::apigateway
