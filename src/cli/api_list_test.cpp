#include "cli/api_list.hpp"

#include <gtest/gtest.h>

namespace stator::cli {
namespace {

json::Object object(const char* text) {
  return *json::parse_object(text);
}

TEST(ApiList, DescribesWhatIsBehindEachRoute) {
  ApiRecords records;
  records.api = object(R"({"name":"shop","apiId":"abc","apiEndpoint":"http://abc.x:1"})");
  records.stages = {
      object(R"({"stageName":"$default","defaultRouteSettings":{"throttlingRateLimit":2.5}})"),
      object(R"({"stageName":"dev","routeSettings":{"GET /a":)"
             R"({"throttlingBurstLimit":5,"throttlingRateLimit":10}}})")};
  records.integrations = {
      object(R"({"integrationId":"i1","integrationUri":)"
             R"("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/)"
             R"(arn:aws:lambda:us-east-1:1:function:f:live/invocations"})"),
      object(
          R"({"integrationId":"i2","integrationUri":"https://x/{p}","integrationMethod":"ANY"})"),
      object(R"({"integrationId":"i3","integrationSubtype":"SQS-SendMessage"})")};
  records.authorizers = {object(R"({"authorizerId":"z1","name":"people"})")};
  records.routes = {
      object(R"({"routeKey":"POST /b","target":"integrations/i2","authorizationType":"JWT",)"
             R"("authorizerId":"z1"})"),
      object(R"({"routeKey":"GET /a","target":"integrations/i1","authorizationType":"NONE"})"),
      object(R"({"routeKey":"GET /c","target":"integrations/i3","authorizationType":"AWS_IAM"})"),
      object(R"({"routeKey":"$default"})")};
  EXPECT_EQ(describe(records),
            "shop  abc  http://abc.x:1\n"
            "  stages: $default, dev\n"
            "  $default  -> nothing            open        2.5/s ($default)\n"
            "  GET /a    -> f:live             open        2.5/s ($default), 10/s burst 5 (dev)\n"
            "  GET /c    -> SQS-SendMessage    AWS_IAM     2.5/s ($default)\n"
            "  POST /b   -> ANY https://x/{p}  JWT people  2.5/s ($default)\n");
}

TEST(ApiList, DescribesAnApiWithNothingInIt) {
  EXPECT_EQ(describe({.api = object(R"({"name":"n","apiId":"a","apiEndpoint":"e"})")}),
            "n  a  e\n  stages: none\n");
}

TEST(ApiList, FindsAnApiByIdBeforeItsName) {
  const std::vector<json::Object> apis = {
      object(R"({"apiId":"a","name":"shop"})"), object(R"({"apiId":"b","name":"a"})"),
      object(R"({"apiId":"c","name":"twice"})"), object(R"({"apiId":"d","name":"twice"})")};
  EXPECT_EQ(*find_api(apis, "a"), "a");
  EXPECT_EQ(*find_api(apis, "shop"), "a");
  EXPECT_EQ(find_api(apis, "twice").error().message, "several APIs are named twice: c, d");
  EXPECT_EQ(find_api(apis, "none").error().message, "there is no API of id or name none");
}

}  // namespace
}  // namespace stator::cli
