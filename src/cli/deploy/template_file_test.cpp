#include "cli/deploy/template_file.hpp"

#include <gtest/gtest.h>

#include "cli/deploy/test_aws.hpp"

namespace stator::cli {
namespace {

constexpr const char* kTemplate =
    "Transform: AWS::Serverless-2016-10-31\n"
    "Resources:\n"
    "  Get:\n"
    "    Type: AWS::Serverless::Function\n"
    "    Properties:\n"
    "      CodeUri: get/\n"
    "      Timeout: 5\n"
    "  GetMany:\n"
    "    Type: AWS::Serverless::Function\n"
    "    Properties:\n"
    "      CodeUri: many/\n";

TEST(TemplateFile, IsTheFirstOfThreeNamesByDefault) {
  const TestDirectory directory;
  const auto none = read_template_file("", directory.path());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_NE(none.error().message.find("template.yml"), std::string::npos);
  directory.write("template.json", R"({"Resources":{}})");
  EXPECT_EQ(read_template_file("", directory.path())->path.filename(), "template.json");
  directory.write("template.yaml", kTemplate);
  EXPECT_EQ(read_template_file("", directory.path())->path.filename(), "template.yaml");
  EXPECT_EQ(read_template_file("template.json", directory.path())->path.filename(),
            "template.json");
  EXPECT_FALSE(read_template_file("other.yaml", directory.path()));
}

TEST(TemplateFile, NamesTheFileThatIsNoTemplate) {
  const TestDirectory directory;
  directory.write("t.yaml", "Resources:\n  A: !Nonsense x\n");
  const auto file = read_template_file("t.yaml", directory.path());
  ASSERT_FALSE(file);
  EXPECT_TRUE(file.error().message.starts_with("t.yaml: ")) << file.error().message;
}

TEST(TemplateFile, GivesAStackTheNameOfItsDirectory) {
  const struct {
    const char* directory;
    const char* name;
  } kCases[] = {{"/home/a/items", "items"}, {"/home/a/My App_2", "My-App-2"},
                {"/home/a/3d", "stack-3d"}, {"/home/a/.hidden.", "hidden"},
                {"/home/a/---", "stack"},   {"/", "stack"}};
  for (const auto& each : kCases) {
    const TemplateFile file{std::filesystem::path(each.directory) / "template.yaml", "", {}};
    EXPECT_EQ(default_stack_name(file), each.name);
  }
}

TEST(TemplateFile, FindsTheLineOfAResourceAndOfWhatIsMadeOfIt) {
  const TestDirectory directory;
  directory.write("template.yaml", kTemplate);
  const auto file = read_template_file("", directory.path());
  ASSERT_TRUE(file);
  EXPECT_EQ(line_of_resource(*file, "Get"), 3u);
  EXPECT_EQ(line_of_resource(*file, "GetRole"), 3u);
  EXPECT_EQ(line_of_resource(*file, "GetManyRole"), 8u);
  EXPECT_FALSE(line_of_resource(*file, "ServerlessHttpApi"));
  EXPECT_EQ(place_text(*file, 8), "template.yaml:8: ");
  EXPECT_EQ(place_text(*file, std::nullopt), "");
}

TEST(TemplateFile, FindsTheLineThatAMessageIsAbout) {
  const TestDirectory directory;
  directory.write("template.yaml", kTemplate);
  const auto file = read_template_file("", directory.path());
  ASSERT_TRUE(file);
  EXPECT_EQ(line_of_message(*file, "resource Get: Timeout must be a number"), 7u);
  EXPECT_EQ(line_of_message(*file, "Template error: resource GetMany is wrong"), 8u);
  EXPECT_EQ(line_of_message(*file, "[/Resources/GetMany/Properties/CodeUri] is odd"), 11u);
  EXPECT_FALSE(line_of_message(*file, "Templates need resources"));
}

}  // namespace
}  // namespace stator::cli
