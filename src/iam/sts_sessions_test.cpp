#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

using std::chrono::seconds;

class StsSessions : public IamFixture {
 protected:
  static constexpr std::string_view kRole = "arn:aws:iam::111122223333:role/app";
  static constexpr std::string_view kOther = "arn:aws:dynamodb:us-east-1:111122223333:table/other";

  static std::string policy(std::string_view statement) {
    return R"({"Version":"2012-10-17","Statement":[)" + std::string(statement) + "]}";
  }
  static std::string allow(std::string_view action, std::string_view resource = "*") {
    return policy(R"({"Effect":"Allow","Action":")" + std::string(action) + R"(","Resource":")" +
                  std::string(resource) + R"("})");
  }
  static std::string trust(std::string_view actions, std::string_view principal) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":)" +
           std::string(actions) + R"(,"Principal":{"AWS":")" + std::string(principal) + R"("}}]})";
  }

  static aws::sigv4::Credentials credentials_of(const json::Object& answer) {
    const auto& given = answer.at("Credentials").as_object();
    return {.access_key_id = {*json::find_string(given, "AccessKeyId")},
            .secret = {*json::find_string(given, "SecretAccessKey")},
            .session_token = *json::find_string(given, "SessionToken")};
  }
  void become(const aws::sigv4::Credentials& credentials) {
    const auto principal = authenticate(signed_request(credentials));
    ASSERT_TRUE(principal) << principal.error().message;
    caller = *principal;
  }
  void as_root(std::string_view operation, json::Object input) {
    const auto before = std::exchange(caller, root());
    must(operation, std::move(input));
    caller = before;
  }
  void set_role_policy(std::string_view role, const std::string& document) {
    as_root("PutRolePolicy",
            {{"RoleName", role}, {"PolicyName", "p"}, {"PolicyDocument", document}});
  }
  void set_user_policy(std::string_view user, const std::string& document) {
    as_root("PutUserPolicy",
            {{"UserName", user}, {"PolicyName", "p"}, {"PolicyDocument", document}});
  }
  /// A role that may do all of DynamoDB and that ann, who is the caller then, may become.
  void make_ann_and_app(std::string_view actions = R"("sts:AssumeRole")") {
    ann_key = make_user("ann");
    make_role("app", trust(actions, "arn:aws:iam::111122223333:user/ann"));
    set_role_policy("app", allow("dynamodb:*"));
    become(ann_key);
  }
  static json::Object wanted() { return {{"RoleArn", kRole}, {"RoleSessionName", "s1"}}; }
  template <class Value>
  static json::Object wanted(std::string_view member, const Value& value) {
    json::Object input = wanted();
    input[member] = value;
    return input;
  }
  static json::Array tags(std::string_view key, std::string_view value) {
    return {json::Object{{"Key", key}, {"Value", value}}};
  }
  void expect_denied(const json::Object& input, std::string_view action) {
    expect_error("AssumeRole", input, "",
                 "User: " + caller.arn + " is not authorized to perform: " + std::string(action) +
                     " on resource: " + std::string(kRole));
  }

  aws::sigv4::Credentials ann_key;
};

TEST_F(StsSessions, ASessionPolicyLimitsTheRole) {
  make_ann_and_app();
  const auto answer = must("AssumeRole", wanted("Policy", allow("dynamodb:GetItem")));
  EXPECT_GT(answer.at("PackedPolicySize").as_int64(), 0);
  become(credentials_of(answer));
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_FALSE(may("dynamodb:PutItem", kItems));
  EXPECT_FALSE(may("s3:GetObject", "arn:aws:s3:::b/k")) << "the role may not";
  set_role_policy("app", allow("dynamodb:PutItem"));
  EXPECT_FALSE(may("dynamodb:GetItem", kItems)) << "a change counts at the next request";
}

