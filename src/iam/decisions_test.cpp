#include "iam/decisions.hpp"

#include "iam/iam_fixture.hpp"

namespace stator::iam {
namespace {

/// A role with policies, whose session asks for things.
class DecisionsTest : public IamFixture {
 protected:
  DecisionsTest() { start({}); }

  struct Mode {
    bool is_audit_only = false;
  };
  void start(Mode mode) {
    identity =
        std::make_unique<Identity>(IdentityParts{.store = *store,
                                                 .clock = clock,
                                                 .random = random,
                                                 .data = data,
                                                 .account = std::string(kTestAccount),
                                                 .are_policies_enforced = !mode.is_audit_only,
                                                 .logger = &logger,
                                                 .audit = &trail});
    services.clear();
    services.push_back(make_iam_service(*identity));
    services.push_back(make_stator_service(*identity, [this](std::string_view id) {
      return Result<std::optional<json::Object>>(id == "old" ? archived : std::nullopt);
    }));
    caller = root();
  }

  /// `policy` as "p" of a new role "r"; its session becomes the caller.
  void become_role_with(std::string_view policy) {
    make_role("r");
    must("PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}, {"PolicyDocument", policy}});
    const auto role = must("GetRole", {{"RoleName", "r"}});
    role_id = *json::find_string(role.at("Role").as_object(), "RoleId");
    caller = {.kind = aws::Principal::Kind::kAssumedRole,
              .account = std::string(kTestAccount),
              .arn = "arn:aws:sts::111122223333:assumed-role/r/s",
              .user_id = role_id + ":s",
              .access_key_id = "ASIA1",
              .role_name = "r"};
  }

  Result<void> ask(const aws::Permission& need, std::string_view request_id = "id") {
    aws::Call call;
    call.principal = caller;
    call.account = caller.account;
    call.region = "us-east-1";
    call.request_id = request_id;
    call.source_ip = "127.0.0.1";
    call.now = clock.wall();
    return identity->authorizer().authorize(call, {&need, 1});
  }
  Result<void> ask(std::string_view action, std::string_view resource) {
    return ask({std::string(action), std::string(resource)});
  }
  Denial denial() { return identity->decisions().find("id").value(); }

  static std::string policy(std::string_view statements) {
    return R"({"Version":"2012-10-17","Statement":[)" + std::string(statements) + "]}";
  }
  static constexpr std::string_view kOthers =
      "arn:aws:dynamodb:us-east-1:111122223333:table/others";

  /// Keeps what it is told.
  struct Trail final : aws::AuditTrail {
    void record(const aws::AuditedCall& audited) override {
      told.push_back(std::string(audited.service) + ":" + std::string(audited.operation) + " " +
                     std::string(audited.error_name) +
                     (audited.would_be_denial.empty() ? "" : "?"));
    }
    std::vector<std::string> told;
  };

  std::string lines;
  log::Logger logger{clock, log::Level::kInfo, [this](std::string_view line) { lines += line; }};
  Trail trail;
  std::string role_id;
  std::optional<json::Object> archived;
};

struct NearCase {
  const char* name;
  const char* statements;
  std::string reason;
};

/// Its name, where the test's own name would show its bytes.
void PrintTo(const NearCase& one, std::ostream* out) {
  *out << one.name;
}

class Nearest : public DecisionsTest, public ::testing::WithParamInterface<NearCase> {};

/// For dynamodb:GetItem on the table "items".
TEST_P(Nearest, IsNamedWithThePartThatFailed) {
  become_role_with(policy(GetParam().statements));
  ASSERT_FALSE(ask("dynamodb:GetItem", kItems));
  EXPECT_EQ(denial().short_reason(), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    All, Nearest,
    ::testing::Values(
        NearCase{"Resource",
                 R"({"Effect":"Allow","Action":"s3:*","Resource":"*"},
                    {"Sid":"Read","Effect":"Allow","Action":"dynamodb:GetItem",
                     "Resource":"arn:aws:dynamodb:*:*:table/others"})",
                 "nearest: statement 2 (Read) of policy p: the resource does not match"},
        NearCase{"Action", R"({"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*"})",
                 "nearest: statement 1 of policy p: the action does not match"},
        NearCase{"OnePartIsNearerThanTwo",
                 R"({"Effect":"Allow","Action":"dynamodb:PutItem",
                     "Resource":"arn:aws:dynamodb:*:*:table/others"},
                    {"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*"})",
                 "nearest: statement 2 of policy p: the action does not match"},
        NearCase{"TheResourceIsNearerThanTheAction",
                 R"({"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*"},
                    {"Effect":"Allow","Action":"dynamodb:GetItem",
                     "Resource":"arn:aws:dynamodb:*:*:table/others"})",
                 "nearest: statement 2 of policy p: the resource does not match"},
        NearCase{"Condition",
                 R"({"Effect":"Allow","Action":"*","Resource":"*",
                     "Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}})",
                 "nearest: statement 1 of policy p: the condition IpAddress aws:SourceIp "
                 "[10.0.0.0/8] does not hold: the request has [127.0.0.1]"},
        NearCase{"MissingKey",
                 R"({"Effect":"Allow","Action":"*","Resource":"*",
                     "Condition":{"StringEquals":{"aws:RequestTag/team":"a"}}})",
                 "nearest: statement 1 of policy p: the condition StringEquals aws:RequestTag/team "
                 "[a] does not hold: the request does not have this key"},
        NearCase{"NothingOfThisService",
                 R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*"})",
                 "no statement comes near"},
        NearCase{"ADenyDecides",
                 R"({"Effect":"Allow","Action":"*","Resource":"*"},
                    {"Sid":"No","Effect":"Deny","Action":"dynamodb:*","Resource":"*"})",
                 "statement 2 (No) of policy p denies it"}),
    [](const auto& one) { return one.param.name; });

