#include "cli/check/checker.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "base/file.hpp"
#include "cli/check/runtimes.hpp"
#include "cli/deploy/test_aws.hpp"

namespace stator::cli {
namespace {

class CheckerTest : public testing::Test {
 protected:
  CheckerTest() { directory_.write("code/app.py", "def handler(e, c): pass\n"); }

  std::string run(const std::string& text) {
    directory_.write("template.yaml", text);
    const auto file = read_template_file("", directory_.path());
    EXPECT_TRUE(file) << file.error().message;
    std::ostringstream out;
    print_findings(out, *file, Checker(*file, {}, clock_).run());
    return out.str();
  }
  /// A function with further properties.
  std::string function(const std::string& properties, const std::string& runtime = "python3.13") {
    return run(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: " +
        runtime + "\n      Handler: app.handler\n      CodeUri: code/\n" + properties);
  }
  void write_executable(const std::string& name, const std::string& contents) {
    std::filesystem::permissions(directory_.write(name, contents),
                                 std::filesystem::perms::owner_all);
  }

  TestDirectory directory_;
  FakeClock clock_;  // 2026-01-02
};

testing::AssertionResult has(const std::string& text, const std::string& words) {
  if (text.find(words) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no '" << words << "' in:\n" << text;
}

TEST_F(CheckerTest, FindsNothingToRefuseInAGoodTemplate) {
  const std::string report = function("      MemorySize: 256\n");
  EXPECT_TRUE(has(report, "nothing found that AWS refuses"));
  EXPECT_TRUE(has(report, "template.yaml: note      needs CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND"));
}

TEST_F(CheckerTest, NamesTheLineOfWhatAwsRefuses) {
  const struct {
    const char* properties;
    const char* finding;
  } kCases[] = {
      {"      MemorySize: 64\n", "template.yaml:9: refused   F: MemorySize must be 128 to 10240"},
      {"      Timeout: 901\n", "template.yaml:9: refused   F: Timeout must be 1 to 900"},
      {"      Environment: {Variables: {AWS_REGION: x}}\n",
       "template.yaml:9: refused   F: the variable AWS_REGION is Lambda's own"},
      {"      Layers: [a:1, a:2, a:3, a:4, a:5, a:6]\n",
       "template.yaml:9: refused   F: a function has at most five layers"},
      {"      Tags: {'stator:network': host}\n",
       "template.yaml:9: different F: tags that begin with stator:"},
  };
  for (const auto& each : kCases) EXPECT_TRUE(has(function(each.properties), each.finding));
}

TEST_F(CheckerTest, KnowsWhenARuntimeEnds) {
  EXPECT_TRUE(has(function("", "nodejs18.x"),
                  "note      F: nodejs18.x is deprecated since "
                  "2025-09-01; no new functions after 2026-06-01"));
  clock_.advance(std::chrono::hours(24 * 200));
  EXPECT_TRUE(has(function("", "nodejs18.x"),
                  "template.yaml:6: refused   F: AWS makes no new functions of nodejs18.x since "
                  "2026-06-01 and updates none since 2026-07-01"));
  EXPECT_TRUE(has(function("", "python3.13"), "nothing found that AWS refuses"));
  for (const RuntimeFacts& facts : runtime_facts()) {
    EXPECT_LE(facts.deprecated, facts.create_blocked) << facts.identifier;
    EXPECT_LE(facts.create_blocked, facts.update_blocked) << facts.identifier;
  }
}

TEST_F(CheckerTest, LooksIntoTheCodeOfOwnRuntimes) {
  EXPECT_TRUE(has(function("", "provided.al2023"), "there is no executable named bootstrap"));
  directory_.write("code/bootstrap", "#!/bin/sh\n");
  EXPECT_TRUE(has(function("", "provided.al2023"), "bootstrap is not executable"));
  write_executable("code/bootstrap", "#!/bin/sh\n");
  EXPECT_TRUE(has(function("", "provided.al2023"), "nothing found that AWS refuses"));
}

TEST_F(CheckerTest, ComparesProgramsWithTheFunctionsMachine) {
  std::string program = *read_file("/proc/self/exe");
#if defined(__aarch64__)
  const std::string own = "arm64", other = "x86_64";
#else
  const std::string own = "x86_64", other = "arm64";
#endif
  write_executable("code/bootstrap", program);
  const std::string wrong = function("      Architectures: [" + other + "]\n", "provided.al2023");
  EXPECT_TRUE(has(wrong, "template.yaml:9: refused   F: bootstrap is for " + own +
                             ", the function for " + other));
  // This test is linked with libraries that Lambda's Linux does not have.
  const std::string right = function("      Architectures: [" + own + "]\n", "provided.al2023");
  EXPECT_TRUE(has(right, "different F: bootstrap needs lib")) << right;
}

TEST_F(CheckerTest, SaysWhatCannotBeExpandedOrFound) {
  EXPECT_TRUE(has(run("Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n"
                      "    Type: AWS::Serverless::Function\n    Properties:\n"
                      "      CodeUri: nowhere/\n      Handler: a.b\n      Runtime: python3.13\n"),
                  "no such file or directory"));
  const std::string report =
      run("Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n"
          "    Type: AWS::Serverless::Function\n    Properties:\n      Nonsense: 1\n");
  EXPECT_TRUE(has(report, "refused"));
  EXPECT_TRUE(has(report, "1 thing that AWS refuses"));
}

TEST_F(CheckerTest, ResolvesParametersWithDefaults) {
  const std::string report =
      run("Parameters:\n  Memory: {Type: Number, Default: 64}\nResources:\n  F:\n"
          "    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.13\n"
          "      Handler: app.handler\n      Role: arn\n      Code: code/\n"
          "      MemorySize: !Ref Memory\n");
  EXPECT_TRUE(has(report, "template.yaml:11: refused   F: MemorySize must be 128 to 10240"));
}

}  // namespace
}  // namespace stator::cli
