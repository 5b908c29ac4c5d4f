#include "aws/proxy_answer.hpp"

#include <gtest/gtest.h>

namespace stator::aws {
namespace {

std::string shown(const http::Response& response) {
  std::string text = std::to_string(response.status);
  for (const auto& [name, value] : response.headers.fields()) text += " " + name + "=" + value;
  return text + " | " + response.body;
}

TEST(ProxyAnswer, FollowsFormatTwo) {
  struct Case {
    const char *payload, *response;
  };
  const char* const kBroken = "broken";
  for (
      const Case& c : {
          Case{R"({"statusCode":201,"headers":{"X-A":"b","N":7,"D":1.5,"T":true},"body":"hi"})",
               "201 X-A=b N=7 D=1.5 T=true content-type=text/plain;charset=UTF-8 | hi"},
          Case{R"({"statusCode":"204"})", "204 | "},
          Case{R"({"statusCode":200,"body":"aGk=","isBase64Encoded":true})",
               "200 content-type=text/plain;charset=UTF-8 | hi"},
          Case{
              R"({"statusCode":200,"cookies":["a=1; Secure","b=2"],"headers":{"content-type":"x/y"}})",
              "200 content-type=x/y set-cookie=a=1; Secure set-cookie=b=2 | "},
          Case{R"({"statusCode":200,"headers":{"Content-Length":"99"},"body":null})", "200 | "},
          // Inferred: no statusCode.
          Case{R"({"a":1})", R"(200 content-type=application/json | {"a":1})"},
          Case{R"("hello")", "200 content-type=application/json | hello"},
          Case{R"(3.5)", "200 content-type=application/json | 3.5"},
          Case{R"([1,true,null])", "200 content-type=application/json | [1,true,null]"},
          Case{R"(null)", "200 content-type=application/json | null"},
          // Broken.
          Case{"", kBroken},
          Case{"not json", kBroken},
          Case{R"({"statusCode":"ok"})", kBroken},
          Case{R"({"statusCode":99})", kBroken},
          Case{R"({"statusCode":600})", kBroken},
          Case{R"({"statusCode":4294967496})", kBroken},
          Case{R"({"statusCode":null})", kBroken},
          Case{R"({"statusCode":200,"body":{"a":1}})", kBroken},
          Case{R"({"statusCode":200,"body":"?","isBase64Encoded":true})", kBroken},
          Case{R"({"statusCode":200,"headers":{"A":["b"]}})", kBroken},
          Case{R"({"statusCode":200,"headers":{"A":"b\r\nC: d"}})", kBroken},
          Case{R"({"statusCode":200,"headers":{"A b":"c"}})", kBroken},
          Case{R"({"statusCode":200,"headers":[]})", kBroken},
          Case{R"({"statusCode":200,"cookies":"a"})", kBroken},
          Case{R"({"statusCode":200,"cookies":["a\nb"]})", kBroken},
      }) {
    const auto response = read_proxy_answer(c.payload);
    EXPECT_EQ(response ? shown(*response) : kBroken, c.response) << c.payload;
  }
}

TEST(ProxyAnswer, FollowsFormatOne) {
  struct Case {
    const char *payload, *response;
  };
  const char* const kBroken = "broken";
  for (const Case& c : {
           Case{R"({"statusCode":201,"headers":{"X-A":"b"},"body":"hi"})",
                "201 X-A=b content-type=text/plain;charset=UTF-8 | hi"},
           Case{R"({"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"],"N":[7]}})",
                "200 Set-Cookie=a=1 Set-Cookie=b=2 N=7 | "},
           Case{R"({"statusCode":200,"headers":{"A":"x"},"multiValueHeaders":{"a":["x","y"]}})",
                "200 A=x a=y | "},
           Case{R"({"statusCode":200,"headers":null,"multiValueHeaders":null,"body":null})",
                "200 | "},
           Case{R"({"statusCode":"200","body":"aGk=","isBase64Encoded":true})",
                "200 content-type=text/plain;charset=UTF-8 | hi"},
           Case{R"({"statusCode":200,"cookies":["a=1"]})", "200 | "},
           Case{R"({"body":"hi"})", kBroken},
           Case{R"("hi")", kBroken},
           Case{R"(null)", kBroken},
           Case{R"({"statusCode":200,"body":{"a":1}})", kBroken},
           Case{R"({"statusCode":200,"multiValueHeaders":{"a":"x"}})", kBroken},
           Case{R"({"statusCode":200,"multiValueHeaders":{"a":[["x"]]}})", kBroken},
           Case{R"({"statusCode":200,"multiValueHeaders":{"a":["x\r\ny"]}})", kBroken},
       }) {
    const auto response = read_proxy_answer_v1(c.payload);
    EXPECT_EQ(response ? shown(*response) : kBroken, c.response) << c.payload;
  }
}

TEST(ProxyAnswer, APreludeIsAnAnswerWithoutItsBody) {
  const auto head = [](const char* prelude) {
    const auto response = read_proxy_head(*json::parse_object(prelude));
    return response ? shown(*response) : "broken";
  };
  EXPECT_EQ(head(R"({"statusCode":201,"headers":{"a":"b"},"cookies":["c=1"],"body":"x"})"),
            "201 a=b set-cookie=c=1 | ");
  EXPECT_EQ(head("{}"), "200 | ");
  EXPECT_EQ(head(R"({"statusCode":1})"), "broken");
  EXPECT_EQ(head(R"({"headers":[]})"), "broken");
}

}  // namespace
}  // namespace stator::aws
