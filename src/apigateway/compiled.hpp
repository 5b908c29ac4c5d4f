#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apigateway/cors.hpp"
#include "apigateway/route_table.hpp"
#include "apigateway/scope.hpp"
#include "apigateway/traffic/route_traffic.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

/// What requests need to know of an API. Made once per change, immutable, shared: a request takes a
/// pointer and reads no store.
namespace stator::apigateway {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// The part of an API that a deployment freezes, as records.
struct Snapshot {
  json::Object api;
  std::vector<json::Object> integrations;
  std::vector<json::Object> routes;
  std::vector<json::Object> authorizers;
};

struct AccessLog;
struct IntegrationTarget;
struct RouteAuthorization;

struct Integration {
  std::string id;
  std::string function_arn;  ///< "" for what is no function
  std::chrono::milliseconds timeout{30'000};
  /// What is asked and how; integrations/target.hpp. Null: the integration cannot be asked.
  std::shared_ptr<const IntegrationTarget> target;
};

struct CompiledRoute {
  std::string key;  ///< "GET /items/{id}"
  std::string id;
  std::shared_ptr<const Integration> integration;  ///< null when the route has none
  RouteTraffic traffic;
  /// What a request must show; authorizers/authorizer.hpp. Null: the route is open.
  std::shared_ptr<const RouteAuthorization> authorization;
};

/// A stage with the deployment that it serves.
struct CompiledStage {
  std::string api_id;
  std::string account;
  std::string region;
  std::string name;
  Variables variables;
  bool is_endpoint_disabled = false;  ///< disableExecuteApiEndpoint: only custom domains lead here
  std::shared_ptr<const CorsPolicy> cors;       ///< null when the API has none
  std::shared_ptr<const AccessLog> access_log;  ///< null when the stage has none
  std::shared_ptr<Figures> figures;
  std::vector<CompiledRoute> routes;
  RouteTable table;
};

struct CompiledApi {
  std::string id;
  std::map<std::string, std::shared_ptr<const CompiledStage>, std::less<>> stages;

  /// Null when there is none of that name.
  [[nodiscard]] std::shared_ptr<const CompiledStage> stage(std::string_view name) const {
    const auto found = stages.find(name);
    return found == stages.end() ? nullptr : found->second;
  }
};

/// Errors mean that a stored record breaks a rule that its operation should have checked. What
/// counts requests is shared with `before`, the stage as it was compiled last; null when it is new.
[[nodiscard]] Result<std::shared_ptr<const CompiledStage>> compile_stage(
    const Scope& scope, const Snapshot& snapshot, const json::Object& stage,
    const CompiledStage* before = nullptr);

/// The function's ARN in an integration URI: the ARN itself, or the long form
/// arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations. Nothing for others.
[[nodiscard]] std::optional<std::string> function_of(std::string_view integration_uri);

}  // namespace stator::apigateway
