#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/stages";
/// AWS's quota of stages per API.
constexpr std::size_t kStagesMax = 10;

bool is_stage_name(std::string_view name) {
  if (name == "$default") return true;
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !name.empty() && name.size() <= 128 &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<void> check_variables(const aws::Input& input) {
  STATOR_TRY(const json::Object* variables, input.object("stageVariables"));
  if (variables == nullptr) return {};
  for (const auto& member : *variables) {
    if (!member.value().is_string()) return bad_request("Stage variables must be texts");
  }
  return {};
}

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"apiId", "stageName", "autoDeploy", "description", "stageVariables", "tags"}));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const std::string name, input.required_text("stageName"));
  if (!is_stage_name(name)) {
    return bad_request("Stage name only allows a-zA-Z0-9_- and $default");
  }
  STATOR_TRY(const auto auto_deploy, input.boolean("autoDeploy"));
  if (!auto_deploy.value_or(false)) {
    return unsupported(
        "a stage without autoDeploy is not supported by stator: there are no "
        "explicit deployments");
  }
  STATOR_TRY_VOID(check_variables(input));

  json::Object record =
      pick(input, {"stageName", "autoDeploy", "description", "stageVariables", "tags"});
  record["createdDate"] = record["lastUpdatedDate"] = iso8601(call.now);
  record["defaultRouteSettings"] = json::Object{{"detailedMetricsEnabled", false}};
  record["routeSettings"] = json::Object{};
  return apis.create(call, Kind::kStage, api_id, std::move(record), [&](const auto& stages) {
    if (stages.size() >= kStagesMax) {
      return Result<void>(Error{ErrorCode::kThrottled,
                                "Maximum number of stages for this API has been reached.",
                                "TooManyRequestsException"});
    }
    for (const json::Object& stage : stages) {
      if (json::find_string(stage, "stageName") == name) {
        return Result<void>(conflict_exception("Stage already exists"));
      }
    }
    return Result<void>();
  });
}

}  // namespace

aws::Operation create_stage(Apis& apis) {
  return aws::Operation::json(
      "CreateStage", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      needs_of("POST", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