TEST_F(DecisionsTest, ADenialIsRememberedInFull) {
  become_role_with(policy(R"({"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*",
      "Condition":{"StringLike":{"dynamodb:LeadingKeys":["a*"],"aws:SourceIp":"1*"}}})"));
  const aws::Permission need{
      .action = "dynamodb:GetItem", .resource = std::string(kItems), .keys = [] {
        return aws::ConditionKeys{{"dynamodb:LeadingKeys", {"b1"}}};
      }};
  ASSERT_FALSE(ask(need));
  EXPECT_EQ(json::dump(denial().to_json()),
            json::dump(json::parse(R"({"requestId":"id","time":"2026-01-02T03:04:05.678Z",
          "principal":"arn:aws:sts::111122223333:assumed-role/r/s",
          "owner":"arn:aws:iam::111122223333:role/r","action":"dynamodb:GetItem",
          "resource":"arn:aws:dynamodb:us-east-1:111122223333:table/items",
          "message":"User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:111122223333:table/items because no identity-based policy allows the dynamodb:GetItem action",
          "decision":"implicitDeny","policyType":"identity-based policy","isEnforced":true,
          "reason":"nearest: statement 1 of policy p: the condition StringLike dynamodb:LeadingKeys [a*] does not hold: the request has [b1]",
          "nearest":[{"policyType":"identity-based policy","policy":"p","statement":1,
            "misfits":["the condition StringLike dynamodb:LeadingKeys [a*] does not hold: the request has [b1]"]}],
          "conditionKeys":{"aws:sourceip":["127.0.0.1"],"dynamodb:leadingkeys":["b1"]}})")
                           .value()));
  EXPECT_EQ(identity->decisions().denials(), 1U);
  EXPECT_NE(lines.find("warn iam denied request_id=id message=\"User: arn:aws:sts"),
            std::string::npos)
      << lines;
  EXPECT_TRUE(trail.told.empty()) << "the router tells of this one";
}

TEST_F(DecisionsTest, OnlyTheLatestAreRemembered) {
  become_role_with(kReadItems);
  ASSERT_FALSE(ask({"dynamodb:PutItem", std::string(kItems)}, "first"));
  EXPECT_TRUE(identity->decisions().find("first"));
  for (std::size_t i = 0; i < Decisions::kDenialsMax; ++i) {
    ASSERT_FALSE(ask("dynamodb:PutItem", kItems));
  }
  EXPECT_FALSE(identity->decisions().find("first"));
  const auto count = [&](std::string_view text) {
    std::size_t found = 0;
    for (auto at = lines.find(text); at != std::string::npos; at = lines.find(text, at + 1))
      ++found;
    return found;
  };
  EXPECT_EQ(count(" denied request_id"), Decisions::kLinesPerSecondMax);
  clock.advance(std::chrono::seconds(1));
  ASSERT_FALSE(ask("dynamodb:PutItem", kItems));
  EXPECT_EQ(count("denials were too many to be logged count=4047"), 1U);
}