TEST_F(StsSessions, ManagedSessionPoliciesCountAsTheyAreNow) {
  make_ann_and_app();
  const json::Value arns =
      json::Array{json::Object{{"arn", "arn:aws:iam::111122223333:policy/limit"}}};
  as_root("CreateRole", {{"RoleName", "closed"}, {"AssumeRolePolicyDocument", kTrustLambda}});
  auto closed = wanted("PolicyArns", arns);
  closed["RoleArn"] = "arn:aws:iam::111122223333:role/closed";
  EXPECT_EQ(run("AssumeRole", closed).error().code, ErrorCode::kAccessDenied)
      << "who may not become the role learns nothing about policies";
  expect_error("AssumeRole", wanted("PolicyArns", arns), "NoSuchEntity",
               "Policy arn:aws:iam::111122223333:policy/limit was not found.");
  as_root("CreatePolicy", {{"PolicyName", "limit"}, {"PolicyDocument", allow("dynamodb:GetItem")}});
  const auto key = credentials_of(must("AssumeRole", wanted("PolicyArns", arns)));
  become(key);
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_FALSE(may("dynamodb:PutItem", kItems));
  as_root("CreatePolicyVersion", {{"PolicyArn", "arn:aws:iam::111122223333:policy/limit"},
                                  {"PolicyDocument", allow("dynamodb:PutItem")},
                                  {"SetAsDefault", "true"}});
  become(key);
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
  EXPECT_TRUE(may("dynamodb:PutItem", kItems));
  as_root("DeletePolicyVersion",
          {{"PolicyArn", "arn:aws:iam::111122223333:policy/limit"}, {"VersionId", "v1"}});
  as_root("DeletePolicy", {{"PolicyArn", "arn:aws:iam::111122223333:policy/limit"}});
  become(key);
  EXPECT_FALSE(may("dynamodb:PutItem", kItems)) << "a policy that is gone allows nothing";
}

