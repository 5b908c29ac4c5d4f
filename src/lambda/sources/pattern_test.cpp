#include "lambda/sources/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stator::lambda::sources {
namespace {

bool matches(const std::string& pattern, const std::string& event) {
  const auto parsed = Pattern::parse(pattern);
  EXPECT_TRUE(parsed.has_value()) << pattern;
  const auto value = json::parse(event);
  EXPECT_TRUE(value.has_value()) << event;
  return parsed && value && parsed->matches(*value);
}

struct Case {
  const char* pattern;
  const char* event;
  bool is_match;
};

const Case kCases[] = {
    // Exact values; a list in the pattern means any of them.
    {R"({"a":["x"]})", R"({"a":"x"})", true},
    {R"({"a":["x"]})", R"({"a":"y"})", false},
    {R"({"a":["x"]})", R"({"b":"x"})", false},
    {R"({"a":["x","y"]})", R"({"a":"y"})", true},
    {R"({"a":[""]})", R"({"a":""})", true},
    {R"({"a":[""]})", R"({"a":" "})", false},
    {R"({"a":[null]})", R"({"a":null})", true},
    {R"({"a":[null]})", R"({})", false},
    {R"({"a":[true]})", R"({"a":true})", true},
    {R"({"a":[true]})", R"({"a":"true"})", false},
    {R"({"a":[100]})", R"({"a":100.0})", true},
    {R"({"a":[100]})", R"({"a":1e2})", true},
    {R"({"a":[100]})", R"({"a":"100"})", false},
    // Every member must match; nested objects descend.
    {R"({"a":["x"],"b":["y"]})", R"({"a":"x","b":"y","c":1})", true},
    {R"({"a":["x"],"b":["y"]})", R"({"a":"x","b":"z"})", false},
    {R"({"a":{"b":{"c":["x"]}}})", R"({"a":{"b":{"c":"x"}}})", true},
    {R"({"a":{"b":["x"]}})", R"({"a":"x"})", false},
    // Texts.
    {R"({"a":[{"prefix":"ab"}]})", R"({"a":"abc"})", true},
    {R"({"a":[{"prefix":"ab"}]})", R"({"a":"Abc"})", false},
    {R"({"a":[{"prefix":"ab"}]})", R"({"a":"a"})", false},
    {R"({"a":[{"prefix":{"equals-ignore-case":"ab"}}]})", R"({"a":"ABC"})", true},
    {R"({"a":[{"prefix":{"equals-ignore-case":"ab"}}]})", R"({"a":"A"})", false},
    {R"({"a":[{"suffix":"bc"}]})", R"({"a":"abc"})", true},
    {R"({"a":[{"suffix":"bc"}]})", R"({"a":"c"})", false},
    {R"({"a":[{"suffix":{"equals-ignore-case":"bc"}}]})", R"({"a":"aBC"})", true},
    {R"({"a":[{"suffix":{"equals-ignore-case":"bc"}}]})", R"({"a":"C"})", false},
    {R"({"a":[{"equals-ignore-case":"aBc"}]})", R"({"a":"AbC"})", true},
    {R"({"a":[{"equals-ignore-case":"aBc"}]})", R"({"a":"AbCd"})", false},
    {R"({"a":[{"wildcard":"a*c"}]})", R"({"a":"abbc"})", true},
    {R"({"a":[{"wildcard":"a*c"}]})", R"({"a":"abcd"})", false},
    {R"({"a":[{"wildcard":"*a*b"}]})", R"({"a":"xaxaxb"})", true},
    {R"({"a":[{"wildcard":"a?c"}]})", R"({"a":"abc"})", false},
    {R"({"a":[{"wildcard":"a\\*c"}]})", R"({"a":"a*c"})", true},
    {R"({"a":[{"wildcard":"a\\*c"}]})", R"({"a":"abc"})", false},
    {R"({"a":[{"prefix":"1"}]})", R"({"a":1})", false},
    // Numbers.
    {R"({"a":[{"numeric":["=",3]}]})", R"({"a":3})", true},
    {R"({"a":[{"numeric":[">",0,"<=",5]}]})", R"({"a":5})", true},
    {R"({"a":[{"numeric":[">",0,"<=",5]}]})", R"({"a":0})", false},
    {R"({"a":[{"numeric":[">=",0,"<",5]}]})", R"({"a":0})", true},
    {R"({"a":[{"numeric":[">=",0,"<",5]}]})", R"({"a":5})", false},
    {R"({"a":[{"numeric":["<",5]}]})", R"({"a":"4"})", false},
    // What is there, and what is not. Objects are no leaves.
    {R"({"a":[{"exists":true}]})", R"({"a":null})", true},
    {R"({"a":[{"exists":true}]})", R"({})", false},
    {R"({"a":[{"exists":true}]})", R"({"a":{"S":"x"}})", false},
    {R"({"a":{"S":[{"exists":true}]}})", R"({"a":{"S":"x"}})", true},
    {R"({"a":[{"exists":false}]})", R"({})", true},
    {R"({"a":[{"exists":false}]})", R"({"a":1})", false},
    {R"({"a":[{"exists":false}]})", R"({"a":[]})", true},
    {R"({"a":{"b":[{"exists":false}]}})", R"({})", true},
    {R"({"a":[{"exists":false},"x"]})", R"({"a":"x"})", true},
    // Anything but.
    {R"({"a":[{"anything-but":"x"}]})", R"({"a":"y"})", true},
    {R"({"a":[{"anything-but":"x"}]})", R"({"a":"x"})", false},
    {R"({"a":[{"anything-but":"x"}]})", R"({})", false},
    {R"({"a":[{"anything-but":["x",1]}]})", R"({"a":1})", false},
    {R"({"a":[{"anything-but":["x",1]}]})", R"({"a":2})", true},
    {R"({"a":[{"anything-but":{"prefix":"x"}}]})", R"({"a":"xy"})", false},
    {R"({"a":[{"anything-but":{"prefix":["x","y"]}}]})", R"({"a":"yz"})", false},
    {R"({"a":[{"anything-but":{"suffix":"x"}}]})", R"({"a":"xy"})", true},
    {R"({"a":[{"anything-but":{"equals-ignore-case":["X"]}}]})", R"({"a":"x"})", false},
    {R"({"a":[{"anything-but":{"wildcard":"*y*"}}]})", R"({"a":"xyz"})", false},
    // Lists in the event: one element is enough, and an object of a list matches as a whole.
    {R"({"a":["x"]})", R"({"a":["w","x"]})", true},
    {R"({"a":[{"anything-but":"x"}]})", R"({"a":["x","y"]})", true},
    {R"({"a":{"b":[1],"c":[2]}})", R"({"a":[{"b":1,"c":0},{"b":0,"c":2}]})", false},
    {R"({"a":{"b":[1],"c":[2]}})", R"({"a":[{"b":0},{"b":1,"c":2}]})", true},
    // Alternatives.
    {R"({"$or":[{"a":["x"]},{"b":["y"]}]})", R"({"b":"y"})", true},
    {R"({"$or":[{"a":["x"]},{"b":["y"]}]})", R"({"a":"y","b":"x"})", false},
    {R"({"c":[1],"$or":[{"a":["x"]},{"b":["y"]}]})", R"({"a":"x","c":2})", false},
    {R"({"c":[1],"$or":[{"a":["x"]},{"b":["y"]}]})", R"({"a":"x","c":1})", true},
    // As users of streams write them.
    {R"({"userIdentity":{"type":["Service"],"principalId":["dynamodb.amazonaws.com"]}})",
     R"({"eventName":"REMOVE","userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"}})",
     true},
    {R"({"eventName":["INSERT"],"dynamodb":{"NewImage":{"age":{"N":[{"anything-but":["7"]}]}}}})",
     R"({"eventName":"INSERT","dynamodb":{"NewImage":{"age":{"N":"8"}}}})", true},
};

TEST(Pattern, MatchesAsEventBridgeDoes) {
  for (const Case& one : kCases) {
    EXPECT_EQ(matches(one.pattern, one.event), one.is_match) << one.pattern << "\n" << one.event;
  }
}

TEST(Pattern, RefusesWhatIsNone) {
  const std::string deep = [] {
    std::string text = R"(["x"])";
    for (int i = 0; i < 40; ++i) text = R"({"a":)" + text + "}";
    return text;
  }();
  const std::string bad[] = {"",
                             "[]",
                             "{}",
                             "{",
                             R"({"a":"x"})",
                             R"({"a":[]})",
                             R"({"a":{}})",
                             R"({"a":[["x"]]})",
                             R"({"a":[{}]})",
                             R"({"a":[{"prefix":1}]})",
                             R"({"a":[{"prefix":"x","suffix":"y"}]})",
                             R"({"a":[{"prefix":{"wildcard":"x"}}]})",
                             R"({"a":[{"cidr":"10.0.0.0/8"}]})",
                             R"({"a":[{"exists":"yes"}]})",
                             R"({"a":[{"numeric":[]}]})",
                             R"({"a":[{"numeric":[">"]}]})",
                             R"({"a":[{"numeric":["~",1]}]})",
                             R"({"a":[{"numeric":[">","1"]}]})",
                             R"({"a":[{"numeric":[">",1,">",2]}]})",
                             R"({"a":[{"numeric":["=",1,"<",2]}]})",
                             R"({"a":[{"anything-but":[]}]})",
                             R"({"a":[{"anything-but":[null]}]})",
                             R"({"a":[{"anything-but":{"exists":true}}]})",
                             R"({"a":[{"wildcard":"a**"}]})",
                             R"({"a":[{"wildcard":"a\\b"}]})",
                             R"({"a":[{"wildcard":"a\\"}]})",
                             R"({"$or":[{"a":["x"]}]})",
                             R"({"$or":{"a":["x"]}})",
                             R"({"$or":[{"a":["x"]},"y"]})",
                             deep,
                             R"({"a":[")" + std::string(4'096, 'x') + R"("]})"};
  for (const auto& text : bad) {
    const auto parsed = Pattern::parse(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().aws_type, "InvalidParameterValueException");
    EXPECT_EQ(parsed.error().message, "Invalid filter pattern definition.");
  }
}

}  // namespace
}  // namespace stator::lambda::sources
