#include "json/yaml.hpp"

#include <gtest/gtest.h>

namespace stator::json {
namespace {

TEST(Yaml, ReadsWhatItWrites) {
  for (const char* text : {
           R"({})",
           R"([])",
           R"("text")",
           R"({"a":{},"b":[],"c":null,"d":true,"e":-7,"f":"12","g":"true","h":"","i":" x "})",
           R"({"a":[1,[2,[3]],{"b":[{"c":"d","e":"f"},"g"]}]})",
           R"({"/items/{id}":{"$ref":"#/a"},"a b":1,"200":"x","yes":"no","-":1,"null":2})",
           R"({"a":"line\nline\t\"quoted\" \\ back: # no comment","b":"\u0001\u001f"})",
           "{\"a\":\"\xc3\xa9 \xe2\x82\xac\"}",
       }) {
    const Value value = *parse(text);
    const std::string yaml = dump_yaml(value);
    const auto read = parse_yaml(yaml);
    ASSERT_TRUE(read) << yaml << read.error().message;
    EXPECT_EQ(*read, value) << yaml;
  }
}

TEST(Yaml, WritesBlocks) {
  EXPECT_EQ(dump_yaml(*parse(R"({"a":{"b":["x",{"c":1,"d":[]}]},"/e":{}})")),
            "a:\n  b:\n    - \"x\"\n    - c: 1\n      d: []\n\"/e\": {}\n");
}

TEST(Yaml, SaysWhereAFaultIs) {
  const auto unknown = parse_yaml("a:\n  b: !Ref x");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "unknown tag !Ref. (line 2, column 6)");
  EXPECT_FALSE(parse_yaml("a: [1, 2, 3]", {.nodes_max = 4}));
  EXPECT_TRUE(parse_yaml("a: [1, 2, 3]", {.nodes_max = 5}));
  EXPECT_FALSE(parse_yaml("a: {b: {c: 1}}", {.depth_max = 2}));
}

}  // namespace
}  // namespace stator::json
