#include "cli/init/project.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "cli/deploy/package.hpp"
#include "cli/deploy/template_file.hpp"
#include "cli/deploy/test_aws.hpp"
#include "cloudformation/expansion.hpp"

namespace stator::cli {
namespace {

class ProjectTest : public testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static ProjectOptions options(const char* kind) {
    return {.kind = kind, .architecture = "arm64", .runtime = "python3.12", .has_boto3 = true};
  }
};

TEST_P(ProjectTest, IsATemplateThatExpandsWithAllThatItNames) {
  const TestDirectory directory;
  const auto root = directory.path() / "my-items";
  const auto written = write_project(root, options(GetParam()));
  ASSERT_TRUE(written) << written.error().message;
  for (const std::string& path : *written) {
    const auto text = read_file(root / path);
    ASSERT_TRUE(text) << path;
    EXPECT_EQ(text->find("@NAME@"), std::string::npos) << path;
    EXPECT_EQ(text->find("@RUNTIME@"), std::string::npos) << path;
  }
  const auto file = read_template_file("", root);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(default_stack_name(*file), "my-items");
  const auto expansion = cloudformation::expand_text(json::dump(with_pretended_places(file->body)),
                                                     {}, {"s", "arn:s", "1", "us-east-1"});
  EXPECT_TRUE(expansion) << expansion.error().message;
  for (const LocalPath& each : local_paths(file->body, root)) {
    // What a compiler makes is not there yet, but CMakeLists.txt says that it will be.
    const std::string path = each.path.lexically_relative(root).string();
    const bool is_built = path.starts_with("build/");
    EXPECT_TRUE(is_built || std::filesystem::is_directory(each.path)) << path;
  }
  EXPECT_TRUE(std::filesystem::exists(root / ".gitignore"));
}
INSTANTIATE_TEST_SUITE_P(Kinds, ProjectTest, testing::Values("cpp", "python", "empty"));

TEST_F(ProjectTest, NamesTheMachinesArchitecture) {
  for (const char* kind : {"cpp", "python"}) {
    const TestDirectory directory;
    ASSERT_TRUE(write_project(directory.path(), options(kind)));
    const auto text = read_file(directory.path() / "template.yaml");
    EXPECT_NE(text->find("Architectures: [arm64]"), std::string::npos) << kind;
  }
}

TEST_F(ProjectTest, OverwritesNothingAndLeavesNothingHalfWritten) {
  const TestDirectory directory;
  directory.write("list/app.py", "mine");
  const auto written = write_project(directory.path(), options("python"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kConflict);
  EXPECT_NE(written.error().message.find("list/app.py is there already"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "template.yaml"));
  EXPECT_EQ(*read_file(directory.path() / "list/app.py"), "mine");
}

TEST_F(ProjectTest, TakesThePythonThatHasBoto3) {
  const auto chosen = choose_python([](const std::string& name) { return name == "python3.12"; });
  EXPECT_EQ(chosen.identifier, "python3.12");
  EXPECT_TRUE(chosen.has_boto3);
  EXPECT_FALSE(choose_python([](const std::string&) { return false; }).has_boto3);
}

}  // namespace
}  // namespace stator::cli
