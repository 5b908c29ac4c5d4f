#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apigateway/service.hpp"

namespace stator::apigateway {

/// Grants everything and remembers what was asked for.
class GrantingRecorder final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    asked.assign(needs.begin(), needs.end());
    keys.clear();
    for (const auto& need : needs) {
      if (!need.keys) continue;
      for (const auto& key : need.keys()) {
        for (const auto& value : key.values) keys.push_back(key.name + "=" + value);
      }
    }
    return {};
  }
  aws::Needs asked;
  std::vector<std::string> keys;
};

/// The control plane over a store in memory; tests say what they send as JSON with single quotes.
class ControlLab : public testing::Test {
 protected:
  static constexpr const char* kFunction = "arn:aws:lambda:us-east-1:123:function:f";

  static std::string quoted(std::string text) {
    for (char& c : text) c = c == '\'' ? '"' : c;
    return text;
  }
  Result<json::Object> run(std::string_view name, const std::string& input) {
    const auto members = json::parse_object(quoted(input));
    EXPECT_TRUE(members) << input;
    for (const aws::Operation& operation : service.operations) {
      if (operation.name() != name) continue;
      aws::Call call{.account = "123", .region = "us-east-1", .now = clock.wall()};
      return operation.run_json(call, aws::Input(*members), authorizer);
    }
    ADD_FAILURE() << "no operation " << name;
    return internal("no operation of that name");
  }
  /// With the API's id in front of the members.
  Result<json::Object> on(std::string_view name, const std::string& members = "") {
    return run(name, "{'apiId':'" + api + "'" + (members.empty() ? "" : "," + members) + "}");
  }
  /// What it answers, or "TYPE: message".
  std::string said(std::string_view name, const std::string& members = "") {
    const auto outcome = on(name, members);
    return outcome ? json::dump(*outcome)
                   : outcome.error().aws_type + ": " + outcome.error().message;
  }
  std::string text(std::string_view name, const std::string& members, std::string_view member) {
    const auto outcome = on(name, members);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? json::find_string(*outcome, member).value_or("") : "";
  }

  void make_api(const std::string& more = "") {
    const auto made = run("CreateApi", "{'name':'n','protocolType':'HTTP'" + more + "}");
    ASSERT_TRUE(made) << made.error().message;
    api = *json::find_string(*made, "apiId");
  }
  std::string make_integration() {
    return text("CreateIntegration",
                std::string("'integrationType':'AWS_PROXY','payloadFormatVersion':'2.0',"
                            "'integrationUri':'") +
                    kFunction + "'",
                "integrationId");
  }
  std::string make_route(const std::string& key) {
    return text("CreateRoute",
                "'routeKey':'" + key + "','target':'integrations/" + make_integration() + "'",
                "routeId");
  }
  std::string make_stage(const std::string& name, const std::string& more) {
    return said("CreateStage", "'stageName':'" + name + "'," + more);
  }
  std::string stage(const std::string& name, std::string_view member) {
    return text("GetStage", "'stageName':'" + name + "'", member);
  }
  std::size_t count(std::string_view list) {
    const auto outcome = on(list);
    EXPECT_TRUE(outcome);
    return outcome ? outcome->at("items").as_array().size() : 0;
  }
  /// Whether requests to the stage find a route.
  bool serves(const std::string& name, std::string_view path, const Apis* where = nullptr) {
    const auto compiled = (where != nullptr ? *where : apis).find(api)->stage(name);
    return compiled != nullptr && compiled->table.find("GET", path).has_value();
  }

  FakeClock clock;
  SeededRandom random{1};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  Apis apis{*store, random, ".execute-api.localhost:4566"};
  aws::Service service = make_service(apis);
  GrantingRecorder authorizer;
  std::string api;
};

}  // namespace stator::apigateway
