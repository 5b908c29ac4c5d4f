#include "aws/raw_call.hpp"

#include <gtest/gtest.h>

#include "http/server.hpp"

namespace stator::aws {
namespace {

Operation object_operation(ByPath path) {
  return Operation::raw<int>(
      "PutObject", std::move(path), [](const Call&, const RawRequest&) -> Result<int> { return 1; },
      [](const Call&, const int&) -> Result<Needs> { return Needs{}; },
      [](Call&, int) -> Result<http::Response> { return http::Response{}; });
}

TEST(RawCalls, FillThePathAndKeepItsLabels) {
  const auto call = make_raw_call(object_operation({"PUT", "/{Bucket}/{Key+}"}),
                                  {{"Bucket", "b"},
                                   {"Key", "a b/c"},
                                   {"Query", json::Object{{"versionId", "1 2"}}},
                                   {"Headers", json::Object{{"Range", "bytes=0-1"}}},
                                   {"Body", "text"}});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->request.method, "PUT");
  EXPECT_EQ(call->request.target, "/b/a%20b/c?versionId=1%202");
  EXPECT_EQ(call->request.headers.get("range"), "bytes=0-1");
  EXPECT_EQ(call->request.body, "text");
  EXPECT_EQ(call->labels, (Labels{{"Bucket", "b"}, {"Key", "a b/c"}}));
}

TEST(RawCalls, NameTheirSubresource) {
  ByPath path{"PUT", "/{Bucket}"};
  path.required_query = "policy";
  const auto call = make_raw_call(object_operation(path), {{"Bucket", "b"}});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->request.target, "/b?policy=");
}

TEST(RawCalls, RefuseWhatTheyCannotCarry) {
  const auto operation = object_operation({"PUT", "/{Bucket}"});
  EXPECT_FALSE(make_raw_call(operation, {}));
  EXPECT_FALSE(make_raw_call(operation, {{"Bucket", ""}}));
  EXPECT_FALSE(make_raw_call(operation, {{"Bucket", "b"}, {"Other", "x"}}));
  EXPECT_FALSE(make_raw_call(operation, {{"Bucket", "b"}, {"Headers", "x"}}));
}

TEST(RawCalls, AnswersAreMembers) {
  http::Response response;
  response.status = 204;
  response.headers.add("ETag", "x");
  response.body = "b";
  EXPECT_EQ(json::dump(raw_answer(response).value()),
            R"({"StatusCode":204,"Headers":{"etag":"x"},"Body":"b"})");
  response.stream = [](http::BodyWriter&&) {};
  EXPECT_FALSE(raw_answer(response));
}

}  // namespace
}  // namespace stator::aws
