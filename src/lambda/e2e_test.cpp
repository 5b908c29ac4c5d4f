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
#include "lambda/e2e_support.hpp"
#include "sandbox/sandbox.hpp"

namespace stator::lambda::test {
namespace {

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
