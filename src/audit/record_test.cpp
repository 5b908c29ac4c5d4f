#include "audit/record.hpp"

#include <gtest/gtest.h>

#include "audit/redaction.hpp"

namespace stator::audit {
namespace {

using Kind = aws::Principal::Kind;

json::Object object(std::string_view text) {
  return json::parse_object(text).value();
}

struct RedactionCase {
  const char* name;
  const char* given;
  const char* kept;
};

/// Its name, where the test's own name would show its bytes.
void PrintTo(const RedactionCase& one, std::ostream* out) {
  *out << one.name;
}

class Redaction : public ::testing::TestWithParam<RedactionCase> {};

TEST_P(Redaction, KeepsNoSecret) {
  EXPECT_EQ(json::dump(redacted(object(GetParam().given))), json::dump(object(GetParam().kept)));
}

INSTANTIATE_TEST_SUITE_P(
    All, Redaction,
    ::testing::Values(
        RedactionCase{"Names", R"({"RoleName":"r","Nested":{"Inner":[{"Deep":1}]}})",
                      R"({"roleName":"r","nested":{"inner":[{"deep":1}]}})"},
        RedactionCase{"KeysOfMaps", R"({"Tags":{"Team":"X"},"StageVariables":{"Host":"h"}})",
                      R"({"tags":{"Team":"X"},"stageVariables":{"Host":"h"}})"},
        RedactionCase{"TagLists", R"({"Tags":[{"Key":"K","Value":"V"}]})",
                      R"({"tags":[{"key":"K","value":"V"}]})"},
        RedactionCase{"Parameters", R"({"Name":"/p","Value":"swordfish"})",
                      R"({"name":"/p","value":"HIDDEN_DUE_TO_SECURITY_REASONS"})"},
        RedactionCase{"AccessKeys",
                      R"({"AccessKey":{"AccessKeyId":"AKIA1","SecretAccessKey":"s"}})",
                      R"({"accessKey":{"accessKeyId":"AKIA1",
                "secretAccessKey":"HIDDEN_DUE_TO_SECURITY_REASONS"}})"},
        RedactionCase{"Sessions", R"({"Credentials":{"SessionToken":"t","SecretAccessKey":"s"}})",
                      R"({"credentials":{"sessionToken":"HIDDEN_DUE_TO_SECURITY_REASONS",
                "secretAccessKey":"HIDDEN_DUE_TO_SECURITY_REASONS"}})"},
        RedactionCase{"Tokens", R"({"WebIdentityToken":"t","OldPassword":"p","NextToken":"n"})",
                      R"({"webIdentityToken":"HIDDEN_DUE_TO_SECURITY_REASONS",
                          "oldPassword":"HIDDEN_DUE_TO_SECURITY_REASONS","nextToken":"n"})"},
        RedactionCase{"Environment", R"({"Environment":{"Variables":{"DB_PASS":"s"}}})",
                      R"({"environment":{}})"},
        RedactionCase{"Code", R"({"Code":{"ZipFile":"UEs="},"ZipFile":"UEs="})", R"({"code":{}})"},
        RedactionCase{
            "Templates",
            R"({"TemplateBody":"{}","Parameters":[{"ParameterKey":"K","ParameterValue":"s"}]})",
            R"({"parameters":[{"parameterKey":"K"}]})"}),
    [](const auto& one) { return one.param.name; });

/// A call by a user, over the wire.
struct RecordTest : ::testing::Test {
  RecordTest() {
    request.headers.add("User-Agent", "aws-cli/2");
    call.principal = {.kind = Kind::kUser,
                      .account = "111122223333",
                      .arn = "arn:aws:iam::111122223333:user/team/ann",
                      .user_id = "AIDA1",
                      .access_key_id = "AKIA1",
                      .role_name = {}};
    call.account = "111122223333";
    call.region = "eu-west-1";
    call.request_id = "request-1";
    call.source_ip = "127.0.0.1";
    call.now = from_epoch_ms(1'767'323'045'678);
    call.http = &request;
  }

  http::Request request;
  aws::Call call;
};

