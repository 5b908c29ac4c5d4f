#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "core/client.hpp"
#include "core/text.hpp"
#include "core/trace.hpp"
#include "fake_server.hpp"

namespace stator::sdk {
namespace {

using testing::Answer;
using testing::aws_error;
using testing::FakeServer;
using testing::ok;
using testing::ScopedEnv;
using testing::Seen;
using testing::status;

ClientOptions options_for(const FakeServer& server) {
  ClientOptions options;
  options.endpoint = server.url();
  options.region = "eu-west-1";
  options.credentials = {"AKID", "secret", "token"};
  options.attempts_max = 3;
  options.attempt_timeout_ms = 5000;
  return options;
}

/// The reply when the server's first answer is `answer` and every later one is a good one.
Reply reply_after(const Answer& answer) {
  FakeServer server(
      [&](const Seen&, int number) { return number == 0 ? answer : ok("{\"good\":1}"); });
  return DynamoClient(options_for(server)).call("GetItem", "{}");
}

/// The reply when every answer of the server's is `answer`.
Reply reply_to(const Answer& answer) {
  FakeServer server([&](const Seen&, int) { return answer; });
  return DynamoClient(options_for(server)).call("GetItem", "{}");
}

TEST(DynamoClient, SendsASignedRequest) {
  FakeServer server([](const Seen&, int) { return ok("{}", "x-amzn-RequestId: R1\r\n"); });
  const Reply reply = DynamoClient(options_for(server)).call("PutItem", R"({"TableName":"t"})");
  EXPECT_EQ(reply.code, STATOR1_OK);
  EXPECT_EQ(reply.request_id, "R1");
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].target, "/");
  EXPECT_EQ(seen[0].body, R"({"TableName":"t"})");
  EXPECT_EQ(seen[0].headers.at("x-amz-target"), "DynamoDB_20120810.PutItem");
  EXPECT_EQ(seen[0].headers.at("x-amz-security-token"), "token");
  EXPECT_EQ(seen[0].headers.at("host"), server.address());
  // Signed again from what arrived, the signature is the same.
  Signer signer({"eu-west-1", "dynamodb"});
  const auto& got = seen[0].headers;
  const Headers headers{{"content-type", got.at("content-type")},
                        {"host", got.at("host")},
                        {"x-amz-date", got.at("x-amz-date")},
                        {"x-amz-security-token", got.at("x-amz-security-token")},
                        {"x-amz-target", got.at("x-amz-target")}};
  EXPECT_EQ(got.at("authorization"),
            signer.authorization({"AKID", "secret", "token"},
                                 {"POST", "/", "", headers, seen[0].body}, got.at("x-amz-date")));
}

TEST(DynamoClient, SendsTheTraceOfTheInvocationThatRuns) {
  FakeServer server([](const Seen&, int) { return ok("{}"); });
  DynamoClient client(options_for(server));
  EXPECT_EQ(client.call("GetItem", "{}").code, STATOR1_OK);
  set_trace_id("Root=1-a-b;Parent=c");
  EXPECT_EQ(client.call("GetItem", "{}").code, STATOR1_OK);
  set_trace_id("");
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].headers.count("x-amzn-trace-id"), 0u);
  EXPECT_EQ(seen[1].headers.at("x-amzn-trace-id"), "Root=1-a-b;Parent=c");
  EXPECT_EQ(seen[1].headers.at("authorization").find("trace"), std::string::npos);
}

TEST(DynamoClient, KeepsItsConnection) {
  FakeServer server([](const Seen&, int) { return ok("{}"); });
  DynamoClient client(options_for(server));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.call("GetItem", "{}").code, STATOR1_OK);
  EXPECT_EQ(server.connections(), 1);
}

TEST(DynamoClient, ReadsEveryFormOfBody) {
  EXPECT_EQ(
      reply_to({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}"
                "\r\n0\r\nTrailer: x\r\n\r\n"})
          .body,
      "{\"a\":1}");
  EXPECT_EQ(reply_to({"HTTP/1.1 200 OK\r\n\r\n{\"a\":1}", true}).body, "{\"a\":1}");
  EXPECT_EQ(
      reply_to({"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"})
          .body,
      "{}");
  Answer slow = ok("{\"a\":1}");
  slow.byte_by_byte = true;
  EXPECT_EQ(reply_to(slow).body, "{\"a\":1}");
}

