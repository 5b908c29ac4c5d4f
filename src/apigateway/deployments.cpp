#include "apigateway/deployments.hpp"

#include <algorithm>

#include "apigateway/errors.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kAutomaticDescription =
    "Automatic deployment triggered by changes to the Api configuration";
constexpr const char* kNoRoutes = "Unable to deploy API because no routes exist in this API";
constexpr const char* kStatusMember = "lastDeploymentStatusMessage";

/// The names of the automatic stages that a new deployment is for: all of them when the API
/// changed, otherwise those that were never tried.
std::vector<std::string> waiting_stages(const Draft& draft) {
  const bool is_api_changed = draft.has_deployable_change();
  std::vector<std::string> names;
  for (const auto& [name, stage] : draft.all(Kind::kStage)) {
    if (is_automatic(stage) && (is_api_changed || !stage.contains(kStatusMember))) {
      names.push_back(name);
    }
  }
  return names;
}

Result<void> drop_idle_deployments(Draft& draft) {
  std::set<std::string> served;
  for (const auto& [name, stage] : draft.all(Kind::kStage)) {
    served.insert(json::find_string(stage, "deploymentId").value_or(""));
  }
  std::vector<std::pair<std::string, std::string>> idle;  // by date
  for (const auto& [id, deployment] : draft.all(Kind::kDeployment)) {
    if (!json::find_bool(deployment, "autoDeployed").value_or(false) || served.contains(id)) {
      continue;
    }
    idle.emplace_back(json::find_string(deployment, "createdDate").value_or(""), id);
  }
  std::sort(idle.begin(), idle.end());
  for (std::size_t i = 0; i + kIdleAutomaticDeploymentsMax < idle.size(); ++i) {
    STATOR_TRY_VOID(draft.erase(Kind::kDeployment, idle[i].second));
  }
  return {};
}

}  // namespace

bool is_automatic(const json::Object& stage) {
  return json::find_bool(stage, "autoDeploy").value_or(true);
}

Result<json::Object> deploy(Draft& draft, const NewDeployment& wanted) {
  if (draft.all(Kind::kRoute).empty()) return bad_request(kNoRoutes);
  json::Object record{{"autoDeployed", wanted.is_automatic},
                      {"createdDate", wanted.date},
                      {"deploymentStatus", "DEPLOYED"}};
  if (!wanted.description.empty()) record["description"] = wanted.description;
  STATOR_TRY(const json::Object* added, draft.add(Kind::kDeployment, std::move(record)));
  draft.freeze(id_of(Kind::kDeployment, *added), draft.snapshot());
  return *added;
}

Result<void> deploy_automatically(Draft& draft, const std::string& date) {
  const std::vector<std::string> stages = waiting_stages(draft);
  if (stages.empty()) return {};
  std::string deployment, status;
  if (draft.all(Kind::kRoute).empty()) {
    status = std::string("Deployment attempt failed: ") + kNoRoutes;
  } else {
    STATOR_TRY(const json::Object record, deploy(draft, {date, kAutomaticDescription, true}));
    deployment = id_of(Kind::kDeployment, record);
    status = "Successfully deployed stage with deployment ID '" + deployment + "'";
  }
  for (const std::string& name : stages) {
    STATOR_TRY(json::Object * stage, draft.edit(Kind::kStage, name));
    if (!deployment.empty()) (*stage)["deploymentId"] = deployment;
    (*stage)[kStatusMember] = status;
    (*stage)["lastUpdatedDate"] = date;
  }
  return drop_idle_deployments(draft);
}

Result<std::shared_ptr<const CompiledApi>> compile(Draft& draft, const CompiledApi* before) {
  auto api = std::make_shared<CompiledApi>();
  api->id = draft.api_id();
  for (const auto& [name, stage] : draft.all(Kind::kStage)) {
    const auto deployment = json::find_string(stage, "deploymentId");
    if (!deployment) continue;
    STATOR_TRY(const auto snapshot, draft.snapshot_of(*deployment));
    const auto earlier = before == nullptr ? nullptr : before->stage(name);
    STATOR_TRY(auto compiled, compile_stage(draft.scope(), *snapshot, stage, earlier.get()));
    api->stages.emplace(name, std::move(compiled));
  }
  return std::shared_ptr<const CompiledApi>(std::move(api));
}

}  // namespace stator::apigateway
