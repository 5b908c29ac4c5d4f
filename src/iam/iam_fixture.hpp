#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "iam/identity.hpp"
#include "json/json.hpp"
#include "storage/store.hpp"

/// For this room's tests: a whole Identity in memory, and its operations as one call each.
namespace stator::iam {

inline constexpr std::string_view kTestAccount = "111122223333";

class IamFixture : public ::testing::Test {
 protected:
  IamFixture() { restart(); }

  /// A new Identity over the same store; with `data` set, over the same keys.
  void restart() {
    identity = std::make_unique<Identity>(IdentityParts{.store = *store,
                                                        .clock = clock,
                                                        .random = random,
                                                        .data = data,
                                                        .account = std::string(kTestAccount),
                                                        .fetch = fetch});
    services.clear();
    services.push_back(make_iam_service(*identity));
    services.push_back(make_sts_service(*identity));
    caller = root();
  }

  [[nodiscard]] aws::Principal root() const {
    return {.kind = aws::Principal::Kind::kRoot,
            .account = std::string(kTestAccount),
            .arn = "arn:aws:iam::111122223333:root",
            .user_id = std::string(kTestAccount),
            .access_key_id = identity->root_credentials().access_key_id.value,
            .role_name = {}};
  }

  /// Runs the operation as `caller`, authorized as over the wire.
  Result<json::Object> run(std::string_view name, json::Object input) {
    aws::Call call;
    call.principal = caller;
    call.account = caller.account;
    call.region = "us-east-1";
    call.now = clock.wall();
    for (const auto& service : services) {
      for (const auto& operation : service.operations) {
        if (operation.name() != name) continue;
        const aws::Input members(std::move(input), aws::Input::Scalars::kText);
        return operation.run_json(call, members, identity->authorizer());
      }
    }
    return unsupported("no operation " + std::string(name));
  }

  json::Object must(std::string_view name, json::Object input) {
    auto answer = run(name, std::move(input));
    EXPECT_TRUE(answer) << name << ": " << (answer ? "" : answer.error().message);
    return answer ? *std::move(answer) : json::Object();
  }

  void expect_error(std::string_view name, json::Object input, std::string_view type,
                    std::string_view message) {
    const auto answer = run(name, input);
    ASSERT_FALSE(answer) << name << " " << json::dump(input);
    EXPECT_EQ(answer.error().aws_type, type) << name << ": " << answer.error().message;
    EXPECT_EQ(answer.error().message, message) << name;
  }

  void make_role(std::string_view name, std::string_view trust = kTrustLambda) {
    must("CreateRole", {{"RoleName", name}, {"AssumeRolePolicyDocument", trust}});
  }

  /// A user with a key of its own; `caller` becomes that user.
  aws::sigv4::Credentials make_user(std::string_view name) {
    must("CreateUser", {{"UserName", name}});
    const auto answer = must("CreateAccessKey", {{"UserName", name}});
    const auto& key = answer.at("AccessKey").as_object();
    return {.access_key_id = {*json::find_string(key, "AccessKeyId")},
            .secret = {*json::find_string(key, "SecretAccessKey")}};
  }

  /// A DynamoDB request signed by those credentials now.
  [[nodiscard]] http::Request signed_request(const aws::sigv4::Credentials& credentials,
                                             std::string_view service = "dynamodb") const {
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers.add("Host", "localhost:4566");
    request.headers.add("X-Amz-Target", "DynamoDB_20120810.GetItem");
    request.body = R"({"TableName":"items"})";
    aws::sigv4::sign(request, credentials, "us-east-1", service, clock.wall());
    return request;
  }

  Result<aws::Principal> authenticate(const http::Request& request,
                                      std::string_view service = "dynamodb") {
    return identity->authenticator().authenticate(request, service, clock.wall());
  }

  Result<void> may(std::string_view action, std::string_view resource) {
    const aws::Permission need{std::string(action), std::string(resource)};
    aws::Call call;
    call.principal = caller;
    call.account = caller.account;
    call.region = "us-east-1";
    call.now = clock.wall();
    return identity->authorizer().authorize(call, {&need, 1});
  }

  static constexpr std::string_view kTrustLambda =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
      R"("Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})";
  static constexpr std::string_view kTrustAccount =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
      R"("Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]})";
  static constexpr std::string_view kReadItems =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem",)"
      R"("Resource":"arn:aws:dynamodb:us-east-1:111122223333:table/items"}]})";
  static constexpr std::string_view kItems = "arn:aws:dynamodb:us-east-1:111122223333:table/items";

  FakeClock clock;
  SeededRandom random{7};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  std::filesystem::path data;
  /// Of identity providers' keys; there is no network in these tests.
  oidc::Fetch fetch = [](const std::string&) -> Result<std::string> {
    return unavailable("no network");
  };
  std::unique_ptr<Identity> identity;
  std::vector<aws::Service> services;
  aws::Principal caller;
};

}  // namespace stator::iam