TEST_F(DecisionsTest, AuditModeLetsPassAndTells) {
  start({.is_audit_only = true});
  become_role_with(kReadItems);
  EXPECT_TRUE(ask("dynamodb:PutItem", kItems));
  EXPECT_FALSE(denial().is_enforced);
  EXPECT_EQ(identity->decisions().denials(), 0U);
  EXPECT_EQ(identity->decisions().would_be_denials(), 1U);
  EXPECT_EQ(trail.told, std::vector<std::string>{"dynamodb:PutItem ?"});
  EXPECT_NE(lines.find("would be denied request_id=id"), std::string::npos);
}

TEST_F(DecisionsTest, AuditModeKeepsStrangersOut) {
  start({.is_audit_only = true});
  caller = {.kind = aws::Principal::Kind::kAnonymous, .account = "", .arn = "", .user_id = ""};
  EXPECT_FALSE(ask("s3:GetObject", "arn:aws:s3:::b/k"));
}

TEST_F(DecisionsTest, AServicesOwnCallIsToldToTheTrail) {
  caller = {.kind = aws::Principal::Kind::kService,
            .account = std::string(kTestAccount),
            .arn = "apigateway.amazonaws.com",
            .user_id = ""};
  EXPECT_FALSE(ask("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:f"));
  EXPECT_EQ(trail.told, std::vector<std::string>{"lambda:InvokeFunction AccessDenied"});
}

TEST_F(DecisionsTest, ASimulationIsNoDecision) {
  become_role_with(kReadItems);
  EXPECT_TRUE(identity->decisions().usage().of(role_id, {}).empty());
  EXPECT_EQ(identity->decisions().denials(), 0U);
}

TEST_F(DecisionsTest, ExplainFindsItInMemoryAndInTheAuditLog) {
  become_role_with(kReadItems);
  ASSERT_FALSE(ask("dynamodb:PutItem", kItems));
  caller = root();
  EXPECT_EQ(must("Explain", {{"RequestId", "id"}}).at("Denial").at("action").as_string(),
            "dynamodb:PutItem");
  archived = json::parse_object(
                 R"({"eventName":"PutItem","additionalEventData":{"decision":{"action":"a:B"}}})")
                 .value();
  EXPECT_EQ(must("Explain", {{"RequestId", "old"}}).at("Denial").at("action").as_string(), "a:B");
  archived = json::parse_object(R"({"eventName":"CreateRole"})").value();
  EXPECT_EQ(must("Explain", {{"RequestId", "old"}}).at("Record").at("eventName").as_string(),
            "CreateRole");
  const auto unknown = run("Explain", {{"RequestId", "unknown"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().aws_type, "ResourceNotFoundException");
}

TEST_F(DecisionsTest, ExplainIsNotForEveryone) {
  become_role_with(kReadItems);
  EXPECT_EQ(run("Explain", {{"RequestId", "id"}}).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(run("SuggestPolicy", {{"RoleName", "r"}}).error().code, ErrorCode::kAccessDenied);
}

TEST_F(DecisionsTest, SuggestsWhatWasUsedAndNamesWhatWasNot) {
  become_role_with(
      policy(R"({"Effect":"Allow","Action":["dynamodb:*","s3:GetObject"],"Resource":"*"})"));
  ASSERT_TRUE(ask("dynamodb:GetItem", kItems));
  ASSERT_TRUE(ask("dynamodb:GetItem", kOthers));
  clock.advance(std::chrono::hours(2));
  ASSERT_TRUE(ask("dynamodb:PutItem", kItems));
  caller = root();
  const auto all = must("SuggestPolicy", {{"RoleName", "r"}});
  EXPECT_EQ(json::dump(all.at("PolicyDocument")),
            json::dump(json::parse(
                           R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["dynamodb:GetItem"],
         "Resource":["arn:aws:dynamodb:us-east-1:111122223333:table/others"]},
        {"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],
         "Resource":["arn:aws:dynamodb:us-east-1:111122223333:table/items"]}]})")
                           .value()));
  EXPECT_EQ(json::dump(all.at("UnusedActions")), R"(["s3:GetObject"])");
  const auto late = must("SuggestPolicy", {{"RoleName", "r"}, {"SinceSeconds", 3'600}});
  EXPECT_EQ(late.at("PolicyDocument").at("Statement").as_array().size(), 1U);
  expect_error("SuggestPolicy", {{"RoleName", "nobody"}}, "NoSuchEntity",
               "The role with name nobody cannot be found.");
}

}  // namespace
}  // namespace stator::iam
