#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "http/client.hpp"
#include "lambda/extension_programs.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

namespace fs = std::filesystem;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// Runtime and extensions of one instance, played by the test.
class InstanceExtensions : public testing::Test {
 protected:
  InstanceExtensions() {
    EXPECT_TRUE(lab.create("f", R"("Timeout":60)"));
    lab.serve();
    pending = std::async(std::launch::async, [this] { return lab.invoke("f", "{}"); });
    program = lab.launcher.next();
  }
  http::Response call(const std::string& method, const std::string& target,
                      const HeaderList& headers = {}, const std::string& body = "") const {
    http::Client client(http::Endpoint{"127.0.0.1", program->ports.at(0), false},
                        std::chrono::seconds(20));
    http::Request request;
    request.method = method;
    request.target = target;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.body = body;
    auto response = client.send(request);
    return response ? *response : http::Response{.status = 0};
  }
  std::string register_inner() const {
    return std::string(call("POST", "/2020-01-01/extension/register",
                            {{"Lambda-Extension-Name", "inner"}}, R"({"events":["INVOKE"]})")
                           .headers.get("Lambda-Extension-Identifier"));
  }
  std::future<http::Response> next() const {
    return std::async(std::launch::async,
                      [this] { return call("GET", "/2018-06-01/runtime/invocation/next"); });
  }
  std::future<http::Response> extension_next(const std::string& identifier) const {
    return std::async(std::launch::async, [this, identifier] {
      return call("GET", "/2020-01-01/extension/event/next",
                  {{"Lambda-Extension-Identifier", identifier}});
    });
  }
  void respond(const http::Response& event) const {
    call("POST",
         "/2018-06-01/runtime/invocation/" +
             std::string(event.headers.get("Lambda-Runtime-Aws-Request-Id")) + "/response",
         {}, "1");
  }

  Lab lab;
  std::future<Result<http::Response>> pending;
  std::shared_ptr<FakeProgram> program;
};

TEST_F(InstanceExtensions, AnInstanceIsFreeWhenTheyWaitToo) {
  const auto inner = register_inner();
  auto runtime = next();
  auto extension = extension_next(inner);
  const auto event = runtime.get();
  EXPECT_NE(extension.get().body.find(R"("eventType":"INVOKE")"), std::string::npos);
  respond(event);
  ASSERT_TRUE(pending.get());
  auto parked = next();
  pending = std::async(std::launch::async, [this] { return lab.invoke("f", "2"); });
  // Were the instance free before its extension asks, the event would be lost on the extension.
  auto told = extension_next(inner);
  EXPECT_EQ(parked.get().body, "2");
  EXPECT_NE(told.get().body.find(R"("eventType":"INVOKE")"), std::string::npos);
  EXPECT_EQ(
      call("POST", "/2020-01-01/extension/register", {{"Lambda-Extension-Name", "late"}}).status,
      403)
      << "the init phase is over";
  lab.functions->stop(std::chrono::milliseconds(0));
}

TEST_F(InstanceExtensions, TakesLeaveOfThem) {
  const auto inner = register_inner();
  auto extension = extension_next(inner);
  const auto event = next().get();
  (void)extension.get();
  respond(event);
  ASSERT_TRUE(pending.get());
  auto parked = next();
  auto waiting = extension_next(inner);
  ASSERT_TRUE(lab.run("UpdateFunctionConfiguration", R"({"FunctionName":"f","MemorySize":256})"));
  while (!program->is_terminated) std::this_thread::yield();
  EXPECT_EQ(lab.functions->instances(), 1u) << "its place is kept";
  program->on_exit(sandbox::Exit{});
  EXPECT_EQ(lab.functions->instances(), 0u);
  EXPECT_TRUE(program->is_killed);
  parked.wait();
  waiting.wait();
}

TEST_F(InstanceExtensions, AreEndedWhenTheirTimeIsOver) {
  const auto inner = register_inner();
  auto extension = extension_next(inner);
  const auto event = next().get();
  respond(event);
  ASSERT_TRUE(pending.get());
  lab.functions->stop(std::chrono::milliseconds(0));
  EXPECT_TRUE(program->is_terminated);
  EXPECT_TRUE(program->is_killed) << "though no exit was reported";
}

TEST_F(InstanceExtensions, OneThatCannotInitializeFailsTheStart) {
  for (int tries = 0; tries < 2; ++tries) {
    const auto inner = register_inner();
    EXPECT_EQ(call("POST", "/2020-01-01/extension/init/error",
                   {{"Lambda-Extension-Identifier", inner},
                    {"Lambda-Extension-Function-Error-Type", "Extension.NoKey"}})
                  .status,
              202);
    if (tries == 0) program = lab.launcher.next();
  }
  const auto answer = pending.get();
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->body.find(R"({"errorType":"Extension.InitError")"), std::string::npos);
  EXPECT_NE(answer->body.find("Error: Extension.NoKey"), std::string::npos) << answer->body;
}

TEST(ExtensionPrograms, AreTheExecutablesOfTheLayers) {
  const TemporaryDirectory directory;
  const auto make = [&](const std::string& path, bool is_executable) {
    fs::create_directories((directory.path() / path).parent_path());
    std::FILE* file = std::fopen((directory.path() / path).c_str(), "w");
    ASSERT_NE(file, nullptr);
    std::fclose(file);
    fs::permissions(directory.path() / path, fs::perms(is_executable ? 0755 : 0644));
  };
  make("one/extensions/b", true);
  make("one/extensions/readme", false);
  make("one/extensions/lib/inner", true);
  make("two/extensions/a", true);
  make("two/extensions/b", true);
  make("three/other", true);
  const std::vector<fs::path> layers{directory.path() / "one", directory.path() / "two",
                                     directory.path() / "three"};
  EXPECT_EQ(find_extensions(layers), (std::vector<std::string>{"a", "b"}));

  Program program;
  program.spec.layers = layers;
  EXPECT_FALSE(add_extensions(program, sandbox::Isolation::kRoot));
  EXPECT_EQ(program.spec.companions,
            (std::vector<std::vector<std::string>>{{"/opt/extensions/a"}, {"/opt/extensions/b"}}));
  EXPECT_EQ(launch_failure(program.spec, "cannot execute /opt/extensions/a: no").error_type,
            "Extension.LaunchError");
  EXPECT_EQ(launch_failure(program.spec, "cannot execute /var/task/bootstrap: no").error_type,
            "Runtime.InvalidEntrypoint");
  for (int i = 0; i < 9; ++i) make("three/extensions/" + std::to_string(i), true);
  EXPECT_EQ(add_extensions(program, sandbox::Isolation::kRoot)->error_type,
            "Extension.TooManyExtensions");
}

}  // namespace
}  // namespace stator::lambda::test
