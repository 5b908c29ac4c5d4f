// Lambda on real ground: the launcher, a sandbox, and a static program inside it.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include "base/check.hpp"
#include "lambda/test_support.hpp"
#include "sandbox/sandbox.hpp"

namespace stator::lambda::test {
namespace {

/// Made first thing in main(), while the process has one thread.
std::unique_ptr<sandbox::Launcher> the_launcher;
std::string why_not;

std::string read_bootstrap() {
  std::ifstream in(STATOR_E2E_BOOTSTRAP, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class LambdaEndToEnd : public testing::Test {
 protected:
  void SetUp() override {
    if (the_launcher == nullptr) GTEST_SKIP() << why_not;
    FunctionsOptions options;
    options.settling_grace = std::chrono::seconds(30);
    lab = std::make_unique<Lab>(options, the_launcher.get());
    const auto made =
        lab->run("CreateFunction",
                 R"({"FunctionName":"f","Runtime":"provided.al2023","Handler":"h","Timeout":1,)"
                 R"("Environment":{"Variables":{"TABLE":"items"}},)"
                 R"("Role":"arn:aws:iam::000000000000:role/r","Code":{"ZipFile":")" +
                     make_zip_base64({{"bootstrap", read_bootstrap()}}) + "\"}}");
    ASSERT_TRUE(made) << made.error().message;
    lab->serve([this](http::Request&& request, http::Responder responder) {
      const std::string body = asked++ < answers.size() ? answers[asked - 1] : "served ";
      std::move(responder).send(
          http::Response{.status = 200, .body = body == "served " ? body + request.target : body});
    });
  }
  /// A function "g" with these environment variables, and an extension "agent" in a layer.
  void make_extended(const std::string& variables) {
    const auto layer =
        lab->run("PublishLayerVersion",
                 R"({"LayerName":"l","Content":{"ZipFile":")" +
                     make_zip_base64({{"extensions/agent", read_bootstrap()}}) + "\"}}");
    ASSERT_TRUE(layer) << layer.error().message;
    make("g", variables, R"("Layers":["arn:aws:lambda:us-east-1:000000000000:layer:l:1"],)");
  }
  void make(const std::string& name, const std::string& variables,
            const std::string& further = "") {
    const auto made =
        lab->run("CreateFunction",
                 R"({"FunctionName":")" + name +
                     R"(","Runtime":"provided.al2023","Handler":"h","Timeout":5,)" + further +
                     R"("Environment":{"Variables":{)" + variables +
                     R"(}},"Role":"arn:aws:iam::000000000000:role/r","Code":{"ZipFile":")" +
                     make_zip_base64({{"bootstrap", read_bootstrap()}}) + "\"}}");
    ASSERT_TRUE(made) << made.error().message;
  }
  std::string invoke(const std::string& payload) {
    const auto answer = lab->invoke("f", payload);
    return answer ? answer->body : answer.error().message;
  }
  std::atomic<std::size_t> asked{0};
  std::vector<std::string> answers;  ///< of the endpoint, one after another
  std::unique_ptr<Lab> lab;
};

TEST_F(LambdaEndToEnd, RunsAFunctionInItsSandbox) {
  EXPECT_EQ(invoke(R"({"a":1})"), R"({"a":1})");
  EXPECT_EQ(invoke("\"env\""), "\"items\"");
  EXPECT_EQ(invoke("\"aws\""), "\"served /hello\"");
  EXPECT_EQ(lab->functions->instances(), 1u) << "one instance served all three";
}

TEST_F(LambdaEndToEnd, KeepsWhatItPrints) {
  const auto answer = lab->invoke("f", "\"log\"", {{"X-Amz-Log-Type", "Tail"}});
  ASSERT_TRUE(answer);
  const auto tail = base64_decode(answer->headers.get("X-Amz-Log-Result")).value_or("");
  EXPECT_NE(tail.find("Version: $LATEST\nfrom inside\nEND RequestId"), std::string::npos) << tail;
}

TEST_F(LambdaEndToEnd, ACrashFailsOneInvocation) {
  EXPECT_NE(invoke("\"exit\"").find("Runtime exited with error: exit status 7"), std::string::npos);
  EXPECT_EQ(invoke("1"), "1");
}

TEST_F(LambdaEndToEnd, ATimeoutKills) {
  EXPECT_NE(invoke("\"hang\"").find("Task timed out after 1.00 seconds"), std::string::npos);
  EXPECT_EQ(invoke("1"), "1");
}

TEST_F(LambdaEndToEnd, GathersWhatIsStreamed) {
  EXPECT_EQ(invoke("\"stream\""), "onetwo");
  EXPECT_EQ(invoke("\"stream error\""), R"({"errorType":"Bad"})");
  EXPECT_EQ(invoke("1"), "1");
  EXPECT_EQ(lab->functions->instances(), 1u);
}

TEST_F(LambdaEndToEnd, AFailedStartIsTriedAgain) {
  answers = {"fail", "start", "fail", "fail"};
  make("g", R"("ASK_FIRST":"1")");
  const auto first = lab->invoke("g", "1");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->body, "1");
  EXPECT_EQ(asked, 2u);
  ASSERT_TRUE(lab->run("UpdateFunctionConfiguration", R"({"FunctionName":"g","MemorySize":256})"));
  const auto second = lab->invoke("g", "1");
  ASSERT_TRUE(second);
  EXPECT_NE(second->body.find("Runtime exited with error: exit status 3"), std::string::npos)
      << second->body;
  EXPECT_EQ(asked, 4u);
}

TEST_F(LambdaEndToEnd, AnExtensionHearsOfInvocationsAndOfTheEnd) {
  make_extended(R"("A_B":"1")");
  const auto answer = lab->invoke("g", "1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "1");
  EXPECT_NE(lab->logs.wait_for("agent hears INVOKE").find("agent hears INVOKE"), std::string::npos);
  ASSERT_TRUE(lab->run("UpdateFunctionConfiguration", R"({"FunctionName":"g","MemorySize":256})"));
  EXPECT_NE(lab->logs.wait_for("agent hears SHUTDOWN").find("agent hears SHUTDOWN"),
            std::string::npos);
  while (lab->functions->instances() != 0) std::this_thread::yield();
}

TEST_F(LambdaEndToEnd, AnExtensionThatDiesTakesTheInstanceWithIt) {
  make_extended(R"("CRASH_EXTENSION":"1")");
  const auto answer = lab->invoke("g", "\"hang\"");
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->body.find(R"("errorType":"Extension.Crash")"), std::string::npos)
      << answer->body;
  EXPECT_NE(answer->body.find("exit status 9"), std::string::npos) << answer->body;
}

TEST_F(LambdaEndToEnd, GrowsWithTheLoad) {
  std::vector<std::future<std::string>> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(std::async(std::launch::async, [this, i] { return invoke(std::to_string(i)); }));
  }
  for (int i = 0; i < 8; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)].get(), std::to_string(i));
  EXPECT_LE(lab->functions->instances(), 8u);
}

}  // namespace
}  // namespace stator::lambda::test

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], stator::sandbox::kLauncherArgument) == 0) {
    return stator::sandbox::launcher_main(argc, argv);
  }
  using namespace stator::lambda::test;
  const TemporaryDirectory scratch;
  try {
    the_launcher =
        stator::sandbox::start_launcher(stator::sandbox::Wanted::kAuto, scratch.path() / "scratch");
  } catch (const stator::ConfigError& error) {
    why_not = error.what();
  }
  testing::InitGoogleTest(&argc, argv);
  const int status = RUN_ALL_TESTS();
  the_launcher.reset();
  return status;
}
