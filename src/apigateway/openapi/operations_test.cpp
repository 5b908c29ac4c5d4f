#include <gtest/gtest.h>

#include "apigateway/ops/ops.hpp"
#include "apigateway/service.hpp"
#include "json/yaml.hpp"

namespace stator::apigateway {
namespace {

class GrantAll final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission>) override { return {}; }
};

constexpr const char* kDocument = R"(
openapi: 3.0.1
info: {title: pets, version: '1'}
paths:
  /pets/{id}:
    get:
      responses: {}
      x-amazon-apigateway-integration:
        type: aws_proxy
        payloadFormatVersion: '2.0'
        uri: arn:aws:lambda:us-east-1:123:function:pets
)";

class OpenApiOperations : public testing::Test {
 protected:
  Result<json::Object> run(std::string_view name, json::Object input) {
    for (const aws::Operation& operation : service_.operations) {
      if (operation.name() != name) continue;
      aws::Call call = call_;
      return operation.run_json(call, aws::Input(std::move(input)), authorizer_);
    }
    return internal("no operation of that name");
  }
  std::string import(const std::string& document) {
    const auto made = run("ImportApi", {{"body", document}});
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? *json::find_string(*made, "apiId") : "";
  }
  Result<http::Response> export_api(const std::string& api, const std::string& query,
                                    const std::string& specification = "OAS30") {
    Result<http::Response> answer = internal("no answer");
    const aws::Operation operation = apigateway::export_api(apis_);
    http::Request request;
    request.target = "/x?" + query;
    const std::vector<std::pair<std::string, std::string>> labels{{"apiId", api},
                                                                  {"specification", specification}};
    aws::Call call = call_;
    operation.run_raw(call, {request, labels}, authorizer_,
                      [&](Result<http::Response> given) { answer = std::move(given); });
    return answer;
  }
  std::string routes(const std::string& api, const char* stage = nullptr) {
    std::string text;
    if (stage != nullptr) {
      const auto compiled = apis_.find(api);
      for (const CompiledRoute& route : compiled->stages.at(stage)->routes) text += route.key + " ";
      return text;
    }
    const auto all = apis_.list(call_, Kind::kRoute, api);
    for (const auto& route : *all) {
      text += *json::find_string(route, "routeKey") + " ";
    }
    return text;
  }

  FakeClock clock_;
  SeededRandom random_{1};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  Apis apis_{*store_, random_, ".execute-api.localhost:4566"};
  aws::Service service_ = make_service(apis_);
  GrantAll authorizer_;
  aws::Call call_{.account = "123", .region = "us-east-1", .now = clock_.wall()};
};

TEST_F(OpenApiOperations, ImportMakesAnApi) {
  const auto made = run("ImportApi", {{"body", kDocument}});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(json::find_string(*made, "name"), "pets");
  EXPECT_EQ(json::find_string(*made, "version"), "1");
  EXPECT_EQ(json::find_string(*made, "protocolType"), "HTTP");
  EXPECT_TRUE(made->contains("apiEndpoint"));
  EXPECT_FALSE(made->contains("warnings"));
  EXPECT_EQ(routes(*json::find_string(*made, "apiId")), "GET /pets/{id} ");
}

