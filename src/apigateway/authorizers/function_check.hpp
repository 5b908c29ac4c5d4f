#pragma once

#include "apigateway/authorizers/authorizer.hpp"
#include "apigateway/authorizers/refusal.hpp"
#include "apigateway/integrations/function_invoker.hpp"
#include "base/scheduler.hpp"

namespace stator::apigateway {

/// Lets those pass whom the authorizer's function lets pass. Any thread.
///
/// What a function decided is kept for the authorizer's time, by the values of its identity sources
/// and, for simple answers, by route: a yes for one route is none for another. A policy is kept for
/// all routes and asked about each request. Requests that would ask the same wait for the first.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
class FunctionCheck {
 public:
  static constexpr std::chrono::milliseconds kTimeout{10'000};
  /// Requests that wait for one answer; one more fails.
  static constexpr std::size_t kWaitingMax = 1'000;

  /// All outlive it.
  struct Parts {
    FunctionInvoker& invoker;
    Scheduler& scheduler;
    const Clock& clock;
  };
  explicit FunctionCheck(Parts parts) : parts_(parts) {}

  /// 401 when an identity source is missing or the function says "Unauthorized", 403 when it says
  /// no, 500 when it fails or answers what cannot be understood. Fills in the caller's context and
  /// principal.
  void check(const ExchangePtr& exchange, const Authorized& done);

 private:
  void ask(const ExchangePtr& exchange, std::string event, const FunctionDecided& decided);
  /// Asks, unless somebody is asking already, and tells all who wait.
  void ask_once(const ExchangePtr& exchange, std::string key, std::string event,
                const FunctionDecided& decided);

  Parts parts_;
};

}  // namespace stator::apigateway