TEST(DynamoClient, TriesAgainAfterWhatMayPass) {
  for (const Answer& answer :
       {status(500, "oops"),
        status(503, ""),
        status(429, ""),
        aws_error(400, "ProvisionedThroughputExceededException", "m"),
        aws_error(400, "ThrottlingException", "m"),
        Answer{"", true},
        Answer{"HTTP/1.1 200", true},
        Answer{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", true},
        Answer{"HTTP/1.1 200 OK\r\nContent-Length: 2x\r\n\r\n{}", true},
        Answer{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", true},
        Answer{"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", true},
        Answer{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", true},
        Answer{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", true},
        Answer{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n", true},
        Answer{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", true},
        Answer{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
               true},
        Answer{"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", true},
        Answer{"SMTP ready\r\n\r\n", true},
        Answer{"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", true},
        ok("{}", "x-amz-crc32: 1\r\n")}) {
    const Reply reply = reply_after(answer);
    EXPECT_EQ(reply.code, STATOR1_OK) << answer.bytes << reply.message;
    EXPECT_EQ(reply.attempts, 2u) << answer.bytes;
    EXPECT_EQ(reply.body, "{\"good\":1}");
  }
}

TEST(DynamoClient, GivesUpAfterItsAttempts) {
  const Reply throttled = reply_to(aws_error(400, "ThrottlingException", "slow down"));
  EXPECT_EQ(throttled.code, STATOR1_THROTTLED);
  EXPECT_EQ(throttled.attempts, 3u);
  EXPECT_EQ(throttled.message, "slow down");
  EXPECT_EQ(reply_to(status(500, "")).code, STATOR1_UNAVAILABLE);
  EXPECT_EQ(reply_to({"", true}).code, STATOR1_UNAVAILABLE);
}

TEST(DynamoClient, DoesNotRepeatWhatWillFailAgain) {
  for (const auto& [type, code] : std::initializer_list<std::pair<const char*, int>>{
           {"ConditionalCheckFailedException", STATOR1_CONDITION_FAILED},
           {"ValidationException", STATOR1_INVALID},
           {"ResourceNotFoundException", STATOR1_TABLE_NOT_FOUND},
           {"AccessDeniedException", STATOR1_ACCESS_DENIED},
           {"TransactionConflictException", STATOR1_CONFLICT},
           {"NewException", STATOR1_OTHER}}) {
    const Reply reply = reply_to(aws_error(400, type, "m"));
    EXPECT_EQ(reply.code, code) << type;
    EXPECT_EQ(reply.attempts, 1u) << type;
    EXPECT_EQ(reply.type, type);
  }
  EXPECT_EQ(reply_to(status(400, "<html>")).message, "HTTP status 400 without an AWS error");
}

TEST(DynamoClient, StopsAtTheAttemptsTimeLimit) {
  ClientOptions options;
  FakeServer server([](const Seen&, int) { return Answer{"HTTP/1.1 200 OK\r\n"}; });
  options = options_for(server);
  options.attempt_timeout_ms = 30;
  options.attempts_max = 1;
  const Reply reply = DynamoClient(options).call("GetItem", "{}");
  EXPECT_EQ(reply.code, STATOR1_UNAVAILABLE);
  EXPECT_EQ(reply.message, "receive: timed out");
}

TEST(DynamoClient, UsesAFreshConnectionWhenTheKeptOneDied) {
  FakeServer server([](const Seen&, int number) {
    Answer answer = ok("{}");
    answer.close = number == 0;
    return answer;
  });
  DynamoClient client(options_for(server));
  EXPECT_EQ(client.call("GetItem", "{}").code, STATOR1_OK);
  EXPECT_EQ(client.call("GetItem", "{}").code, STATOR1_OK);
  EXPECT_EQ(server.connections(), 2);
}

TEST(DynamoClient, SaysWhatItsConfigurationLacks) {
  const ScopedEnv no_region("AWS_REGION", nullptr), no_default("AWS_DEFAULT_REGION", nullptr);
  const ScopedEnv no_key("AWS_ACCESS_KEY_ID", nullptr), no_url("AWS_ENDPOINT_URL", nullptr);
  EXPECT_EQ(DynamoClient({}).call("GetItem", "{}").message, "no region: set AWS_REGION");
  ClientOptions options;
  options.region = "eu-west-1";
  EXPECT_EQ(DynamoClient(options).call("GetItem", "{}").code, STATOR1_CONFIGURATION);
  options.endpoint = "localhost";
  const Reply reply = DynamoClient(options).call("GetItem", "{}");
  EXPECT_EQ(reply.code, STATOR1_CONFIGURATION);
  EXPECT_EQ(reply.message,
            "'localhost' is no usable endpoint: it begins with neither http:// nor https://");
}

TEST(CredentialSource, ReadsTheProfileThatIsNamed) {
  const std::string path = ::testing::TempDir() + "sdk-credentials-" + std::to_string(getpid());
  std::ofstream(path) << "[default]\naws_access_key_id=D\naws_secret_access_key = E\n"
                         "# [other]\n[other]\r\n aws_access_key_id = O \r\n"
                         "aws_secret_access_key=P=\naws_session_token=Q\n[half]\n"
                         "aws_access_key_id=H\n";
  const ScopedEnv no_key("AWS_ACCESS_KEY_ID", nullptr),
      file("AWS_SHARED_CREDENTIALS_FILE", path.c_str());
  const ScopedEnv no_uri("AWS_CONTAINER_CREDENTIALS_FULL_URI", nullptr);
  {
    const ScopedEnv no_profile("AWS_PROFILE", nullptr);
    EXPECT_EQ(CredentialSource({}).get().value().secret_access_key, "E");
  }
  {
    const ScopedEnv profile("AWS_PROFILE", "other");
    const auto keys = CredentialSource({}).get().value();
    EXPECT_EQ(keys.access_key_id, "O");
    EXPECT_EQ(keys.secret_access_key, "P=");
    EXPECT_EQ(keys.session_token, "Q");
  }
  for (const char* name : {"half", "missing"}) {
    const ScopedEnv profile("AWS_PROFILE", name);
    EXPECT_EQ(CredentialSource({}).get().error().code, STATOR1_CONFIGURATION) << name;
  }
  std::remove(path.c_str());
}

TEST(CredentialSource, AsksTheContainersEndpointOnceWhileTheKeysLast) {
  FakeServer server([](const Seen& request, int) {
    if (request.headers.at("authorization") != "the-token") return status(403, "");
    return ok(R"({"AccessKeyId":"A","SecretAccessKey":"S","Token":"T",)"
              R"("Expiration":"2099-01-01T00:00:00Z"})");
  });
  const std::string uri = server.url() + "/creds";
  const ScopedEnv no_key("AWS_ACCESS_KEY_ID", nullptr);
  const ScopedEnv no_file("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  const ScopedEnv full("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri.c_str());
  const ScopedEnv token("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token");
  CredentialSource source({});
  EXPECT_EQ(source.get().value().access_key_id, "A");
  EXPECT_EQ(source.get().value().session_token, "T");
  EXPECT_EQ(server.seen().size(), 1u);
}

TEST(CredentialSource, TrustsNoHostOutThere) {
  const ScopedEnv no_key("AWS_ACCESS_KEY_ID", nullptr);
  const ScopedEnv no_file("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  const ScopedEnv full("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://203.0.113.1/creds");
  EXPECT_EQ(CredentialSource({}).get().error().message,
            "no credentials: http://203.0.113.1/creds is neither loopback nor https");
}

TEST(Backoff, StaysBelowABoundThatDoubles) {
  EXPECT_EQ(backoff_ms(1, 50), 50u);
  EXPECT_EQ(backoff_ms(1, 51), 0u);
  EXPECT_EQ(backoff_ms(3, 200), 200u);
  EXPECT_LE(backoff_ms(40, UINT32_MAX), 2000u);
}

}  // namespace
}  // namespace stator::sdk
