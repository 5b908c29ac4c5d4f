#pragma once

#include "apigateway/apis.hpp"
#include "apigateway/authorizers/authorization.hpp"
#include "apigateway/domains/domains.hpp"
#include "apigateway/integrations/integrations.hpp"
#include "apigateway/traffic/watch.hpp"
#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/scheduler.hpp"
#include "http/server.hpp"

namespace stator::apigateway {

/// What the gateway works with; all outlive it.
struct GatewayParts {
  Apis& apis;
  FunctionInvoker& invoker;
  Scheduler& scheduler;
  const Clock& clock;
  Random& random;
  aws::Authenticator& authenticator;
  aws::Authorizer& authorizer;
  AccessLogSink* access_logs = nullptr;     ///< null: no stage's access log is written
  http::Upstream* upstream = nullptr;       ///< null: HTTP integrations are answered with 503
  const Domains* domains = nullptr;         ///< null: there are no custom domains
  oidc::Fetch fetch = make_issuer_fetch();  ///< reads what issuers of tokens publish
  RateLimit account_limit = kAccountLimit;  ///< of all APIs of an account in a Region together
};

/// The data plane: takes the requests of HTTP APIs step by step to what their routes integrate
/// with: address, route, authorization, integration. Any thread.
class Gateway {
 public:
  explicit Gateway(GatewayParts parts);
  /// Waits for the issuers that are being asked.
  ~Gateway() { authorization_.stop(); }
  Gateway(const Gateway&) = delete;

  /// Whether the request is for an API: by host ("ID.execute-api.localhost", or AWS's own name for
  /// it) or by path ("/_aws/execute-api/ID/STAGE/…").
  [[nodiscard]] static bool owns(const http::Request& request);
  /// The same, or by the name of a custom domain.
  [[nodiscard]] bool serves(const http::Request& request) const;

  /// On the loop that read the request. 404 {"message":"Not Found"} for what leads nowhere, 413
  /// above 10 MB, 431 above 10,240 bytes of request line and header values, 429 {"message":"Too
  /// Many Requests"} above a rate limit, 403
  /// {"message":"Forbidden"} for whom the route does not let in.
  void handle(http::Request&& request, http::Responder responder);

  /// For the server's own pages, and its end.
  [[nodiscard]] Watch& watch() { return watch_; }

 private:
  [[nodiscard]] ExchangePtr begin(http::Request&& request, http::Responder responder);
  /// Finds API and stage.
  [[nodiscard]] std::optional<Refusal> find_stage(Exchange& exchange) const;
  [[nodiscard]] CompiledDomainPtr domain_of(const http::Request& request) const;
  /// Finds stage and route. Nothing when that worked; a preflight may be without a route.
  [[nodiscard]] std::optional<Refusal> find_route(Exchange& exchange) const;

  GatewayParts parts_;
  Watch watch_;
  Authorization authorization_;
  Integrations integrations_;
};

}  // namespace stator::apigateway
