#include "cli/deploy/package.hpp"

#include <gtest/gtest.h>

#include "cli/deploy/test_aws.hpp"

namespace stator::cli {
namespace {

class PackageTest : public testing::Test {
 protected:
  PackageTest() { directory_.write("code/bootstrap", "#!/bin/sh\n"); }

  Result<Packaged> run(std::string_view text) {
    AwsClient client(bucket_.aws().connection(), clock_);
    Artifacts artifacts(client);
    return package(*json::parse_object(text), directory_.path(), artifacts, cache_);
  }
  std::size_t asked_to_put() {
    std::size_t count = 0;
    for (const auto& request : bucket_.aws().asked()) count += request.method == "PUT" ? 1 : 0;
    return count;
  }

  TestDirectory directory_;
  FakeBucket bucket_;
  SystemClock clock_;
  PackageCache cache_{"", clock_};
};

TEST_F(PackageTest, UploadsEachPackageOnceAndPutsItsPlaceIntoTheTemplate) {
  constexpr std::string_view kTemplate = R"({"Resources":{
    "A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"code"}},
    "B":{"Type":"AWS::Lambda::Function","Properties":{"Code":"code/"}},
    "C":{"Type":"AWS::DynamoDB::Table","Properties":{"CodeUri":"code"}}}})";
  const auto first = run(kTemplate);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->uploaded, 1u);
  ASSERT_EQ(first->paths.size(), 2u);
  EXPECT_EQ(first->paths[0].resource, "A");
  const std::string body = json::dump(first->template_body);
  EXPECT_NE(body.find("s3://stator-artifacts-123-us-east-1/"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("S3Bucket":"stator-artifacts-123-us-east-1")"), std::string::npos);
  EXPECT_NE(body.find(R"("C":{"Type":"AWS::DynamoDB::Table","Properties":{"CodeUri":"code"}})"),
            std::string::npos);
  EXPECT_EQ(bucket_.objects().size(), 2u);  // the bucket and one zip

  const auto second = run(kTemplate);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->uploaded, 0u);
  EXPECT_EQ(json::dump(second->template_body), body);
}

TEST_F(PackageTest, NamesResourceAndPathOfWhatIsMissing) {
  const auto outcome = run(
      R"({"Resources":{"A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"no"}}}})");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kNotFound);
  EXPECT_NE(outcome.error().message.find("resource A: CodeUri 'no'"), std::string::npos)
      << outcome.error().message;
}

TEST_F(PackageTest, LeavesWhatIsInS3Alone) {
  const auto outcome = run(
      R"({"Resources":{"A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"s3://b/k"}}}})");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->uploaded, 0u);
  EXPECT_TRUE(bucket_.objects().empty());
}

TEST_F(PackageTest, PackagesWhatGlobalsAndNestedTemplatesName) {
  directory_.write("child/template.yaml",
                   "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
                   "    Properties: {CodeUri: ../code}\n");
  const auto outcome = run(R"({"Globals":{"Function":{"CodeUri":"code"}},"Resources":{
    "Child":{"Type":"AWS::CloudFormation::Stack",
             "Properties":{"TemplateURL":"child/template.yaml"}}}})");
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->uploaded, 2u);  // one zip, one template
  const std::string body = json::dump(outcome->template_body);
  EXPECT_NE(body.find(R"("CodeUri":"s3://stator-artifacts-123-us-east-1/)"), std::string::npos);
  EXPECT_NE(body.find(bucket_.aws().url() + "/stator-artifacts-123-us-east-1/"), std::string::npos)
      << body;
  std::size_t nested = 0;
  for (const auto& [target, contents] : bucket_.objects()) {
    if (!target.ends_with(".template")) continue;
    ++nested;
    EXPECT_NE(contents.find("s3://stator-artifacts-123-us-east-1/"), std::string::npos);
  }
  EXPECT_EQ(nested, 1u);
}

TEST_F(PackageTest, UploadsAgainWhatIsGoneFromTheBucket) {
  constexpr std::string_view kTemplate =
      R"({"Resources":{"A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"code"}}}})";
  ASSERT_TRUE(run(kTemplate));
  const auto seen = fingerprint_of(directory_.path() / "code");
  ASSERT_TRUE(seen);
  const auto zips = bucket_.objects();
  bucket_.objects().clear();
  const auto again = run(kTemplate);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->uploaded, 1u);
  EXPECT_EQ(bucket_.objects(), zips);
}

TEST_F(PackageTest, PacksWhatTheCacheRemembersWronglyAsItIs) {
  constexpr std::string_view kTemplate =
      R"({"Resources":{"A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"code"}}}})";
  auto seen = fingerprint_of(directory_.path() / "code");
  ASSERT_TRUE(seen);
  seen->newest_ns = 0;
  cache_.put(directory_.path() / "code", *seen, std::string(64, 'a'));
  const auto outcome = run(kTemplate);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->uploaded, 1u);
  EXPECT_FALSE(bucket_.objects().contains("/stator-artifacts-123-us-east-1/" +
                                          std::string(64, 'a') + ".zip"));
}

TEST(LocalPaths, AreThoseOfTheTemplate) {
  const auto body = json::parse_object(R"({"Resources":{
    "A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"./a"}},
    "B":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"s3://b/k"}}}})");
  const auto paths = local_paths(*body, "/project");
  ASSERT_EQ(paths.size(), 1u);
  EXPECT_EQ(paths[0].path, "/project/a");
}

}  // namespace
}  // namespace stator::cli
