#include "http/http2_request.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace stator::http::detail {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields with(Fields more, const std::string& method = "GET", const std::string& path = "/") {
  Fields all = {{":method", method}, {":scheme", "https"}, {":path", path}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::optional<Failure> read(const Fields& fields, Request* request = nullptr) {
  Http2Request reader(1000);
  for (const auto& [name, value] : fields) reader.add(name, value);
  const auto failure = reader.finish();
  if (request != nullptr) *request = reader.take();
  return failure;
}

TEST(Http2Request, LooksAsOneInHttp1) {
  Request request;
  ASSERT_FALSE(read(
      with({{":authority", "example.com:8443"}, {"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}},
           "POST", "/a%20b?x=1"),
      &request));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/a%20b?x=1");
  EXPECT_EQ(request.protocol, "HTTP/2.0");
  const std::vector<Headers::Field> expected = {
      {"host", "example.com:8443"}, {"x", "y"}, {"cookie", "a=1; b=2"}};
  EXPECT_EQ(request.headers.fields(), expected);
}

TEST(Http2Request, TakesHostWhereThereIsNoAuthority) {
  Request request;
  ASSERT_FALSE(read(with({{"host", "h"}}), &request));
  EXPECT_EQ(request.headers.get("host"), "h");
  ASSERT_FALSE(read(with({{":authority", "H"}, {"host", "h"}}), &request));
  EXPECT_EQ(request.headers.fields().size(), 1u);
}

TEST(Http2Request, RefusesWhatHttp1Would) {
  const Fields::value_type authority = {":authority", "h"};
  const std::pair<Fields, int> cases[] = {
      {with({}), 400},
      {with({{":authority", "h"}, {"host", "other"}}), 400},
      {with({{"host", "a"}, {"host", "b"}}), 400},
      {with({{"host", "a"}, {"host", "a"}}), 400},
      {with({{":authority", "user@h"}}), 400},
      {with({authority}, "GET", "no-path"), 400},
      {with({authority}, "GET", ""), 400},
      {with({authority}, "GET", "/a b"), 400},
      {with({authority}, "GET", "/a\r\nX: y"), 400},
      {with({authority}, "GET", "*"), 400},
      {with({authority}, "G ET"), 400},
      {with({authority}, std::string(33, 'M')), 400},
      {with({authority}, "CONNECT"), 501},
      {with({authority, {"x", "a\r\nb: c"}}), 400},
      {with({authority, {"x y", "a"}}), 400},
      {with({authority, {"expect", "wonders"}}), 417},
      {with({authority, {"x", std::string(1000, 'x')}}), 431},
  };
  for (const auto& [fields, status] : cases) {
    const auto failure = read(fields);
    ASSERT_TRUE(failure) << fields.back().first << " " << fields.back().second;
    EXPECT_EQ(failure->status, status) << failure->why;
  }
  EXPECT_FALSE(read(with({authority}, "OPTIONS", "*")));
}

TEST(Http2Request, CountsFieldsAndWhatTheyCostWithoutBytes) {
  Http2Request reader(64u << 10);
  for (const auto& [name, value] : with({{":authority", "h"}})) reader.add(name, value);
  for (int i = 0; i < 300; ++i) reader.add("x", "");
  EXPECT_EQ(reader.finish()->status, 431);
}

}  // namespace
}  // namespace stator::http::detail
