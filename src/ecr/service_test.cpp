#include "ecr/service.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "json/json.hpp"

namespace stator::ecr {
namespace {

struct FakeAuthorizer final : aws::Authorizer {
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    asked.clear();
    has_policy = false;
    for (const auto& need : needs) {
      asked += need.action + " " + need.resource;
      for (const auto& key : need.keys ? need.keys() : aws::ConditionKeys()) {
        asked += " " + key.name + "=" + (key.values.empty() ? "" : key.values.front());
      }
      asked += "\n";
      has_policy = has_policy || need.resource_policy != nullptr;
    }
    return {};
  }
  std::string asked;
  bool has_policy = false;
};

class EcrApi : public testing::Test {
 protected:
  EcrApi() {
    call_.account = "000000000000";
    call_.region = "us-east-1";
    call_.now = clock_.wall();
    call_.principal.account = call_.account;
    call_.principal.arn = "arn:aws:iam::000000000000:root";
  }
  Result<json::Object> run(std::string_view name, std::string_view members) {
    for (const auto& operation : service_.operations) {
      if (operation.name() != name) continue;
      return operation.run_json(call_, aws::Input(json::parse_object(members).value()),
                                authorizer_);
    }
    return internal("no operation " + std::string(name));
  }
  json::Object ok(std::string_view name, std::string_view members) {
    auto output = run(name, members);
    EXPECT_TRUE(output) << name << members << ": " << (output ? "" : output.error().message);
    return output ? *output : json::Object();
  }
  std::string error(std::string_view name, std::string_view members) {
    const auto output = run(name, members);
    if (output) return "";
    return output.error().code == ErrorCode::kUnsupported ? "unsupported" : output.error().aws_type;
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  FakeClock clock_;
  Repositories repositories_{*store_};
  aws::Service service_ = make_service(repositories_);
  FakeAuthorizer authorizer_;
  aws::Call call_;
};

TEST_F(EcrApi, MakesDescribesAndDeletesRepositories) {
  const auto made = ok("CreateRepository", R"({"repositoryName":"team/app",
      "imageTagMutability":"IMMUTABLE","imageScanningConfiguration":{"scanOnPush":true},
      "encryptionConfiguration":{"encryptionType":"AES256"},"tags":[{"Key":"k","Value":"v"}]})");
  const std::string arn = "arn:aws:ecr:us-east-1:000000000000:repository/team/app";
  EXPECT_EQ(authorizer_.asked, "ecr:CreateRepository " + arn +
                                   " aws:RequestTag/k=v aws:TagKeys=k\n" + "ecr:TagResource " +
                                   arn + " aws:RequestTag/k=v aws:TagKeys=k\n");
  EXPECT_EQ(json::dump(made.at("repository").as_object()),
            R"({"registryId":"000000000000","repositoryName":"team/app","repositoryArn":")" + arn +
                R"(","repositoryUri":"000000000000.dkr.ecr.us-east-1.amazonaws.com/team/app",)"
                R"("createdAt":1.767323045678E9,"imageTagMutability":"IMMUTABLE",)"
                R"("imageScanningConfiguration":{"scanOnPush":true},)"
                R"("encryptionConfiguration":{"encryptionType":"AES256"}})");
  EXPECT_EQ(error("CreateRepository", R"({"repositoryName":"team/app"})"),
            "RepositoryAlreadyExistsException");
  for (const char* name : {"b1", "b2"}) {
    ok("CreateRepository", R"({"repositoryName":")" + std::string(name) + "\"}");
  }
  auto page = ok("DescribeRepositories", R"({"maxResults":2})");
  EXPECT_EQ(page.at("repositories").as_array().size(), 2u);
  page = ok("DescribeRepositories", R"({"nextToken":)" + json::dump(page.at("nextToken")) + "}");
  ASSERT_EQ(page.at("repositories").as_array().size(), 1u);
  EXPECT_EQ(page.at("repositories").as_array()[0], made.at("repository"));
  EXPECT_FALSE(page.contains("nextToken"));
  EXPECT_EQ(error("DescribeRepositories", R"({"repositoryNames":["b1","none"]})"),
            "RepositoryNotFoundException");
  ok("DeleteRepository", R"({"repositoryName":"team/app","force":true})");
  EXPECT_EQ(error("DeleteRepository", R"({"repositoryName":"team/app"})"),
            "RepositoryNotFoundException");
}

