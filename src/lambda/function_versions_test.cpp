// Versions, aliases and concurrency as callers of functions see them.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "http/client.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

using Pending = std::future<Result<http::Response>>;

std::string outcome(const Result<json::Object>& result) {
  return result ? json::dump(*result) : result.error().aws_type + ": " + result.error().message;
}

/// Takes one event of an instance, on a connection of its own, and answers it.
struct Visit {
  explicit Visit(const std::shared_ptr<FakeProgram>& program)
      : client(http::Endpoint{"127.0.0.1", program->ports.at(0), false}, std::chrono::seconds(10)) {
    http::Request request{.method = "GET", .target = "/2018-06-01/runtime/invocation/next"};
    event = client.send(request).value();
  }
  void answer(const std::string& body) {
    http::Request request;
    request.method = "POST";
    request.target = "/2018-06-01/runtime/invocation/" +
                     std::string(event.headers.get("Lambda-Runtime-Aws-Request-Id")) + "/response";
    request.body = body;
    EXPECT_TRUE(client.send(request));
  }
  http::Client client;
  http::Response event;
};

std::string variable(const FakeProgram& program, std::string_view wanted) {
  for (const auto& [name, value] : program.spec.environment) {
    if (name == wanted) return value;
  }
  return "(absent)";
}

/// A function "f" with one version that serves.
struct Served {
  explicit Served(FunctionsOptions options = {}) : lab(options) {
    EXPECT_TRUE(lab.create("f"));
    EXPECT_TRUE(lab.run("PublishVersion", R"({"FunctionName":"f"})"));
    lab.serve();
  }
  Pending invoke(const std::string& name) {
    return std::async(std::launch::async, [this, name] { return lab.invoke(name, "{}"); });
  }
  std::string provisioned(const std::string& further = "") {
    const auto got = lab.run("GetProvisionedConcurrencyConfig",
                             R"({"FunctionName":"f","Qualifier":"1")" + further + "}");
    return got ? json::find_string(*got, "Status").value_or("") : outcome(got);
  }
  Lab lab;
};

TEST(FunctionVersions, AnAliasRunsItsVersion) {
  Served served;
  ASSERT_TRUE(
      served.lab.run("CreateAlias", R"({"FunctionName":"f","Name":"live","FunctionVersion":"1"})"));
  auto pending = served.invoke("f:live");
  const auto program = served.lab.launcher.next();
  EXPECT_EQ(variable(*program, "AWS_LAMBDA_FUNCTION_VERSION"), "1");
  Visit visit(program);
  EXPECT_EQ(visit.event.headers.get("Lambda-Runtime-Invoked-Function-Arn"),
            "arn:aws:lambda:us-east-1:000000000000:function:f:live");
  visit.answer("1");
  const auto answer = pending.get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->headers.get("X-Amz-Executed-Version"), "1");
  EXPECT_EQ(served.lab.invoke("f:nobody", "{}").error().message,
            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:nobody");
  EXPECT_EQ(served.lab.invoke("f:7", "{}").error().aws_type, "ResourceNotFoundException");
}

TEST(FunctionVersions, NewCodeOfTheLatestLeavesVersionsAlone) {
  Served served;
  auto pending = served.invoke("f:1");
  const auto program = served.lab.launcher.next();
  Visit visit(program);
  ASSERT_TRUE(served.lab.run(
      "UpdateFunctionCode",
      R"({"FunctionName":"f","ZipFile":")" + make_zip_base64({{"bootstrap", "new"}}) + "\"}"));
  EXPECT_FALSE(program->is_killed);
  visit.answer("1");
  EXPECT_TRUE(pending.get());
  ASSERT_TRUE(served.lab.run("DeleteFunction", R"({"FunctionName":"f"})"));
  EXPECT_EQ(served.lab.invoke("f:1", "{}").error().aws_type, "ResourceNotFoundException");
  program->on_exit(sandbox::Exit{});
  while (served.lab.functions->instances() != 0) std::this_thread::yield();
}