TEST_F(RecordTest, HasTheShapeOfCloudTrail) {
  const auto input = object(R"({"TableName":"t"})");
  const auto output = object(R"({"TableDescription":{"TableStatus":"CREATING"}})");
  const auto record = make_record({.call = call,
                                   .service = "dynamodb",
                                   .operation = "CreateTable",
                                   .request = &input,
                                   .response = &output},
                                  "event-1");
  EXPECT_EQ(json::dump(record), json::dump(object(R"({
      "eventVersion":"1.11",
      "userIdentity":{"type":"IAMUser","principalId":"AIDA1",
        "arn":"arn:aws:iam::111122223333:user/team/ann","accountId":"111122223333",
        "accessKeyId":"AKIA1","userName":"ann"},
      "eventTime":"2026-01-02T03:04:05Z","eventSource":"dynamodb.amazonaws.com",
      "eventName":"CreateTable","awsRegion":"eu-west-1","sourceIPAddress":"127.0.0.1",
      "userAgent":"aws-cli/2","requestParameters":{"tableName":"t"},
      "responseElements":{"tableDescription":{"tableStatus":"CREATING"}},
      "requestID":"request-1","eventID":"event-1","readOnly":false,"eventType":"AwsApiCall",
      "managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"})")));
}

TEST_F(RecordTest, ASessionNamesItsRole) {
  auto facts = std::make_shared<aws::SessionFacts>();
  facts->issued = call.now;
  call.principal = {.kind = Kind::kAssumedRole,
                    .account = "111122223333",
                    .arn = "arn:aws:sts::111122223333:assumed-role/r/s",
                    .user_id = "AROA1:s",
                    .access_key_id = "ASIA1",
                    .role_name = "r",
                    .session = facts};
  const auto record =
      make_record({.call = call, .service = "iam", .operation = "CreateRole"}, "event");
  EXPECT_EQ(json::dump(record.at("userIdentity").at("sessionContext")),
            json::dump(object(R"({"sessionIssuer":{"type":"Role","principalId":"AROA1",
                "accountId":"111122223333","userName":"r"},
                "attributes":{"creationDate":"2026-01-02T03:04:05Z",
                "mfaAuthenticated":"false"}})")));
}

TEST_F(RecordTest, AReadTellsNothingOfItsAnswer) {
  const auto output = object(R"({"Role":{}})");
  const auto record = make_record(
      {.call = call, .service = "iam", .operation = "GetRole", .response = &output}, "event");
  EXPECT_TRUE(record.at("responseElements").is_null());
  EXPECT_TRUE(record.at("readOnly").as_bool());
}

TEST_F(RecordTest, ARefusedSignatureNamesNobody) {
  // What the call's principal holds by default is the account's root.
  call.principal = {};
  const auto record = make_record({.call = call,
                                   .service = "dynamodb",
                                   .operation = "PutItem",
                                   .is_management = false,
                                   .is_authenticated = false,
                                   .error_name = "UnrecognizedClientException",
                                   .error_message = "no"},
                                  "event");
  EXPECT_EQ(json::dump(record.at("userIdentity")), R"({"type":"Unknown"})");
  EXPECT_EQ(record.at("errorCode").as_string(), "UnrecognizedClientException");
  EXPECT_EQ(record.at("eventCategory").as_string(), "Data");
}

TEST_F(RecordTest, CallsFromInsideNameTheService) {
  call.http = nullptr;
  const auto record =
      make_record({.call = call, .service = "iam", .operation = "CreateRole"}, "event");
  EXPECT_EQ(record.at("sourceIPAddress").as_string(), "cloudformation.amazonaws.com");
}

TEST_F(RecordTest, WhatIsTooLongIsLeftOut) {
  json::Object input{{"PolicyDocument", std::string(kLineBytesMax, 'x')}};
  const std::string line = to_line(make_record(
      {.call = call, .service = "iam", .operation = "CreatePolicy", .request = &input}, "event"));
  EXPECT_LT(line.size(), kLineBytesMax);
  EXPECT_EQ(json::dump(object(line).at("requestParameters")), R"({"omitted":true})");
}

TEST_F(RecordTest, BytesThatAreNoTextMakeNoBadLine) {
  request.headers.set("User-Agent", "a\xff\xfe");
  const std::string line =
      to_line(make_record({.call = call, .service = "iam", .operation = "GetRole"}, "event"));
  EXPECT_EQ(object(line).at("userAgent").as_string(), "a??");
}

}  // namespace
}  // namespace stator::audit
