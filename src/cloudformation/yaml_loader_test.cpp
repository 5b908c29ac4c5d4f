#include "cloudformation/yaml_loader.hpp"

#include <gtest/gtest.h>

namespace stator::cloudformation {
namespace {

struct Case {
  const char* yaml;
  const char* json;
};

TEST(YamlLoader, ReadsScalarsAsCloudFormationDoes) {
  for (const Case& c : {
           Case{"a: 1", R"({"a":1})"},
           Case{"a: -7", R"({"a":-7})"},
           Case{"a: 1.5", R"({"a":1.5E0})"},
           Case{"a: '1'", R"({"a":"1"})"},
           Case{"a: \"true\"", R"({"a":"true"})"},
           Case{"a: true", R"({"a":true})"},
           Case{"a: 2012-10-17", R"({"a":"2012-10-17"})"},
           Case{"a: 000000000000", R"({"a":"000000000000"})"},
           Case{"a: 1.2.3", R"({"a":"1.2.3"})"},
           Case{"a: ~", R"({"a":null})"},
           Case{"a:", R"({"a":null})"},
           Case{"a: [x, 2]", R"({"a":["x",2]})"},
           Case{"a: >-\n  two\n  lines", R"({"a":"two lines"})"},
       }) {
    const auto loaded = load_template(c.yaml);
    ASSERT_TRUE(loaded) << c.yaml << ": " << loaded.error().message;
    EXPECT_EQ(json::dump(*loaded), c.json) << c.yaml;
  }
}

TEST(YamlLoader, GivesEveryShortTagItsLongForm) {
  for (const Case& c : {
           Case{"a: !Ref B", R"({"a":{"Ref":"B"}})"},
           Case{"a: !GetAtt B.Arn", R"({"a":{"Fn::GetAtt":["B","Arn"]}})"},
           Case{"a: !GetAtt B.Outputs.C", R"({"a":{"Fn::GetAtt":["B","Outputs.C"]}})"},
           Case{"a: !GetAtt [B, Arn]", R"({"a":{"Fn::GetAtt":["B","Arn"]}})"},
           Case{"a: !Sub '${B}-c'", R"({"a":{"Fn::Sub":"${B}-c"}})"},
           Case{"a: !Join ['-', [!Ref B, c]]", R"({"a":{"Fn::Join":["-",[{"Ref":"B"},"c"]]}})"},
           Case{"a: !If [C, 1, !Ref AWS::NoValue]",
                R"({"a":{"Fn::If":["C",1,{"Ref":"AWS::NoValue"}]}})"},
           Case{"a: !Not [!Condition C]", R"({"a":{"Fn::Not":[{"Condition":"C"}]}})"},
           Case{"a: !Length [b]", R"({"a":{"Fn::Length":["b"]}})"},
           Case{"a: !ToJsonString {b: 1}", R"({"a":{"Fn::ToJsonString":{"b":1}}})"},
           Case{"a: !Contains [[b], c]", R"({"a":{"Fn::Contains":[["b"],"c"]}})"},
       }) {
    const auto loaded = load_template(c.yaml);
    ASSERT_TRUE(loaded) << c.yaml << ": " << loaded.error().message;
    EXPECT_EQ(json::dump(*loaded), c.json) << c.yaml;
  }
}

TEST(YamlLoader, RefusesWhatIsNoTemplateAndSaysWhere) {
  for (const Case& c : {
           Case{"a: [", "YAML not well-formed. (line"},
           Case{"{\"a\":", "JSON not well-formed. (line 1, column 6)"},
           Case{"{\"a\": 1,\n \"b\": x}", "JSON not well-formed. (line 2, column 7)"},
           Case{"- a", "unsupported structure"},
           Case{"", "unsupported structure"},
           Case{"just text", "unsupported structure"},
           Case{"a: 1\na: 2", "duplicate key 'a'. (line 2, column 1)"},
           Case{"a: !Reff B", "unknown tag !Reff. (line 1, column 4)"},
           Case{"a: !GetAtt B", "!GetAtt takes Resource.Attribute"},
           Case{"a: &x {b: 1}\nc:\n  <<: *x", "merge keys"},
           Case{"? [a]\n: 1", "a key that is not a text"},
       }) {
    const auto loaded = load_template(c.yaml);
    ASSERT_FALSE(loaded) << c.yaml;
    EXPECT_EQ(loaded.error().aws_type, "ValidationError");
    EXPECT_NE(loaded.error().message.find(c.json), std::string::npos) << loaded.error().message;
    EXPECT_EQ(loaded.error().message.rfind("Template format error: ", 0), 0u);
  }
}

TEST(YamlLoader, BoundsDepthAndAliases) {
  EXPECT_FALSE(load_template("a: " + std::string(500, '[') + std::string(500, ']')));
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string previous = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) laughs += previous + ", ";
    laughs += previous + "]\n";
  }
  const auto loaded = load_template(laughs);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("nodes"), std::string::npos);
  EXPECT_FALSE(load_template(std::string((1u << 20) + 1, 'a')));
}

TEST(YamlLoader, ReadsJsonTemplates) {
  EXPECT_EQ(json::dump(*load_template(" {\"Resources\": {\"A\": {\"Type\": \"T\"}}}")),
            R"({"Resources":{"A":{"Type":"T"}}})");
}

}  // namespace
}  // namespace stator::cloudformation