TEST_F(OpenApiOperations, WarningsAreToldOrFailTheImport) {
  const std::string faulty = "openapi: 3.0.1\ninfo: {title: t, version: v}\npaths: {/a: {get: {}}}";
  const auto made = run("ImportApi", {{"body", faulty}});
  ASSERT_TRUE(made);
  EXPECT_EQ(json::dump(made->at("warnings")),
            R"(["Parse issue: attribute paths.'/a'(get).responses is missing"])");
  for (const json::Value& strict : {json::Value(true), json::Value("true")}) {
    const auto refused = run("ImportApi", {{"body", faulty}, {"failOnWarnings", strict}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "Warnings found during import:\n\tParse issue: attribute "
              "paths.'/a'(get).responses is missing");
  }
  EXPECT_EQ(apis_.list(call_, Kind::kApi, "")->size(), 1u) << "nothing is left of refused imports";
}

TEST_F(OpenApiOperations, AFaultyPartIsNamedAndLeavesNothing) {
  std::string bad = kDocument;
  bad.replace(bad.find("arn:aws:lambda"), 14, "arn:aws:nothing");
  const auto refused = run("ImportApi", {{"body", bad}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().aws_type, "BadRequestException");
  EXPECT_EQ(
      refused.error().message.rfind("paths.'/pets/{id}'(get).x-amazon-apigateway-integration: ", 0),
      0u)
      << refused.error().message;
  EXPECT_TRUE(apis_.list(call_, Kind::kApi, "")->empty());
}

TEST_F(OpenApiOperations, ReimportReplacesAllOrNothing) {
  const std::string api = import(kDocument);
  ASSERT_TRUE(
      run("CreateStage", {{"apiId", api}, {"stageName", "$default"}, {"autoDeploy", true}}));
  std::string other = kDocument;
  other.replace(other.find("/pets/{id}"), 10, "/cats");
  other.replace(other.find("title: pets"), 11, "title: cats");
  const auto again = run("ReimportApi", {{"apiId", api}, {"body", other}});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(json::find_string(*again, "name"), "cats");
  EXPECT_EQ(json::find_string(*again, "apiId"), api);
  EXPECT_EQ(routes(api), "GET /cats ");
  EXPECT_EQ(routes(api, "$default"), "GET /cats ") << "automatic stages follow";
  EXPECT_EQ(apis_.list(call_, Kind::kIntegration, api)->size(), 1u);

  std::string bad = kDocument;
  bad.replace(bad.find("arn:aws:lambda"), 14, "arn:aws:nothing");
  EXPECT_FALSE(run("ReimportApi", {{"apiId", api}, {"body", bad}}));
  EXPECT_EQ(routes(api), "GET /cats ");
  EXPECT_EQ(routes(api, "$default"), "GET /cats ");
  EXPECT_EQ(run("ReimportApi", {{"apiId", "nothere"}, {"body", other}}).error().aws_type,
            "NotFoundException");
}

TEST_F(OpenApiOperations, QuotasHoldForDocuments) {
  std::string document = "openapi: 3.0.1\ninfo: {title: t, version: v}\npaths:\n";
  for (int i = 0; i < 301; ++i)
    document += "  /p" + std::to_string(i) + ": {get: {responses: {}}}\n";
  const auto refused = run("ImportApi", {{"body", document}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().aws_type, "TooManyRequestsException");
}

TEST_F(OpenApiOperations, ExportsWhatIsThereAndWhatAStageServes) {
  const std::string api = import(kDocument);
  ASSERT_TRUE(run("CreateStage", {{"apiId", api}, {"stageName", "prod"}}));
  ASSERT_TRUE(run("CreateDeployment", {{"apiId", api}, {"stageName", "prod"}}));
  ASSERT_TRUE(run("CreateRoute", {{"apiId", api}, {"routeKey", "POST /later"}}));
  const auto now = export_api(api, "outputType=JSON");
  ASSERT_TRUE(now) << now.error().message;
  const json::Object document = *json::parse_object(now->body);
  EXPECT_EQ(document.at("paths").get_object().size(), 2u);
  EXPECT_EQ(document.at("openapi"), json::Value("3.0.1"));
  EXPECT_EQ(json::dump(document.at("servers")),
            R"([{"url":"http://)" + api + R"(.execute-api.localhost:4566"}])");

  const auto of_stage = export_api(api, "outputType=YAML&stageName=prod");
  ASSERT_TRUE(of_stage) << of_stage.error().message;
  const json::Value frozen = *json::parse_yaml(of_stage->body);
  EXPECT_EQ(frozen.at("paths").get_object().size(), 1u);
  EXPECT_EQ(frozen.at("servers").at(0).at("variables").at("basePath").at("default"),
            json::Value("prod"));
}

TEST_F(OpenApiOperations, AnExportMayLeaveExtensionsOut) {
  const std::string api = import(kDocument);
  const auto plain = export_api(api, "outputType=JSON&includeExtensions=false");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->body.find("x-amazon"), std::string::npos) << plain->body;
}

TEST_F(OpenApiOperations, RefusesWhatItDoesNotExport) {
  const std::string api = import(kDocument);
  for (const char* query : {"outputType=XML", "", "outputType=JSON&exportVersion=2.0",
                            "outputType=JSON&stageName=none", "outputType=%zz"}) {
    EXPECT_FALSE(export_api(api, query)) << query;
  }
  EXPECT_EQ(export_api(api, "outputType=JSON", "OAS31").error().aws_type, "BadRequestException");
  EXPECT_EQ(export_api("none", "outputType=JSON").error().aws_type, "NotFoundException");
}

}  // namespace
}  // namespace stator::apigateway
