#include <algorithm>

#include "apigateway/deployments.hpp"
#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "apigateway/rules/members.hpp"
#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kPath = "/v2/apis/{apiId}/deployments";
/// Each keeps the whole API.
constexpr std::ptrdiff_t kDeploymentsMax = 1'000;

Result<void> check_room(const Draft& draft) {
  const auto& all = draft.all(Kind::kDeployment);
  const auto count = std::count_if(all.begin(), all.end(), [](const auto& entry) {
    return !json::find_bool(entry.second, "autoDeployed").value_or(false);
  });
  if (count >= kDeploymentsMax) return too_many("Deployments", "this API");
  return {};
}

Result<json::Object> handle(Apis& apis, aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"apiId", "description", "stageName"}));
  STATOR_TRY(const std::string api_id, input.required_text("apiId"));
  STATOR_TRY(const auto stage_name, input.text("stageName"));
  json::Object texts;
  STATOR_TRY_VOID(take_text(input, "description", {0, 1024}, texts));
  NewDeployment wanted{iso8601(call.now)};
  wanted.description = json::find_string(texts, "description").value_or("");

  return apis.edit(call, api_id, [&](Draft& draft) -> Result<json::Object> {
    STATOR_TRY_VOID(check_room(draft));
    STATOR_TRY(json::Object deployment, deploy(draft, wanted));
    if (stage_name) {
      STATOR_TRY(json::Object * stage, draft.edit(Kind::kStage, *stage_name));
      if (is_automatic(*stage)) {
        return bad_request("Deployment to the stage " + *stage_name +
                           " is not possible: it has autoDeploy enabled");
      }
      (*stage)["deploymentId"] = id_of(Kind::kDeployment, deployment);
      (*stage)["lastUpdatedDate"] = wanted.date;
    }
    return deployment;
  });
}

}  // namespace

aws::Operation create_deployment(Apis& apis) {
  return aws::Operation::json(
      "CreateDeployment", aws::ByPath{.method = "POST", .path = kPath, .status = 201},
      needs_of(apis, "POST", kPath),
      [&apis](aws::Call& call, const aws::Input& input) { return handle(apis, call, input); });
}

}  // namespace stator::apigateway
