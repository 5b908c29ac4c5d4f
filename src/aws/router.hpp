#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "aws/audit.hpp"
#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "http/server.hpp"
#include "log/log.hpp"
#include "storage/store.hpp"

namespace stator::aws {

/// What the router works with; all outlive it.
struct RouterParts {
  Authenticator& authenticator;
  Authorizer& authorizer;
  storage::Store& store;
  WorkerPool& workers;
  const Clock& clock;
  Random& random;
  const log::Logger& logger;
  std::string default_account;
  std::string default_region;
  /// Told of every control-plane call, every denial and every failed authentication; null: nobody
  /// is. Successes of the data plane cost it nothing.
  AuditTrail* audit = nullptr;
};

/// From an HTTP request to the operation it names and back: finds the service (by credential scope,
/// then X-Amz-Target, Action or path), authenticates, hands the input over, authorizes, runs, and
/// parks the answer until what it reveals is durable. JSON operations and requests with large
/// bodies run on the worker pool (503 when its queue is full), the rest on the caller's thread.
/// Errors leave in the service's own protocol, with a request id. An unknown operation is
/// UnknownOperationException (or its like), never a 5xx. A BugError from a handler is logged and
/// answered 500.
class Router {
 public:
  Router(RouterParts parts, std::vector<Service> services);
  ~Router();
  Router(const Router&) = delete;

  /// On the loop that read the request.
  void handle(http::Request&& request, http::Responder responder);

  /// The same for a request that came by other means; `send` is called once, from any thread.
  using Send = std::function<void(http::Response)>;
  void handle(http::Request&& request, Send send);

  /// Runs an operation in-process, as `principal`, with the same authorization as over the wire.
  /// For CloudFormation, which may do exactly what the API can do. Scalars may be texts. Members of
  /// raw operations and their answers are those of make_raw_call() and raw_answer(). Blocks; never
  /// on a loop.
  [[nodiscard]] Result<json::Object> call(const Principal& principal, std::string_view region,
                                          std::string_view service, std::string_view operation,
                                          json::Object input);

  /// Every service's name and its operations' names, for documentation and tests.
  [[nodiscard]] const std::vector<Service>& services() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::aws
