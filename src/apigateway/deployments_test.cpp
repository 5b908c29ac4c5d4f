#include "apigateway/deployments.hpp"

#include "apigateway/ops/test_control.hpp"

namespace stator::apigateway {
namespace {

class Deployments : public ControlLab {
 protected:
  Deployments() { make_api(); }
  std::string deploy_to(const std::string& stage_name) {
    return text("CreateDeployment", "'stageName':'" + stage_name + "'", "deploymentId");
  }
};

TEST_F(Deployments, AStageServesItsDeploymentAndNothingNewer) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("dev", "'description':'d'").front(), '{');
  EXPECT_FALSE(serves("dev", "/a")) << "it has no deployment";

  const std::string first = deploy_to("dev");
  EXPECT_EQ(first.size(), 6u);
  EXPECT_EQ(stage("dev", "deploymentId"), first);
  make_route("GET /b");
  EXPECT_TRUE(serves("dev", "/a"));
  EXPECT_FALSE(serves("dev", "/b"));

  const std::string second = deploy_to("dev");
  EXPECT_TRUE(serves("dev", "/b"));
  ASSERT_TRUE(on("UpdateStage", "'stageName':'dev','deploymentId':'" + first + "'"));
  EXPECT_FALSE(serves("dev", "/b"));

  const Apis again(*store, random, ".x");
  EXPECT_TRUE(serves("dev", "/a", &again)) << "it is on disk";
  EXPECT_FALSE(serves("dev", "/b", &again));

  EXPECT_EQ(said("DeleteDeployment", "'deploymentId':'" + first + "'"),
            "ConflictException: Active stages pointing to this deployment must be moved or "
            "deleted: [dev]");
  EXPECT_EQ(said("DeleteDeployment", "'deploymentId':'" + second + "'"), "{}");
  EXPECT_EQ(count("GetDeployments"), 1u);
}

TEST_F(Deployments, SayWhatTheyAre) {
  make_route("GET /a");
  const auto made = on("CreateDeployment", "'description':'d'");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(json::find_bool(*made, "autoDeployed"), false);
  EXPECT_EQ(json::find_string(*made, "deploymentStatus"), "DEPLOYED");
  const std::string id = "'deploymentId':'" + *json::find_string(*made, "deploymentId") + "'";
  EXPECT_EQ(text("UpdateDeployment", id + ",'description':'e'", "description"), "e");
  EXPECT_EQ(text("GetDeployment", id, "description"), "e");
  EXPECT_EQ(said("GetDeployment", "'deploymentId':'no'"),
            "NotFoundException: Invalid Deployment identifier specified no");
}

TEST_F(Deployments, NeedRoutes) {
  EXPECT_EQ(said("CreateDeployment"),
            "BadRequestException: Unable to deploy API because no routes exist in this API");
  ASSERT_EQ(make_stage("$default", "'autoDeploy':true").front(), '{');
  EXPECT_EQ(stage("$default", "lastDeploymentStatusMessage"),
            "Deployment attempt failed: Unable to deploy API because no routes exist in this API");
  const std::string route = make_route("GET /a");
  EXPECT_EQ(
      stage("$default", "lastDeploymentStatusMessage"),
      "Successfully deployed stage with deployment ID '" + stage("$default", "deploymentId") + "'");
  EXPECT_TRUE(serves("$default", "/a"));

  // An API that cannot be deployed any more leaves its stages with what they serve.
  ASSERT_TRUE(on("DeleteRoute", "'routeId':'" + route + "'"));
  EXPECT_TRUE(serves("$default", "/a"));
}

TEST_F(Deployments, OfAutomaticStagesFollowWhatMatters) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("$default", "'autoDeploy':true").front(), '{');
  std::string current = stage("$default", "deploymentId");
  const auto is_new = [&] {
    const std::string before = std::exchange(current, stage("$default", "deploymentId"));
    return current != before;
  };
  ASSERT_TRUE(on("UpdateApi", "'description':'d'"));
  EXPECT_FALSE(is_new());
  ASSERT_TRUE(on("UpdateStage", "'stageName':'$default','stageVariables':{'a':'1'}"));
  EXPECT_FALSE(is_new());
  ASSERT_TRUE(on("UpdateApi", "'corsConfiguration':{'allowOrigins':['*']}"));
  EXPECT_TRUE(is_new());
  ASSERT_TRUE(on("DeleteCorsConfiguration"));
  EXPECT_TRUE(is_new());
  make_integration();
  EXPECT_TRUE(is_new());
  ASSERT_TRUE(on("UpdateApi", "'disableExecuteApiEndpoint':true"));
  EXPECT_TRUE(is_new());
  EXPECT_TRUE(apis.find(api)->stage("$default")->is_endpoint_disabled);
}

TEST_F(Deployments, AStageIsMadeAutomaticAndBack) {
  make_route("GET /a");
  ASSERT_EQ(make_stage("dev", "'autoDeploy':false").front(), '{');
  ASSERT_TRUE(on("UpdateStage", "'stageName':'dev','autoDeploy':true"));
  EXPECT_TRUE(serves("dev", "/a"));
  EXPECT_NE(said("CreateDeployment", "'stageName':'dev'").find("autoDeploy enabled"),
            std::string::npos);
  EXPECT_EQ(count("GetDeployments"), 1u) << "the refused one is not there";

  ASSERT_TRUE(on("UpdateStage", "'stageName':'dev','autoDeploy':false"));
  EXPECT_EQ(stage("dev", "lastDeploymentStatusMessage"), "");
  make_route("GET /b");
  EXPECT_TRUE(serves("dev", "/a"));
  EXPECT_FALSE(serves("dev", "/b"));
}

TEST_F(Deployments, IdleAutomaticOnesAreDropped) {
  make_route("GET /a");
  const std::string by_hand = text("CreateDeployment", "", "deploymentId");
  ASSERT_EQ(make_stage("$default", "'autoDeploy':true").front(), '{');
  for (std::size_t i = 0; i < 2 * kIdleAutomaticDeploymentsMax; ++i) {
    clock.advance(std::chrono::seconds(1));
    make_integration();
  }
  EXPECT_EQ(count("GetDeployments"), kIdleAutomaticDeploymentsMax + 2);
  EXPECT_TRUE(on("GetDeployment", "'deploymentId':'" + by_hand + "'"));
  EXPECT_TRUE(on("GetDeployment", "'deploymentId':'" + stage("$default", "deploymentId") + "'"));
}

TEST_F(Deployments, GoWithTheirApi) {
  make_route("GET /a");
  ASSERT_TRUE(on("CreateDeployment"));
  ASSERT_TRUE(on("DeleteApi"));
  const auto left = store->iterate(storage::Family::kMeta, {});
  left->seek_first();
  EXPECT_FALSE(left->valid()) << "a key is left: " << left->key();
}

TEST_F(Deployments, QuotasAreKept) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(make_stage("s" + std::to_string(i), "'description':'d'").front(), '{');
  }
  EXPECT_EQ(make_stage("more", "'description':'d'"),
            "TooManyRequestsException: Maximum number of Stages for this API has been reached. "
            "Please contact AWS if you need additional Stages.");
}

}  // namespace
}  // namespace stator::apigateway
