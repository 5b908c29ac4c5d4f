#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

/// What roles, users, policies and instance profiles share about tags.
class IamTags : public IamFixture {
 protected:
  static constexpr std::string_view kArn = "arn:aws:iam::111122223333:policy/p";
  static json::Object tag(std::string_view key, std::string_view value) {
    return {{"Key", key}, {"Value", value}};
  }
  static std::string at(std::string_view member, std::string_view rule) {
    return "1 validation error detected: Value at '" + std::string(member) +
           "' failed to satisfy constraint: " + std::string(rule);
  }
};

TEST_F(IamTags, OfPoliciesAreKeptByTheirExactKey) {
  must("CreatePolicy", {{"PolicyName", "p"},
                        {"PolicyDocument", kReadItems},
                        {"Tags", json::Array{tag("a", "lower"), tag("A", "upper")}}});
  EXPECT_EQ(must("ListPolicyTags", {{"PolicyArn", kArn}}).at("Tags"),
            (json::Array{tag("A", "upper"), tag("a", "lower")}));
  must("TagPolicy", {{"PolicyArn", kArn}, {"Tags", json::Array{tag("a", ""), tag("b", "2")}}});
  must("UntagPolicy", {{"PolicyArn", kArn}, {"TagKeys", json::Array{"A", "none"}}});
  EXPECT_EQ(must("GetPolicy", {{"PolicyArn", kArn}}).at("Policy").at("Tags"),
            (json::Array{tag("a", ""), tag("b", "2")}));
  const auto page = must("ListPolicyTags", {{"PolicyArn", kArn}, {"MaxItems", "1"}});
  EXPECT_EQ(page.at("IsTruncated"), true);
  EXPECT_EQ(must("ListPolicyTags", {{"PolicyArn", kArn}, {"Marker", page.at("Marker")}}).at("Tags"),
            (json::Array{tag("b", "2")}));
  expect_error("TagPolicy",
               {{"PolicyArn", kArn}, {"Tags", json::Array{tag("x", "1"), tag("x", "2")}}},
               "InvalidInput", "Duplicate tag keys found.");
  const std::string none = "arn:aws:iam::111122223333:policy/none";
  for (const auto* name : {"TagPolicy", "UntagPolicy", "ListPolicyTags"}) {
    expect_error(name, {{"PolicyArn", none}}, "NoSuchEntity", "Policy " + none + " was not found.");
  }
  const auto of_aws = run("TagPolicy", {{"PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess"},
                                        {"Tags", json::Array{tag("x", "1")}}});
  ASSERT_FALSE(of_aws);
  EXPECT_EQ(of_aws.error().code, ErrorCode::kAccessDenied);
}

TEST_F(IamTags, AreRefusedInTheWordsOfAws) {
  make_role("app");
  const auto refuse = [&](json::Array tags, std::string_view type, std::string_view message) {
    expect_error("TagRole", {{"RoleName", "app"}, {"Tags", tags}}, type, message);
    expect_error("CreateRole",
                 {{"RoleName", "new"}, {"AssumeRolePolicyDocument", kTrustLambda}, {"Tags", tags}},
                 type, message);
  };
  json::Array many;
  for (int i = 0; i < 51; ++i) many.push_back(tag("k" + std::to_string(i), "v"));
  refuse(many, "ValidationError", at("tags", "Member must have length less than or equal to 50"));
  refuse({tag(std::string(129, 'k'), "v")}, "ValidationError",
         at("tags.1.member.key", "Member must have length less than or equal to 128"));
  refuse({tag("a", "1"), tag("k", std::string(257, 'v'))}, "ValidationError",
         at("tags.2.member.value", "Member must have length less than or equal to 256"));
  refuse({tag("a!", "1")}, "ValidationError",
         at("tags.1.member.key",
            R"(Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+)"));
  refuse({tag("a", "1"), tag("A", "1")}, "InvalidInput",
         "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  expect_error("UntagRole", {{"RoleName", "app"}, {"TagKeys", json::Array{std::string(129, 'k')}}},
               "ValidationError",
               at("tagKeys",
                  "Member must satisfy constraint: [Member must have length less than or equal to "
                  "128, Member must have length greater than or equal to 1, Member must satisfy "
                  R"(regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+, )"
                  "Member must not be null]"));
  many.pop_back();
  must("TagRole", {{"RoleName", "app"}, {"Tags", many}});
  expect_error("TagRole", {{"RoleName", "app"}, {"Tags", json::Array{tag("one-more", "")}}},
               "LimitExceeded", "The number of tags has reached the maximum limit.");
}

