#include "apigateway/compiled.hpp"

#include "apigateway/authorizers/authorizer.hpp"
#include "apigateway/integrations/target.hpp"
#include "apigateway/traffic/access_log.hpp"

namespace stator::apigateway {
namespace {

Variables read_variables(const json::Object& stage) {
  Variables variables;
  const json::Value* given = json::find(stage, "stageVariables");
  if (given == nullptr || !given->is_object()) return variables;
  for (const auto& member : given->get_object()) {
    if (!member.value().is_string()) continue;
    variables.emplace_back(member.key(), json::view(member.value().get_string()));
  }
  return variables;
}

/// What counted a stage's requests until now, by route key.
class Earlier {
 public:
  explicit Earlier(const CompiledStage* stage) : stage_(stage) {
    if (stage == nullptr) return;
    for (const CompiledRoute& route : stage->routes) routes_.emplace(route.key, &route.traffic);
  }
  [[nodiscard]] std::shared_ptr<Figures> figures() const {
    return stage_ == nullptr ? std::make_shared<Figures>() : stage_->figures;
  }
  [[nodiscard]] const RouteTraffic* route(const std::string& key) const {
    const auto found = routes_.find(key);
    return found == routes_.end() ? nullptr : found->second;
  }

 private:
  const CompiledStage* stage_;
  std::map<std::string_view, const RouteTraffic*> routes_;
};

}  // namespace

std::optional<std::string> function_of(std::string_view uri) {
  constexpr std::string_view kBefore = ":lambda:path/2015-03-31/functions/";
  constexpr std::string_view kAfter = "/invocations";
  if (uri.starts_with("arn:aws:lambda:")) return std::string(uri);
  const auto at = uri.find(kBefore);
  if (!uri.starts_with("arn:aws:apigateway:") || at == std::string_view::npos ||
      !uri.ends_with(kAfter)) {
    return std::nullopt;
  }
  uri.remove_prefix(at + kBefore.size());
  uri.remove_suffix(kAfter.size());
  if (!uri.starts_with("arn:aws:lambda:")) return std::nullopt;
  return std::string(uri);
}

Result<std::shared_ptr<const CompiledStage>> compile_stage(const Scope& scope,
                                                           const Snapshot& snapshot,
                                                           const json::Object& stage,
                                                           const CompiledStage* before) {
  auto compiled = std::make_shared<CompiledStage>();
  compiled->api_id = json::find_string(snapshot.api, "apiId").value_or("");
  compiled->account = scope.account;
  compiled->region = scope.region;
  compiled->name = json::find_string(stage, "stageName").value_or("");
  compiled->is_endpoint_disabled =
      json::find_bool(snapshot.api, "disableExecuteApiEndpoint").value_or(false);
  compiled->variables = read_variables(stage);
  compiled->cors = compile_cors(snapshot.api);
  compiled->access_log = compile_access_log(compiled->api_id, stage);
  const Earlier earlier(before);
  compiled->figures = earlier.figures();
  const Authorizers authorizers = compile_authorizers(snapshot.authorizers, compiled->variables);

  std::map<std::string, std::shared_ptr<const Integration>> integrations;
  for (const json::Object& record : snapshot.integrations) {
    STATOR_TRY(auto integration, compile_integration(record, compiled->variables));
    integrations.emplace("integrations/" + integration->id, std::move(integration));
  }
  for (const json::Object& record : snapshot.routes) {
    CompiledRoute route;
    route.key = json::find_string(record, "routeKey").value_or("");
    route.id = json::find_string(record, "routeId").value_or("");
    route.traffic = compile_route_traffic(stage, route.key, earlier.route(route.key));
    route.authorization = compile_authorization(record, authorizers);
    const auto target = integrations.find(json::find_string(record, "target").value_or(""));
    if (target != integrations.end()) route.integration = target->second;
    STATOR_TRY(const RouteKey key, RouteKey::parse(route.key));
    compiled->table.add(key, compiled->routes.size());
    compiled->routes.push_back(std::move(route));
  }
  return std::shared_ptr<const CompiledStage>(std::move(compiled));
}

}  // namespace stator::apigateway