TEST_F(StsSessions, ChecksSessionPoliciesAndTags) {
  make_ann_and_app(R"(["sts:AssumeRole","sts:TagSession"])");
  EXPECT_EQ(run("AssumeRole", wanted("Policy", "{")).error().aws_type, "MalformedPolicyDocument");
  EXPECT_EQ(run("AssumeRole", wanted("Policy", std::string(2'049, 'x'))).error().aws_type,
            "ValidationError");
  json::Array eleven;
  for (int i = 0; i < 11; ++i) {
    eleven.push_back(json::Object{{"arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"}});
  }
  EXPECT_EQ(run("AssumeRole", wanted("PolicyArns", eleven)).error().aws_type, "ValidationError");
  EXPECT_EQ(run("AssumeRole", wanted("Tags", tags("aws:x", "v"))).error().aws_type,
            "ValidationError");
  expect_error("AssumeRole", wanted("TransitiveTagKeys", json::Array{"team"}), "ValidationError",
               "The specified transitive tag key must be included in the requested tags.");
  const json::Array doubled{json::Object{{"Key", "A"}, {"Value", "1"}},
                            json::Object{{"Key", "a"}, {"Value", "2"}}};
  EXPECT_EQ(run("AssumeRole", wanted("Tags", doubled)).error().aws_type, "InvalidInput");
  EXPECT_EQ(run("AssumeRole", wanted("SourceIdentity", "a b")).error().aws_type, "ValidationError");
  EXPECT_EQ(run("AssumeRole", wanted("SourceIdentity", "aws:x")).error().aws_type,
            "ValidationError");
  EXPECT_EQ(run("AssumeRole", wanted("ExternalId", "x")).error().aws_type, "ValidationError");
  must("AssumeRole", wanted("ExternalId", "a:b/c"));
}

TEST_F(StsSessions, TagsAndSourceIdentitiesNeedActionsOfTheirOwn) {
  make_ann_and_app();
  expect_denied(wanted("Tags", tags("team", "blue")), "sts:TagSession");
  expect_denied(wanted("SourceIdentity", "ann"), "sts:SetSourceIdentity");
  as_root(
      "UpdateAssumeRolePolicy",
      {{"RoleName", "app"},
       {"PolicyDocument", trust(R"(["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"])",
                                "arn:aws:iam::111122223333:user/ann")}});
  auto input = wanted("Tags", tags("team", "blue"));
  input["SourceIdentity"] = "ann";
  const auto answer = must("AssumeRole", input);
  EXPECT_EQ(answer.at("SourceIdentity"), "ann");
  become(credentials_of(answer));
  ASSERT_TRUE(caller.session);
  EXPECT_EQ(caller.session->source_identity, "ann");
  EXPECT_EQ(caller.session->issued, clock.wall());
  ASSERT_EQ(caller.session->tags.size(), 1u);
  EXPECT_EQ(caller.session->tags[0].second, "blue");
}

TEST_F(StsSessions, TheTrustPolicyAsksAboutTheRequest) {
  struct Case {
    std::string_view condition;
    std::string_view member;
    json::Value good, bad;
  };
  const Case cases[] = {
      {R"("StringEquals":{"sts:ExternalId":"1234"})", "ExternalId", "1234", "1235"},
      {R"("StringLike":{"sts:RoleSessionName":"ann-*"})", "RoleSessionName", "ann-1", "bob"},
      {R"("StringEquals":{"sts:SourceIdentity":"ann"})", "SourceIdentity", "ann", "bob"},
      {R"("StringEquals":{"aws:RequestTag/team":"blue"})", "Tags", tags("team", "blue"),
       tags("team", "red")},
      {R"("ForAllValues:StringEquals":{"aws:TagKeys":["team"]})", "Tags", tags("team", "x"),
       tags("job", "x")},
      {R"("StringEquals":{"iam:ResourceTag/stage":"test"},"Null":{"sts:ExternalId":"true"})",
       "DurationSeconds", "900", "x"},
  };
  make_ann_and_app();
  as_root("TagRole", {{"RoleName", "app"}, {"Tags", tags("stage", "test")}});
  for (const auto& test : cases) {
    as_root("UpdateAssumeRolePolicy",
            {{"RoleName", "app"},
             {"PolicyDocument", policy(R"({"Effect":"Allow","Principal":{"AWS":)"
                                       R"("arn:aws:iam::111122223333:user/ann"},"Action":"sts:*",)"
                                       R"("Condition":{)" +
                                       std::string(test.condition) + "}}")}});
    must("AssumeRole", wanted(test.member, test.good));
    EXPECT_FALSE(run("AssumeRole", wanted(test.member, test.bad))) << test.condition;
  }
  as_root("UpdateAssumeRolePolicy",
          {{"RoleName", "app"},
           {"PolicyDocument", policy(R"({"Effect":"Allow","Principal":{"AWS":)"
                                     R"("arn:aws:iam::111122223333:user/ann"},"Action":"sts:*",)"
                                     R"("Condition":{"ForAnyValue:StringEquals":)"
                                     R"({"sts:TransitiveTagKeys":"team"}}})")}});
  auto input = wanted("Tags", tags("team", "blue"));
  EXPECT_FALSE(run("AssumeRole", input));
  input["TransitiveTagKeys"] = json::Array{"team"};
  must("AssumeRole", input);
}

TEST_F(StsSessions, TagsOfASessionCountBeforeThoseOfItsRole) {
  make_ann_and_app(R"(["sts:AssumeRole","sts:TagSession"])");
  as_root("TagRole", {{"RoleName", "app"}, {"Tags", tags("team", "red")}});
  set_role_policy("app",
                  policy(R"({"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*",)"
                         R"("Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}}})"));
  const auto ann = caller;
  become(credentials_of(must("AssumeRole", wanted())));
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
  caller = ann;
  become(credentials_of(must("AssumeRole", wanted("Tags", tags("team", "blue")))));
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
}

TEST_F(StsSessions, OldSessionsCanBeRevoked) {
  make_ann_and_app();
  const auto ann = caller;
  become(credentials_of(must("AssumeRole", wanted())));
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  set_role_policy("app",
                  policy(R"({"Effect":"Allow","Action":"dynamodb:*","Resource":"*"},)"
                         R"({"Effect":"Deny","Action":"*","Resource":"*","Condition":)"
                         R"({"DateLessThan":{"aws:TokenIssueTime":"2026-01-02T03:05:00Z"}}})"));
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
  clock.advance(std::chrono::minutes(2));
  caller = ann;
  become(credentials_of(must("AssumeRole", wanted())));
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
}

TEST_F(StsSessions, AChainHandsOnTransitiveTagsAndTheSourceIdentity) {
  make_ann_and_app(R"(["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"])");
  as_root("CreateRole", {{"RoleName", "next"},
                         {"AssumeRolePolicyDocument",
                          trust(R"(["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"])",
                                "arn:aws:iam::111122223333:role/app")}});
  auto input = wanted("TransitiveTagKeys", json::Array{"team"});
  input["Tags"] = json::Array{json::Object{{"Key", "team"}, {"Value", "blue"}},
                              json::Object{{"Key", "job"}, {"Value", "7"}}};
  input["SourceIdentity"] = "ann";
  become(credentials_of(must("AssumeRole", input)));

  json::Object next{{"RoleArn", "arn:aws:iam::111122223333:role/next"}, {"RoleSessionName", "s2"}};
  const auto answer = must("AssumeRole", next);
  EXPECT_EQ(answer.at("SourceIdentity"), "ann");
  next["Tags"] = tags("Team", "red");
  EXPECT_EQ(run("AssumeRole", next).error().aws_type, "ValidationError");
  next.erase("Tags");
  next["SourceIdentity"] = "bob";
  EXPECT_EQ(run("AssumeRole", next).error().code, ErrorCode::kAccessDenied);
  become(credentials_of(answer));
  ASSERT_EQ(caller.session->tags.size(), 1u);
  EXPECT_EQ(caller.session->tags[0].first, "team");
  EXPECT_EQ(caller.session->transitive_tag_keys, std::vector<std::string>{"team"});
  EXPECT_EQ(caller.session->source_identity, "ann");
}

TEST_F(StsSessions, ASessionOfAUserIsTheUserWithoutIam) {
  ann_key = make_user("ann");
  set_user_policy("ann", allow("*"));
  become(ann_key);
  const auto answer = must("GetSessionToken", {});
  EXPECT_EQ(answer.at("Credentials").at("Expiration"), "2026-01-02T15:04:05Z");
  const auto key = credentials_of(answer);
  become(key);
  EXPECT_EQ(caller.arn, "arn:aws:iam::111122223333:user/ann");
  EXPECT_EQ(caller.kind, aws::Principal::Kind::kUser);
  EXPECT_EQ(must("GetCallerIdentity", {}).at("Arn"), "arn:aws:iam::111122223333:user/ann");
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));

  const auto at_iam = authenticate(signed_request(key, "iam"), "iam");
  ASSERT_FALSE(at_iam);
  EXPECT_EQ(at_iam.error().aws_type, "UnrecognizedClientException");
  expect_error("GetSessionToken", {}, "", "Cannot call GetSessionToken with session credentials");
  expect_error("GetFederationToken", {{"Name", "fed"}}, "",
               "Cannot call GetFederationToken with session credentials");

  set_user_policy("ann", allow("s3:*"));
  EXPECT_FALSE(may("dynamodb:GetItem", kItems));
  EXPECT_TRUE(authenticate(signed_request(key)));
  clock.advance(seconds(43'200));
  EXPECT_EQ(authenticate(signed_request(key)).error().aws_type, "ExpiredTokenException");
}

TEST_F(StsSessions, ASessionEndsWithItsUser) {
  ann_key = make_user("ann");
  become(ann_key);
  const auto key = credentials_of(must("GetSessionToken", {{"DurationSeconds", "900"}}));
  as_root("DeleteAccessKey", {{"UserName", "ann"}, {"AccessKeyId", ann_key.access_key_id.value}});
  EXPECT_FALSE(authenticate(signed_request(ann_key)));
  EXPECT_TRUE(authenticate(signed_request(key))) << "the session outlives the key";
  as_root("DeleteUser", {{"UserName", "ann"}});
  EXPECT_FALSE(authenticate(signed_request(key)));
  caller = root();
  make_user("ann");
  EXPECT_FALSE(authenticate(signed_request(key))) << "another user of the same name";
}

TEST_F(StsSessions, RootGetsAnHourAtMost) {
  const auto key = credentials_of(must("GetSessionToken", {{"DurationSeconds", "43200"}}));
  become(key);
  EXPECT_EQ(caller.kind, aws::Principal::Kind::kRoot);
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  clock.advance(seconds(3'600));
  EXPECT_FALSE(authenticate(signed_request(key)));
}

TEST_F(StsSessions, AFederatedUserHasWhatBothItsUserAndItsPolicyAllow) {
  ann_key = make_user("ann");
  become(ann_key);
  EXPECT_FALSE(run("GetFederationToken", {{"Name", "fed"}}));
  set_user_policy("ann", policy(R"({"Effect":"Allow","Action":["sts:GetFederationToken",)"
                                R"("dynamodb:GetItem"],"Resource":"*"})"));
  const auto silent = credentials_of(must("GetFederationToken", {{"Name", "fed"}}));
  const auto answer =
      must("GetFederationToken", {{"Name", "fed"}, {"Policy", allow("dynamodb:*", kItems)}});
  EXPECT_EQ(answer.at("FederatedUser").at("Arn"), "arn:aws:sts::111122223333:federated-user/fed");
  EXPECT_EQ(answer.at("FederatedUser").at("FederatedUserId"), "111122223333:fed");
  EXPECT_FALSE(run("GetFederationToken", {{"Name", "fed"}, {"Tags", tags("a", "b")}}))
      << "tags need sts:TagSession";

  become(credentials_of(answer));
  EXPECT_EQ(must("GetCallerIdentity", {}).at("UserId"), "111122223333:fed");
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_FALSE(may("dynamodb:PutItem", kItems)) << "ann may not";
  EXPECT_FALSE(may("dynamodb:GetItem", kOther)) << "the session may not";
  EXPECT_FALSE(run("AssumeRole", wanted()));
  become(silent);
  EXPECT_FALSE(may("dynamodb:GetItem", kItems)) << "no policy, no permission";
}

TEST_F(StsSessions, RootsFederatedUserHasWhatItsPolicyAllows) {
  become(credentials_of(
      must("GetFederationToken", {{"Name", "fed"}, {"Policy", allow("dynamodb:GetItem")}})));
  EXPECT_TRUE(may("dynamodb:GetItem", kItems));
  EXPECT_FALSE(may("dynamodb:PutItem", kItems));
}

TEST_F(StsSessions, TellsTheAccountOfAKey) {
  const auto key = make_user("ann");
  EXPECT_EQ(must("GetAccessKeyInfo", {{"AccessKeyId", key.access_key_id.value}}).at("Account"),
            "111122223333");
  EXPECT_EQ(must("GetAccessKeyInfo", {{"AccessKeyId", "ASIAQNZGKIQY56JQ7WML"}}).at("Account"),
            "029608264753");
  EXPECT_EQ(run("GetAccessKeyInfo", {{"AccessKeyId", "AKIA"}}).error().aws_type, "ValidationError");
  EXPECT_EQ(run("GetAccessKeyInfo", {{"AccessKeyId", "AKIAIOSFODNN7EXAMPLE"}}).error().aws_type,
            "ValidationError");
  become(key);
  EXPECT_FALSE(run("GetAccessKeyInfo", {{"AccessKeyId", key.access_key_id.value}}));
}

TEST_F(StsSessions, DecodesOnlyMessagesOfItsOwn) {
  const auto sealed = identity->seal_authorization_message(R"({"allowed":false})");
  EXPECT_EQ(must("DecodeAuthorizationMessage", {{"EncodedMessage", sealed}}).at("DecodedMessage"),
            R"({"allowed":false})");
  expect_error("DecodeAuthorizationMessage", {{"EncodedMessage", sealed.substr(1)}},
               "InvalidAuthorizationMessageException", "Message is not valid");
  become(make_user("ann"));
  EXPECT_FALSE(run("DecodeAuthorizationMessage", {{"EncodedMessage", sealed}}));
}

}  // namespace
}  // namespace stator::iam