TEST(FunctionVersions, NoReservedConcurrencySwitchesAFunctionOff) {
  Served served;
  const std::string put = R"({"FunctionName":"f","ReservedConcurrentExecutions":0})";
  ASSERT_TRUE(served.lab.run("PutFunctionConcurrency", put));
  for (const auto* name : {"f", "f:1"}) {
    const auto refused = served.lab.invoke(name, "{}");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().aws_type, "TooManyRequestsException");
    EXPECT_EQ(refused.error().message, "Rate Exceeded.");
    EXPECT_EQ(refused.error().detail_json,
              R"({"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"})");
  }
  ASSERT_TRUE(served.lab.run("DeleteFunctionConcurrency", R"({"FunctionName":"f"})"));
  auto pending = served.invoke("f");
  Visit(served.lab.launcher.next()).answer("1");
  EXPECT_TRUE(pending.get());
}

TEST(FunctionVersions, ReservedConcurrencyIsCheckedAndKept) {
  FunctionsOptions options;
  options.instances_max = 150;
  Lab lab(options);
  ASSERT_TRUE(lab.create("f"));
  ASSERT_TRUE(lab.create("g"));
  const auto put = [&](const std::string& name, const std::string& count) {
    return outcome(lab.run(
        "PutFunctionConcurrency",
        R"({"FunctionName":")" + name + R"(","ReservedConcurrentExecutions":)" + count + "}"));
  };
  EXPECT_EQ(put("f", "30"), R"({"ReservedConcurrentExecutions":30})");
  EXPECT_EQ(put("g", "21"),
            "InvalidParameterValueException: Specified ReservedConcurrentExecutions for function "
            "decreases account's UnreservedConcurrentExecution below its minimum value of [100]. "
            "The account has 150, of which other functions have 30 to themselves.");
  EXPECT_EQ(put("g", "20"), R"({"ReservedConcurrentExecutions":20})");
  EXPECT_TRUE(put("g", "-1").starts_with("ValidationException"));
  EXPECT_TRUE(put("h", "1").starts_with("ResourceNotFoundException"));
  EXPECT_TRUE(put("f:1", "1").starts_with("InvalidParameterValueException"));
  lab.restart();
  EXPECT_EQ(outcome(lab.run("GetFunctionConcurrency", R"({"FunctionName":"f"})")),
            R"({"ReservedConcurrentExecutions":30})");
  const auto got = lab.run("GetFunction", R"({"FunctionName":"f"})");
  EXPECT_EQ(json::dump(*json::find(*got, "Concurrency")), R"({"ReservedConcurrentExecutions":30})");
  ASSERT_TRUE(lab.run("DeleteFunctionConcurrency", R"({"FunctionName":"f"})"));
  EXPECT_EQ(outcome(lab.run("GetFunctionConcurrency", R"({"FunctionName":"f"})")), "{}");
  EXPECT_EQ(put("g", "50"), R"({"ReservedConcurrentExecutions":50})");
}

TEST(FunctionVersions, ProvisionedInstancesStandBeforeTheyAreCalled) {
  Served served;
  const std::string one = R"({"FunctionName":"f","Qualifier":"1")";
  const auto put = served.lab.run("PutProvisionedConcurrencyConfig",
                                  one + R"(,"ProvisionedConcurrentExecutions":1})");
  ASSERT_TRUE(put) << outcome(put);
  EXPECT_EQ(json::find_string(*put, "Status"), "IN_PROGRESS");
  auto program = served.lab.launcher.next();
  EXPECT_EQ(variable(*program, "AWS_LAMBDA_INITIALIZATION_TYPE"), "provisioned-concurrency");
  auto visiting = std::async(std::launch::async, [&] { return std::make_unique<Visit>(program); });
  while (served.provisioned() == "IN_PROGRESS") std::this_thread::yield();
  EXPECT_EQ(served.provisioned(), "READY");
  auto pending = served.invoke("f:1");
  visiting.get()->answer("1");
  EXPECT_TRUE(pending.get());
  const auto list =
      served.lab.run("ListProvisionedConcurrencyConfigs", R"({"FunctionName":"f","List":"ALL"})");
  ASSERT_TRUE(list) << outcome(list);
  EXPECT_EQ(json::find_string(
                json::find(*list, "ProvisionedConcurrencyConfigs")->as_array().at(0).as_object(),
                "FunctionArn"),
            "arn:aws:lambda:us-east-1:000000000000:function:f:1");

  served.lab.functions->stop(std::chrono::milliseconds(0));
  served.lab.server->stop(std::chrono::milliseconds(0));
  served.lab.restart();
  served.lab.serve();
  program = served.lab.launcher.next();
  EXPECT_EQ(variable(*program, "AWS_LAMBDA_FUNCTION_VERSION"), "1") << "also after a restart";
  ASSERT_TRUE(served.lab.run("DeleteProvisionedConcurrencyConfig", one + "}"));
  EXPECT_EQ(served.provisioned(),
            "ProvisionedConcurrencyConfigNotFoundException: No Provisioned Concurrency Config "
            "found for this function");
}

