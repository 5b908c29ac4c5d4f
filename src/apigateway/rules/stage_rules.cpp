#include "apigateway/deployments.hpp"
#include "apigateway/errors.hpp"
#include "apigateway/rules/members.hpp"
#include "apigateway/rules/rules.hpp"
#include "apigateway/traffic/access_log.hpp"
#include "apigateway/traffic/route_traffic.hpp"

/// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html
namespace stator::apigateway {
namespace {

constexpr std::string_view kAlnum =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t kVariablesMax = 100, kVariableNameBytesMax = 64, kVariableBytesMax = 512;

bool is_of(std::string_view text, std::string_view further) {
  return text.find_first_not_of(std::string(kAlnum) + std::string(further)) ==
         std::string_view::npos;
}

bool is_stage_name(std::string_view name) {
  return name == "$default" || (!name.empty() && name.size() <= 128 && is_of(name, "-_"));
}

Result<void> take_variables(const aws::Input& input, json::Object& record) {
  STATOR_TRY_VOID(merge_texts(input, "stageVariables", record));
  const json::Value* variables = json::find(record, "stageVariables");
  if (variables == nullptr) return {};
  if (variables->get_object().size() > kVariablesMax) {
    return bad_request("A stage may have up to " + std::to_string(kVariablesMax) + " variables");
  }
  for (const auto& variable : variables->get_object()) {
    const std::string_view name(variable.key().data(), variable.key().size());
    if (name.empty() || name.size() > kVariableNameBytesMax || !is_of(name, "_")) {
      return bad_request("Invalid stage variable name: '" + std::string(name) + "'");
    }
    const std::string_view value = json::view(variable.value().get_string());
    if (value.size() > kVariableBytesMax || !is_of(value, "-._~:/?#&=,")) {
      return bad_request("Stage variable value for '" + std::string(name) +
                         "' must match [A-Za-z0-9-._~:/?#&=,]+ and have up to " +
                         std::to_string(kVariableBytesMax) + " characters");
    }
  }
  return {};
}

json::Object without_nulls(const json::Object& given) {
  json::Object kept;
  for (const auto& member : given) {
    if (!member.value().is_null()) kept[member.key()] = member.value();
  }
  return kept;
}

bool has_route(const Draft& draft, std::string_view key) {
  for (const auto& [id, route] : draft.all(Kind::kRoute)) {
    if (json::find_string(route, "routeKey") == key) return true;
  }
  return false;
}

Result<void> take_route_settings(const aws::Input& input, const Draft& draft,
                                 json::Object& record) {
  STATOR_TRY(const json::Object* of_all, input.object("defaultRouteSettings"));
  if (of_all != nullptr) {
    STATOR_TRY_VOID(check_route_settings(*of_all));
    record["defaultRouteSettings"] = without_nulls(*of_all);
  }
  set_default(record, "defaultRouteSettings", json::Object());
  set_default(record["defaultRouteSettings"].as_object(), "detailedMetricsEnabled", false);

  set_default(record, "routeSettings", json::Object());
  STATOR_TRY(const json::Object* of_routes, input.object("routeSettings"));
  if (of_routes == nullptr) return {};
  for (const auto& entry : *of_routes) {
    const std::string key(entry.key());
    if (!has_route(draft, key)) {
      return Error{ErrorCode::kNotFound,
                   "Unable to find Route by key " + key + " within the provided RouteSettings",
                   "NotFoundException"};
    }
    const json::Object* settings = entry.value().if_object();
    if (settings == nullptr) return bad_request("routeSettings of " + key + " must be an object");
    STATOR_TRY_VOID(check_route_settings(*settings));
    record["routeSettings"].as_object()[key] = without_nulls(*settings);
  }
  return {};
}

Result<void> take_access_log(const aws::Input& input, const Scope& scope, json::Object& record) {
  STATOR_TRY(const json::Object* given, input.object("accessLogSettings"));
  if (given == nullptr) return {};
  const aws::Input settings = input.nested(*given);
  STATOR_TRY_VOID(settings.allow_only({"destinationArn", "format"}));
  const json::Value* held = json::find(record, "accessLogSettings");
  json::Object merged = held != nullptr ? held->as_object() : json::Object();
  STATOR_TRY_VOID(take_text(settings, "destinationArn", {0, 2048}, merged));
  STATOR_TRY_VOID(take_text(settings, "format", {0, 1024}, merged));
  if (merged.empty()) {
    record.erase("accessLogSettings");
    return {};
  }
  STATOR_TRY_VOID(check_access_log(scope, merged));
  record["accessLogSettings"] = std::move(merged);
  return {};
}

/// An automatic stage's deployment is not for requests to set; the other way round it keeps what it
/// serves.
Result<void> take_deployment(const aws::Input& input, const Draft& draft, json::Object& record) {
  const bool was_automatic = json::find_bool(record, "autoDeploy").value_or(false);
  STATOR_TRY_VOID(take_flag(input, "autoDeploy", record));
  set_default(record, "autoDeploy", false);
  const bool is_now = record["autoDeploy"].get_bool();
  if (is_now != was_automatic) record.erase("lastDeploymentStatusMessage");
  STATOR_TRY(const auto deployment, input.text("deploymentId"));
  if (!deployment || deployment->empty()) return {};
  if (is_now) {
    return bad_request("deploymentId cannot be set on a stage with autoDeploy enabled");
  }
  STATOR_TRY_VOID(draft.find(Kind::kDeployment, *deployment));
  record["deploymentId"] = *deployment;
  return {};
}

}  // namespace

Result<void> apply_stage(const aws::Input& input, const Draft& draft, json::Object& record) {
  STATOR_TRY_VOID(
      input.allow_only({"apiId", "stageName", "autoDeploy", "deploymentId", "description",
                        "stageVariables", "defaultRouteSettings", "routeSettings",
                        "accessLogSettings", "clientCertificateId", "tags"}));
  STATOR_TRY_VOID(refuse_websocket_members(input, {"clientCertificateId"}));
  STATOR_TRY(const std::string name, input.required_text("stageName"));
  if (!is_stage_name(name)) {
    return bad_request("Stage name only allows a-zA-Z0-9_- and $default");
  }
  record["stageName"] = name;
  STATOR_TRY_VOID(take_text(input, "description", {0, 1024}, record));
  STATOR_TRY_VOID(take_variables(input, record));
  set_default(record, "stageVariables", json::Object());
  STATOR_TRY_VOID(take_route_settings(input, draft, record));
  STATOR_TRY_VOID(take_access_log(input, draft.scope(), record));
  return take_deployment(input, draft, record);
}

}  // namespace stator::apigateway
