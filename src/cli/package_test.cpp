#include "cli/package.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "http/server.hpp"

namespace stator::cli {
namespace {

/// A server that is just enough of S3 and STS to upload to.
class FakeAws {
 public:
  FakeAws()
      : logger_(clock_, log::Level::kError, log::stderr_sink()),
        server_(
            {.loops = 1},
            [this](http::Request&& request, http::Responder responder) {
              std::move(responder).send(answer(request));
            },
            clock_, logger_) {
    server_.start();
  }
  ~FakeAws() { server_.stop(std::chrono::milliseconds(0)); }

  [[nodiscard]] Connection connection() const {
    return {"http://127.0.0.1:" + std::to_string(server_.port()),
            {{"AKIATEST"}, {"secret"}},
            "us-east-1"};
  }
  std::map<std::string, std::string> objects() {
    const std::lock_guard lock(mutex_);
    return objects_;
  }

 private:
  http::Response answer(const http::Request& request) {
    const std::lock_guard lock(mutex_);
    if (request.method == "POST") {
      return {200,
              {},
              "<R><GetCallerIdentityResult><Account>123</Account>"
              "</GetCallerIdentityResult></R>"};
    }
    if (request.method == "PUT") {
      objects_[request.target] = request.body;
      return {200, {}, ""};
    }
    return {objects_.contains(request.target) ? 200 : 404, {}, ""};
  }

  SystemClock clock_;
  log::Logger logger_;
  std::mutex mutex_;
  std::map<std::string, std::string> objects_;
  http::Server server_;
};

class PackageTest : public testing::Test {
 protected:
  PackageTest() {
    SystemRandom random;
    root_ = std::filesystem::temp_directory_path() /
            ("stator-package-" + random_text(random, kLowerAlnum, 12));
    std::filesystem::create_directories(root_ / "code");
    std::ofstream(root_ / "code" / "bootstrap") << "#!/bin/sh\n";
  }
  ~PackageTest() override { std::filesystem::remove_all(root_); }

  Result<Packaged> run(std::string_view text) {
    AwsClient client(aws_.connection(), clock_);
    return package(*json::parse_object(text), root_, client);
  }

  FakeAws aws_;
  SystemClock clock_;
  std::filesystem::path root_;
};

TEST_F(PackageTest, UploadsEachPackageOnceAndPutsItsPlaceIntoTheTemplate) {
  constexpr std::string_view kTemplate = R"({"Resources":{
    "A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"code"}},
    "B":{"Type":"AWS::Lambda::Function","Properties":{"Code":"code/"}},
    "C":{"Type":"AWS::DynamoDB::Table","Properties":{"CodeUri":"code"}}}})";
  const auto first = run(kTemplate);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->uploaded, 1u);
  const std::string body = json::dump(first->template_body);
  EXPECT_NE(body.find("s3://stator-artifacts-123-us-east-1/"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("S3Bucket":"stator-artifacts-123-us-east-1")"), std::string::npos);
  EXPECT_NE(body.find(R"("C":{"Type":"AWS::DynamoDB::Table","Properties":{"CodeUri":"code"}})"),
            std::string::npos);
  EXPECT_EQ(aws_.objects().size(), 2u);  // the bucket and one zip

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
  EXPECT_TRUE(aws_.objects().empty());
}

}  // namespace
}  // namespace stator::cli