TEST_F(EcrApi, RefusesByName) {
  for (const char* input :
       {R"({"repositoryName":"A"})", R"({"repositoryName":"-a"})", R"({"repositoryName":"a"})",
        R"({"repositoryName":"app","imageTagMutability":"x"})"}) {
    EXPECT_EQ(error("CreateRepository", input), "InvalidParameterException") << input;
  }
  for (const char* input :
       {R"({"repositoryName":"app","encryptionConfiguration":{"encryptionType":"KMS"}})",
        R"({"repositoryName":"app","registryId":"111111111111"})",
        R"({"repositoryName":"app","imageTagMutability":"IMMUTABLE_WITH_EXCLUSION"})"}) {
    EXPECT_EQ(error("CreateRepository", input), "unsupported") << input;
  }
  for (const char* name : {"GetAuthorizationToken", "PutImage", "InitiateLayerUpload"}) {
    const auto output = run(name, "{}");
    ASSERT_FALSE(output) << name;
    EXPECT_EQ(output.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(output.error().message.find(name), std::string::npos);
  }
}

TEST_F(EcrApi, KeepsSettings) {
  const std::string app = R"({"repositoryName":"app")";
  ok("CreateRepository", app + "}");
  ok("PutImageTagMutability", app + R"(,"imageTagMutability":"IMMUTABLE"})");
  ok("PutImageScanningConfiguration",
     app + R"(,"imageScanningConfiguration":{"scanOnPush":true}})");
  const auto described = ok("DescribeRepositories", R"({"repositoryNames":["app"]})");
  const auto& repository = described.at("repositories").as_array()[0].as_object();
  EXPECT_EQ(repository.at("imageTagMutability"), json::Value("IMMUTABLE"));
  EXPECT_EQ(json::dump(repository.at("imageScanningConfiguration")), R"({"scanOnPush":true})");

  EXPECT_EQ(error("GetLifecyclePolicy", app + "}"), "LifecyclePolicyNotFoundException");
  EXPECT_EQ(error("PutLifecyclePolicy", app + R"(,"lifecyclePolicyText":"{}"})"),
            "InvalidParameterException");
  const std::string rules = R"({"rules":[{"rulePriority":1}]})";
  ok("PutLifecyclePolicy", app + R"(,"lifecyclePolicyText":)" + json::quote(rules) + "}");
  EXPECT_EQ(ok("GetLifecyclePolicy", app + "}").at("lifecyclePolicyText"), json::Value(rules));
  ok("DeleteLifecyclePolicy", app + "}");
  EXPECT_EQ(error("DeleteLifecyclePolicy", app + "}"), "LifecyclePolicyNotFoundException");

  const std::string arn = R"({"resourceArn":"arn:aws:ecr:us-east-1:000000000000:repository/app")";
  ok("TagResource", arn + R"(,"tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})");
  ok("UntagResource", arn + R"(,"tagKeys":["a"]})");
  EXPECT_EQ(json::dump(ok("ListTagsForResource", arn + "}")),
            R"({"tags":[{"Key":"b","Value":"2"}]})");
  EXPECT_NE(authorizer_.asked.find("ecr:ResourceTag/b=2"), std::string::npos);
  EXPECT_EQ(json::dump(ok("ListImages", app + "}")), R"({"imageIds":[]})");
  EXPECT_EQ(json::dump(ok("DescribeImages", app + "}")), R"({"imageDetails":[]})");
  EXPECT_EQ(error("ListImages", R"({"repositoryName":"none"})"), "RepositoryNotFoundException");
}

TEST_F(EcrApi, EvaluatesRepositoriesPolicies) {
  const std::string app = R"({"repositoryName":"app")";
  ok("CreateRepository", app + "}");
  const auto set = [&](const std::string& policy, const std::string& more = "") {
    return error("SetRepositoryPolicy",
                 app + R"(,"policyText":)" + json::quote(policy) + more + "}");
  };
  // What CDK's bootstrap template sets.
  const std::string cdk =
      R"({"Version":"2012-10-17","Statement":[{"Sid":"LambdaECRImageRetrievalPolicy",)"
      R"("Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},)"
      R"("Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],)"
      R"("Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:us-east-1:0:function:*"}}}]})";
  EXPECT_EQ(set(cdk), "");
  EXPECT_EQ(ok("GetRepositoryPolicy", app + "}").at("policyText"), json::Value(cdk));
  EXPECT_TRUE(authorizer_.has_policy);
  EXPECT_EQ(set("x"), "InvalidParameterException");
  EXPECT_EQ(
      set(R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]})"),
      "InvalidParameterException");
  const std::string deny =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"ecr:*"}})";
  EXPECT_EQ(set(deny), "InvalidParameterException") << "its author would be locked out";
  EXPECT_EQ(set(deny, R"(,"force":true)"), "");
  ok("DeleteRepositoryPolicy", app + "}");
  EXPECT_EQ(error("GetRepositoryPolicy", app + "}"), "RepositoryPolicyNotFoundException");
}

}  // namespace
}  // namespace stator::ecr
