#include "apigateway/context.hpp"

#include <gtest/gtest.h>

#include "apigateway/test_exchange.hpp"

namespace stator::apigateway {
namespace {

TEST(Context, SaysWhatIsKnownOfARequest) {
  const auto exchange = make_test_exchange();
  const Answered answered{.status = 201, .bytes = 7, .latency = std::chrono::microseconds(12'900)};
  struct Case {
    const char *name, *value;
  };
  for (const Case& c : {
           Case{"accountId", "123456789012"},
           Case{"apiId", "abc"},
           Case{"dataProcessed", "9"},
           Case{"domainName", "abc.execute-api.localhost"},
           Case{"domainPrefix", "abc"},
           Case{"httpMethod", "POST"},
           Case{"extendedRequestId", "req="},
           Case{"identity.sourceIp", "10.0.0.9"},
           Case{"identity.userAgent", "curl/8"},
           Case{"path", "/dev/items/a b"},
           Case{"protocol", "HTTP/1.1"},
           Case{"requestId", "req="},
           Case{"requestTime", "02/Jan/2026:03:04:05 +0000"},
           Case{"requestTimeEpoch", "1767323045678"},
           Case{"responseLatency", "12"},
           Case{"responseLength", "7"},
           Case{"routeKey", "POST /items/{id}"},
           Case{"stage", "dev"},
           Case{"status", "201"},
       }) {
    EXPECT_EQ(context_variable(*exchange, c.name, &answered), c.value) << c.name;
    EXPECT_TRUE(is_context_variable(c.name)) << c.name;
  }
}

TEST(Context, HasNoValueForWhatDidNotHappen) {
  const auto exchange = make_test_exchange();
  for (const char* name :
       {"identity.userArn", "identity.clientCert.subjectDN", "integrationLatency", "error.message",
        "error.responseType", "authorizer.error", "authorizer.claims.sub", "authorizer.claims",
        "status", "responseLength", "awsEndpointRequestId", "customDomain.basePathMatched"}) {
    EXPECT_EQ(context_variable(*exchange, name), std::nullopt) << name;
    EXPECT_TRUE(is_context_variable(name)) << name;
  }
  for (const char* name : {"", "authorizer.", "nothing", "identity", "identity.", "accountIds"}) {
    EXPECT_EQ(context_variable(*exchange, name), std::nullopt) << name;
    EXPECT_FALSE(is_context_variable(name)) << name;
  }
}

TEST(Context, SaysWhoCalledAndHowItWent) {
  const auto exchange = make_test_exchange();
  exchange->caller.claims = json::Object{{"sub", "ann"}, {"n", 7}, {"gone", nullptr}};
  exchange->caller.context = json::Object{{"key", "value"}, {"numKey", 1}, {"boolKey", true}};
  exchange->caller.signer =
      aws::Principal{.account = "123", .arn = "arn:aws:iam::123:user/ann", .user_id = "AIDA1"};
  exchange->request.client_certificate = std::make_shared<const http::ClientCertificate>(
      http::ClientCertificate{"PEM", "CN=ann", "CN=ca", "A1", "from", "to"});
  exchange->authorizer_latency = std::chrono::microseconds(3'100);
  exchange->integration_latency = std::chrono::microseconds(20'000);
  exchange->integration_status = 200;
  exchange->function_status = 404;
  exchange->error_message = "Forbidden";
  struct Case {
    const char *name, *value;
  };
  for (const Case& c : {
           Case{"authorizer.claims.sub", "ann"},
           Case{"authorizer.claims.n", "7"},
           Case{"authorizer.key", "value"},
           Case{"authorizer.numKey", "1"},
           Case{"authorizer.boolKey", "true"},
           Case{"authorizer.latency", "3"},
           Case{"error.message", "Forbidden"},
           Case{"error.messageString", "\"Forbidden\""},
           Case{"error.responseType", "ACCESS_DENIED"},
           Case{"identity.accountId", "123"},
           Case{"identity.caller", "AIDA1"},
           Case{"identity.user", "AIDA1"},
           Case{"identity.userArn", "arn:aws:iam::123:user/ann"},
           Case{"identity.clientCert.clientCertPem", "PEM"},
           Case{"identity.clientCert.subjectDN", "CN=ann"},
           Case{"identity.clientCert.issuerDN", "CN=ca"},
           Case{"identity.clientCert.serialNumber", "A1"},
           Case{"identity.clientCert.validity.notBefore", "from"},
           Case{"identity.clientCert.validity.notAfter", "to"},
           Case{"integration.latency", "20"},
           Case{"integrationLatency", "20"},
           Case{"integrationStatus", "200"},
           Case{"integration.integrationStatus", "200"},
           Case{"integration.status", "404"},
       }) {
    EXPECT_EQ(context_variable(*exchange, c.name), c.value) << c.name;
  }
  EXPECT_EQ(context_variable(*exchange, "authorizer.claims.gone"), std::nullopt);
}

}  // namespace
}  // namespace stator::apigateway
