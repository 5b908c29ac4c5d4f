#include "apigateway/ops/ops.hpp"

#include <gtest/gtest.h>

#include "apigateway/service.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kFunction = "arn:aws:lambda:us-east-1:123:function:f";

/// Grants everything and remembers what was asked for.
class Recorder final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    for (const auto& need : needs) asked.push_back(need.action + " " + need.resource);
    return {};
  }
  std::vector<std::string> asked;
};

class OpsTest : public testing::Test {
 protected:
  Result<json::Object> run(std::string_view name, const std::string& input,
                           const std::string& account = "123") {
    for (const aws::Operation& operation : service_.operations) {
      if (operation.name() != name) continue;
      aws::Call call{.account = account, .region = "us-east-1", .now = clock_.wall()};
      return operation.run_json(call, aws::Input(*json::parse_object(input)), authorizer_);
    }
    return internal("no operation of that name");
  }
  std::string make_api() {
    return *json::find_string(*run("CreateApi", R"({"name":"n","protocolType":"HTTP"})"), "apiId");
  }
  std::string make_integration(const std::string& api) {
    return *json::find_string(
        *run("CreateIntegration", R"({"apiId":")" + api +
                                      R"(","integrationType":"AWS_PROXY","integrationUri":")" +
                                      kFunction + R"(","payloadFormatVersion":"2.0"})"),
        "integrationId");
  }
  std::string make_default_stage(const std::string& api) {
    const auto made = run("CreateStage",
                          R"({"apiId":")" + api + R"(","stageName":"$default","autoDeploy":true})");
    return made ? "" : made.error().message;
  }
  std::string make_route(const std::string& api, const std::string& key) {
    const auto made =
        run("CreateRoute", R"({"apiId":")" + api + R"(","routeKey":")" + key +
                               R"(","target":"integrations/)" + make_integration(api) + R"("})");
    return made ? *json::find_string(*made, "routeId") : made.error().aws_type;
  }

  FakeClock clock_;
  SeededRandom random_{1};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  Apis apis_{*store_, random_, ".execute-api.localhost:4566"};
  aws::Service service_ = make_service(apis_);
  Recorder authorizer_;
};

TEST_F(OpsTest, AnApiGrowsFromItsParts) {
  const std::string api = make_api();
  EXPECT_EQ(api.size(), 10u);
  EXPECT_EQ(make_route(api, "GET /items/{id}").size(), 7u);
  ASSERT_EQ(make_default_stage(api), "");
  const auto compiled = apis_.find(api);
  ASSERT_NE(compiled, nullptr);
  const CompiledStage& stage = *compiled->stages.at("$default");
  const auto match = stage.table.find("GET", "/items/7");
  ASSERT_TRUE(match);
  EXPECT_EQ(stage.routes[match->value].integration->function_arn, kFunction);

  const auto got = run("GetApi", R"({"apiId":")" + api + R"("})");
  EXPECT_EQ(json::find_string(*got, "apiEndpoint"),
            "http://" + api + ".execute-api.localhost:4566");
}

TEST_F(OpsTest, WhatIsOnDiskIsServedAfterARestart) {
  const std::string api = make_api();
  make_route(api, "GET /a");
  ASSERT_EQ(make_default_stage(api), "");
  const Apis again(*store_, random_, ".x");
  ASSERT_NE(again.find(api), nullptr);
  EXPECT_TRUE(again.find(api)->stages.at("$default")->table.find("GET", "/a"));
}

TEST_F(OpsTest, DeletingAnApiTakesEverythingWithIt) {
  const std::string api = make_api();
  make_route(api, "GET /a");
  ASSERT_TRUE(run("DeleteApi", R"({"apiId":")" + api + R"("})"));
  EXPECT_EQ(apis_.find(api), nullptr);
  EXPECT_EQ(run("GetApi", R"({"apiId":")" + api + R"("})").error().aws_type, "NotFoundException");
  EXPECT_EQ(run("GetRoutes", R"({"apiId":")" + api + R"("})").error().message,
            "Invalid API identifier specified 123:" + api);
}

TEST_F(OpsTest, DeletingARouteStopsServingIt) {
  const std::string api = make_api();
  make_route(api, "GET /stays");
  const std::string route = make_route(api, "GET /a");
  ASSERT_EQ(make_default_stage(api), "");
  ASSERT_TRUE(run("DeleteRoute", R"({"apiId":")" + api + R"(","routeId":")" + route + R"("})"));
  EXPECT_FALSE(apis_.find(api)->stages.at("$default")->table.find("GET", "/a"));
  EXPECT_EQ(make_route(api, "GET /a").size(), 7u);
}

