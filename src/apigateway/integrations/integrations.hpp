#pragma once

#include "apigateway/exchange.hpp"
#include "apigateway/integrations/function_invoker.hpp"
#include "apigateway/integrations/target.hpp"
#include "base/scheduler.hpp"
#include "http/upstream.hpp"

namespace stator::apigateway {

/// Takes a request to what its route integrates with, and answers it with what comes back. Any
/// thread.
///
/// A client that leaves early ends what its request asked of a URL; a function runs on, as on AWS.
class Integrations {
 public:
  /// All outlive it.
  struct Parts {
    FunctionInvoker& invoker;
    Scheduler& scheduler;
    const Clock& clock;
    http::Upstream* upstream = nullptr;  ///< null: URLs are answered with 503
  };
  explicit Integrations(Parts parts) : parts_(parts) {}

  /// Answers the exchange: 500 when the route has no integration, when its function fails or may
  /// not be invoked, 413 when the event is too large for a function, 503 when what is asked is
  /// throttled, does not answer in time or cannot be reached.
  void answer(const ExchangePtr& exchange);

 private:
  void ask_function(const ExchangePtr& exchange, std::string event);
  void ask_url(const ExchangePtr& exchange, const HttpTarget& target);

  Parts parts_;
};

}  // namespace stator::apigateway