TEST_F(IamTags, AtCreationNeedTheTaggingActionToo) {
  const auto key = make_user("ann");
  must("PutUserPolicy",
       {{"UserName", "ann"},
        {"PolicyName", "p"},
        {"PolicyDocument", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                           R"("Action":"iam:Create*","Resource":"*"}]})"}});
  caller = *authenticate(signed_request(key));
  EXPECT_TRUE(run("CreateUser", {{"UserName", "bob"}}));
  const auto denied =
      run("CreateUser", {{"UserName", "eve"}, {"Tags", json::Array{tag("a", "1")}}});
  ASSERT_FALSE(denied);
  EXPECT_NE(denied.error().message.find("iam:TagUser"), std::string::npos);
  const auto policy = run(
      "CreatePolicy",
      {{"PolicyName", "p"}, {"PolicyDocument", kReadItems}, {"Tags", json::Array{tag("a", "1")}}});
  ASSERT_FALSE(policy);
  EXPECT_NE(policy.error().message.find("iam:TagPolicy"), std::string::npos);
}

TEST_F(IamTags, AreConditionKeysOfTheRequestAndTheResource) {
  must("CreateUser",
       {{"UserName", "bob"}, {"Tags", json::Array{tag("team", "red"), tag("stage", "dev")}}});
  must("CreateUser", {{"UserName", "eve"}, {"Tags", json::Array{tag("team", "blue")}}});
  const auto key = make_user("ann");
  must("PutUserPolicy",
       {{"UserName", "ann"},
        {"PolicyName", "p"},
        {"PolicyDocument",
         R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetUser",)"
         R"("Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"red",)"
         R"("iam:ResourceTag/stage":"dev"}}},{"Effect":"Allow","Action":"iam:*TagUser",)"
         R"("Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["cost"]},)"
         R"("StringLikeIfExists":{"aws:RequestTag/cost":"c-*"}}}]})"}});
  caller = *authenticate(signed_request(key));
  EXPECT_TRUE(run("GetUser", {{"UserName", "bob"}}));
  EXPECT_FALSE(run("GetUser", {{"UserName", "eve"}}));
  const auto add = [&](std::string_view name, std::string_view value) {
    return run("TagUser", {{"UserName", "bob"}, {"Tags", json::Array{tag(name, value)}}});
  };
  EXPECT_TRUE(add("cost", "c-1"));
  EXPECT_FALSE(add("cost", "x"));
  EXPECT_FALSE(add("team", "blue"));
  EXPECT_TRUE(run("UntagUser", {{"UserName", "bob"}, {"TagKeys", json::Array{"cost"}}}));
  EXPECT_FALSE(run("UntagUser", {{"UserName", "bob"}, {"TagKeys", json::Array{"team"}}}));
}

TEST_F(IamTags, AndPolicyArnsSayWhatMayBeAttached) {
  make_role("app");
  const auto key = make_user("ann");
  must(
      "PutUserPolicy",
      {{"UserName", "ann"},
       {"PolicyName", "p"},
       {"PolicyDocument",
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:AttachRolePolicy",)"
        R"("Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":)"
        R"("arn:aws:iam::aws:policy/service-role/*"}}}]})"}});
  caller = *authenticate(signed_request(key));
  const auto attach = [&](std::string_view path) {
    return run("AttachRolePolicy", {{"RoleName", "app"},
                                    {"PolicyArn", "arn:aws:iam::aws:policy/" + std::string(path)}});
  };
  EXPECT_TRUE(attach("service-role/AWSLambdaBasicExecutionRole"));
  EXPECT_FALSE(attach("AdministratorAccess"));
}

}  // namespace
}  // namespace stator::iam
