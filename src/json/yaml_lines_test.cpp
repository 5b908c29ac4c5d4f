#include "json/yaml_lines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace stator::json {
namespace {

constexpr std::string_view kYaml = R"(# a comment
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AmazonDynamoDBReadOnlyAccess
        - Statement:
            - Effect: Allow
              Action: !Sub "a:${B}"
            - Effect: Deny
        - DynamoDBReadPolicy: {TableName: !Ref T}
  Role:
    Properties:
      Policies:
        - PolicyName: one
          PolicyDocument:
            Statement:
              Effect: Allow
)";

struct Case {
  const char* name;
  std::vector<std::string> path;
  std::optional<std::size_t> line;
};

/// Its name, where the test's own name would show its bytes.
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class TemplateLines : public ::testing::TestWithParam<Case> {};

TEST_P(TemplateLines, FindsTheLine) {
  EXPECT_EQ(line_of(kYaml, GetParam().path), GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(
    All, TemplateLines,
    ::testing::Values(Case{"Resource", {"Resources", "Hello"}, 3},
                      Case{"Item", {"Resources", "Hello", "Properties", "Policies", "0"}, 7},
                      Case{"Statement",
                           {"Resources", "Hello", "Properties", "Policies", "1", "Statement", "1"},
                           11},
                      Case{"PolicyTemplate",
                           {"Resources", "Hello", "Properties", "Policies", "2", "Statement", "0"},
                           12},
                      Case{"OneStatementIsAListOfOne",
                           {"Resources", "Role", "Properties", "Policies", "0", "PolicyDocument",
                            "Statement", "0", "Effect"},
                           19},
                      Case{
                          "BeyondTheEnd", {"Resources", "Hello", "Properties", "Policies", "9"}, 6},
                      Case{"NoSuchResource", {"Resources", "Other", "Properties"}, 2},
                      Case{"NoSuchSection", {"Outputs", "Hello"}, std::nullopt}),
    [](const auto& one) { return one.param.name; });

TEST(TemplateLines, ReadsJsonToo) {
  const std::vector<std::string> path{"Resources", "Hello", "Properties"};
  EXPECT_EQ(line_of("{\n\"Resources\": {\n\"Hello\": {\n\"Properties\": {}}}}", path), 4U);
}

TEST(TemplateLines, SaysNothingOfWhatIsNoTemplate) {
  const std::vector<std::string> path{"Resources"};
  EXPECT_EQ(line_of("a: [", path), std::nullopt);
  EXPECT_EQ(line_of("", path), std::nullopt);
}

}  // namespace
}  // namespace stator::json