TEST(FunctionVersions, RefusesWhatCannotBeProvisioned) {
  FunctionsOptions options;
  options.instances_max = 110;
  Lab lab(options);
  ASSERT_TRUE(lab.create("f", R"("Publish":true)"));
  ASSERT_TRUE(lab.run("CreateAlias", R"({"FunctionName":"f","Name":"a","FunctionVersion":"1"})"));
  const auto put = [&](const std::string& qualifier, const std::string& count) {
    return outcome(lab.run("PutProvisionedConcurrencyConfig",
                           R"({"FunctionName":"f","Qualifier":")" + qualifier +
                               R"(","ProvisionedConcurrentExecutions":)" + count + "}"));
  };
  EXPECT_EQ(put("$LATEST", "1"),
            "InvalidParameterValueException: Provisioned Concurrency Configs cannot be applied to "
            "unpublished function versions.");
  EXPECT_TRUE(put("2", "1").starts_with("ResourceNotFoundException"));
  EXPECT_TRUE(put("1", "0").starts_with("ValidationException"));
  EXPECT_NE(put("1", "11").find("below its minimum value of [100]"), std::string::npos);
  EXPECT_NE(put("1", "10").find("IN_PROGRESS"), std::string::npos);
  EXPECT_TRUE(put("a", "1").starts_with("ResourceConflictException"));
  const std::string reserve = R"({"FunctionName":"f","ReservedConcurrentExecutions":)";
  EXPECT_TRUE(outcome(lab.run("PutFunctionConcurrency", reserve + "9}"))
                  .starts_with("InvalidParameterValueException: ReservedConcurrentExecutions 9"));
  ASSERT_TRUE(lab.run("PutFunctionConcurrency", reserve + "10}"));
  EXPECT_NE(put("1", "11").find("reservedConcurrentExecution for function"), std::string::npos);
}

TEST(FunctionVersions, IsolationByRequestUsesASandboxOnce) {
  FunctionsOptions options;
  options.is_isolated_by_request = true;
  Served served(options);
  auto pending = served.invoke("f");
  const auto first = served.lab.launcher.next();
  auto visit = std::make_unique<Visit>(first);
  const auto spare = served.lab.launcher.next();
  ASSERT_NE(spare, nullptr) << "one is started ahead";
  visit->answer("1");
  ASSERT_TRUE(pending.get());
  auto parked = std::async(std::launch::async, [&] {
    http::Client client(http::Endpoint{"127.0.0.1", first->ports.at(0), false},
                        std::chrono::seconds(10));
    const http::Request request{.method = "GET", .target = "/2018-06-01/runtime/invocation/next"};
    [[maybe_unused]] const auto none = client.send(request);
  });
  while (!first->is_killed) std::this_thread::yield();
  parked.wait();
  pending = served.invoke("f");
  Visit(spare).answer("2");
  EXPECT_EQ(pending.get()->body, "2");
}

}  // namespace
}  // namespace stator::lambda::test