TEST_F(OpsTest, AccountsDoNotSeeEachOther) {
  const std::string api = make_api();
  EXPECT_FALSE(run("GetApi", R"({"apiId":")" + api + R"("})", "456"));
  EXPECT_FALSE(run("DeleteApi", R"({"apiId":")" + api + R"("})", "456"));
  EXPECT_EQ(json::dump(*run("GetApis", "{}", "456")), R"({"items":[]})");
}

TEST_F(OpsTest, AsksForTheMethodOnTheResourcesPath) {
  const std::string api = make_api();
  authorizer_.asked.clear();
  ASSERT_TRUE(run("GetRoutes", R"({"apiId":")" + api + R"("})"));
  EXPECT_EQ(authorizer_.asked,
            (std::vector<std::string>{"apigateway:GET arn:aws:apigateway:us-east-1::/apis/" + api +
                                      "/routes"}));
}

TEST_F(OpsTest, ListsPage) {
  for (int i = 0; i < 3; ++i) make_api();
  const auto first = run("GetApis", R"({"maxResults":"2"})");
  EXPECT_EQ(first->at("items").get_array().size(), 2u);
  const auto rest =
      run("GetApis", R"({"nextToken":")" + *json::find_string(*first, "nextToken") + R"("})");
  EXPECT_EQ(rest->at("items").get_array().size(), 1u);
  EXPECT_FALSE(rest->contains("nextToken"));
  EXPECT_FALSE(run("GetApis", R"({"maxResults":"0"})"));
  EXPECT_FALSE(run("GetApis", R"({"nextToken":"x"})"));
}

TEST_F(OpsTest, RefusesByName) {
  const std::string api = make_api();
  const std::string of_api = R"({"apiId":")" + api + R"(",)";
  make_route(api, "GET /a");
  EXPECT_EQ(make_route(api, "GET /a"), "ConflictException");
  struct Case {
    const char* operation;
    std::string input;
    const char* says;
  };
  const std::string of_function = std::string(R"("integrationUri":")") + kFunction + R"(",)";
  for (const Case& c : {
           Case{"CreateApi", R"({"name":"n","protocolType":"WEBSOCKET"})", "WebSocket"},
           Case{"CreateApi", R"({"name":"n","protocolType":"TCP"})", "Invalid protocol"},
           Case{"CreateApi", R"({"protocolType":"HTTP"})", "name"},
           Case{"CreateIntegration",
                of_api + R"("integrationType":"AWS_PROXY","integrationUri":"http://x"})",
                "Invalid function ARN"},
           Case{"CreateIntegration",
                of_api + of_function +
                    R"("integrationType":"AWS_PROXY",)"
                    R"("payloadFormatVersion":"2.0","timeoutInMillis":30001})",
                "Timeout"},
           Case{"CreateRoute", of_api + R"("routeKey":"GET a"})", "route key"},
           Case{"CreateRoute", of_api + R"("routeKey":"GET /b","target":"integrations/no"})",
                "Invalid Integration identifier specified no"},
           Case{"CreateRoute", of_api + R"("routeKey":"GET /b","authorizationType":"JWT"})",
                "Setting the authorization type to JWT"},
           Case{"CreateStage", of_api + R"("stageName":"a b","autoDeploy":true})", "Stage name"},
           Case{"GetRoute", of_api + R"("routeId":"no"})", "Invalid Route identifier specified no"},
           Case{"GetStages", R"({"apiId":"no"})", "Invalid API identifier"},
       }) {
    const auto outcome = run(c.operation, c.input);
    ASSERT_FALSE(outcome) << c.operation << c.input;
    EXPECT_NE(outcome.error().message.find(c.says), std::string::npos) << outcome.error().message;
  }
}

TEST(FunctionOf, ReadsBothForms) {
  EXPECT_EQ(function_of(kFunction), kFunction);
  EXPECT_EQ(function_of("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" +
                        std::string(kFunction) + ":live/invocations"),
            std::string(kFunction) + ":live");
  for (const char* uri :
       {"", "http://x", "arn:aws:apigateway:us-east-1:lambda:path/x", "arn:aws:sqs:us-east-1:1:q",
        "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/x/invocations"}) {
    EXPECT_EQ(function_of(uri), std::nullopt) << uri;
  }
}

}  // namespace
}  // namespace stator::apigateway
