#include "lambda/functions.hpp"
#include "lambda/instance.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "http/client.hpp"
#include "lambda/runtime_api.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

using Pending = std::future<Result<http::Response>>;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// The runtime inside an instance, played by the test over HTTP.
class Runtime {
 public:
  explicit Runtime(std::shared_ptr<FakeProgram> program)
      : program_(std::move(program)),
        client_(http::Endpoint{"127.0.0.1", program_->ports.at(0), false},
                std::chrono::seconds(10)) {}

  http::Response send(const std::string& method, const std::string& path,
                      const std::string& body = "", const HeaderList& headers = {}) {
    http::Request request;
    request.method = method;
    request.target = "/2018-06-01/runtime/" + path;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.body = body;
    auto response = client_.send(request);
    EXPECT_TRUE(response) << response.error().message;
    return response ? *response : http::Response{.status = 0};
  }
  http::Response next() { return send("GET", "invocation/next"); }
  http::Response respond(const http::Response& event, const std::string& body) {
    return send("POST", "invocation/" + id_of(event) + "/response", body);
  }
  static std::string id_of(const http::Response& event) {
    return std::string(event.headers.get("Lambda-Runtime-Aws-Request-Id"));
  }
  void print(std::string_view text) const {
    EXPECT_EQ(::write(program_->output.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  void exit(int status) { program_->on_exit(sandbox::Exit{status, 50u << 20, false}); }
  /// Asks for work on a connection of its own, until an event comes or the instance ends.
  std::future<void> park() {
    return std::async(std::launch::async, [port = program_->ports.at(0)] {
      http::Client client(http::Endpoint{"127.0.0.1", port, false}, std::chrono::seconds(10));
      const http::Request request{.method = "GET", .target = "/2018-06-01/runtime/invocation/next"};
      [[maybe_unused]] const auto event = client.send(request);
    });
  }
  [[nodiscard]] FakeProgram& program() { return *program_; }

 private:
  std::shared_ptr<FakeProgram> program_;
  http::Client client_;
};

/// A function "f" that serves, and invocations of it that run beside the test.
struct Served {
  explicit Served(const std::string& further = "", FunctionsOptions options = {})
      : lab(patient(options)) {
    EXPECT_TRUE(lab.create("f", further));
    lab.serve();
  }
  /// However slow the machine, an instance that settles is waited for.
  static FunctionsOptions patient(FunctionsOptions options) {
    options.settling_grace = std::chrono::seconds(30);
    return options;
  }
  Pending invoke(std::string payload, HeaderList headers = {}) {
    return std::async(std::launch::async,
                      [this, payload, headers] { return lab.invoke("f", payload, headers); });
  }
  Runtime runtime() { return Runtime(lab.launcher.next()); }
  Lab lab;
};

TEST(RuntimeApi, ReadsItsPaths) {
  using runtime_api::Route;
  const struct {
    const char* method;
    const char* path;
    Route route;
    const char* id;
  } cases[] = {
      {"GET", "/2018-06-01/runtime/invocation/next", Route::kNext, ""},
      {"POST", "/2018-06-01/runtime/invocation/a-b/response", Route::kResponse, "a-b"},
      {"POST", "/2018-06-01/runtime/invocation/a-b/error", Route::kError, "a-b"},
      {"POST", "/2018-06-01/runtime/init/error", Route::kInitError, ""},
      {"POST", "/2018-06-01/runtime/invocation/next", Route::kUnknown, ""},
      {"GET", "/2018-06-01/runtime/invocation/a/response", Route::kUnknown, ""},
      {"GET", "/", Route::kUnknown, ""},
      {"POST", "/2020-01-01/extension/register", Route::kUnknown, ""},
  };
  for (const auto& one : cases) {
    const auto target = runtime_api::parse_target(one.method, one.path);
    EXPECT_EQ(target.route, one.route) << one.path;
    EXPECT_EQ(target.request_id, one.id) << one.path;
  }
}

TEST(Functions, WhatBeginsWithKeysEndsWithThem) {
  using std::chrono::minutes;
  FakeClock clock;
  const WallTime expire = clock.wall() + minutes(60);
  for (const int timeout : {0, 1, 15}) {
    const SteadyTime last = last_start(clock, expire, minutes(5), minutes(timeout));
    EXPECT_EQ(last - clock.steady(), minutes(60 - 5 - timeout));
  }
  clock.advance(minutes(50));
  EXPECT_LT(last_start(clock, expire, minutes(5), minutes(15)), clock.steady());
}

TEST(RuntimeApi, MakesATraceIdOfARequestId) {
  EXPECT_EQ(runtime_api::trace_id("00112233-4455-4677-8899-aabbccddeeff",
                                  from_epoch_ms(0x5f000000LL * 1000)),
            "Root=1-5f000000-44554677"
            "8899aabbccddeeff;Parent=0011223344554677;Sampled=0");
}

TEST(Functions, ServesInvocationsOnOneInstance) {
  Served served;
  auto first = served.invoke(R"({"n":1})");
  Runtime runtime = served.runtime();
  auto event = runtime.next();
  EXPECT_EQ(event.status, 200);
  EXPECT_EQ(event.body, R"({"n":1})");
  EXPECT_EQ(event.headers.get("Lambda-Runtime-Invoked-Function-Arn"),
            "arn:aws:lambda:us-east-1:000000000000:function:f");
  EXPECT_FALSE(event.headers.get("Lambda-Runtime-Trace-Id").empty());
  const auto left_ms = std::stoll(std::string(event.headers.get("Lambda-Runtime-Deadline-Ms"))) -
                       epoch_ms(served.lab.clock.wall());
  EXPECT_GT(left_ms, 0);
  EXPECT_LE(left_ms, 3'000);
  EXPECT_EQ(runtime.respond(event, "\"one\"").status, 202);
  const auto answer = first.get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "\"one\"");
  EXPECT_EQ(answer->headers.get("X-Amz-Executed-Version"), "$LATEST");
  EXPECT_FALSE(answer->headers.find("X-Amz-Function-Error"));
  EXPECT_FALSE(answer->headers.find("X-Amz-Log-Result"));

  auto waiting = std::async(std::launch::async, [&] { return runtime.next(); });
  auto second = served.invoke("2");
  event = waiting.get();
  EXPECT_EQ(event.body, "2");
  runtime.respond(event, "two");
  EXPECT_EQ(second.get()->body, "two");
  EXPECT_EQ(served.lab.functions->instances(), 1u);
}

TEST(Functions, TellsAnInstanceWhatItNeeds) {
  Served served(R"("MemorySize":256,"Environment":{"Variables":{"TABLE":"t","TZ":"CET"}})");
  auto pending = served.invoke("{}");
  Runtime runtime = served.runtime();
  const auto& spec = runtime.program().spec;
  const std::map<std::string, std::string> environment(spec.environment.begin(),
                                                       spec.environment.end());
  EXPECT_EQ(environment.size(), spec.environment.size()) << "no name twice";
  const std::map<std::string, std::string> expected = {
      {"AWS_ACCESS_KEY_ID", "ASIAf"},
      {"AWS_SECRET_ACCESS_KEY", "secret"},
      {"AWS_SESSION_TOKEN", "token"},
      {"AWS_REGION", "us-east-1"},
      {"AWS_DEFAULT_REGION", "us-east-1"},
      {"AWS_ENDPOINT_URL", "http://127.0.0.1:{port:1}"},
      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"},
      {"AWS_LAMBDA_FUNCTION_NAME", "f"},
      {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
      {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
      {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/f"},
      {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:{port:0}"},
      {"LAMBDA_TASK_ROOT", "/var/task"},
      {"LAMBDA_RUNTIME_DIR", "/var/runtime"},
      {"TABLE", "t"},
      {"TZ", "CET"},
      {"_HANDLER", "bootstrap"}};
  for (const auto& [name, value] : expected) {
    const auto found = environment.find(name);
    EXPECT_EQ(found == environment.end() ? "(absent)" : found->second, value) << name;
  }
  EXPECT_EQ(environment.count("AWS_EXECUTION_ENV"), 0u);
  EXPECT_EQ(spec.argv, std::vector<std::string>{"/var/task/bootstrap"});
  EXPECT_EQ(spec.memory_bytes_max, 256u << 20);
  EXPECT_TRUE(std::filesystem::exists(spec.code / "bootstrap"));
  runtime.respond(runtime.next(), "1");
  EXPECT_TRUE(pending.get());
}

TEST(Functions, PassesErrorsOfTheRuntimeOn) {
  Served served;
  auto pending = served.invoke("{}");
  Runtime runtime = served.runtime();
  auto event = runtime.next();
  const std::string error = R"({"errorMessage":"bad","errorType":"Error","stackTrace":[]})";
  EXPECT_EQ(runtime.send("POST", "invocation/" + Runtime::id_of(event) + "/error", error).status,
            202);
  const auto answer = pending.get();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, error);
  EXPECT_EQ(answer->headers.get("X-Amz-Function-Error"), "Unhandled");

  auto waiting = std::async(std::launch::async, [&] { return runtime.next(); });
  auto second = served.invoke("{}");
  event = waiting.get();
  runtime.send("POST", "invocation/" + Runtime::id_of(event) + "/error", "",
               {{"Lambda-Runtime-Function-Error-Type", "Runtime.Nothing"}});
  EXPECT_EQ(second.get()->body, R"({"errorType":"Runtime.Nothing"})");
}

TEST(Functions, RefusesAnswersThatDoNotFit) {
  Served served;
  auto pending = served.invoke("{}");
  Runtime runtime = served.runtime();
  EXPECT_EQ(runtime.send("GET", "nothing").status, 404);
  EXPECT_EQ(runtime.send("GET", "restore/next").status, 404);
  const auto event = runtime.next();
  EXPECT_EQ(runtime.send("POST", "init/error", "{}").status, 403) << "the init phase is over";
  const auto wrong = runtime.send("POST", "invocation/other/response", "1");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, R"({"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"})");
  EXPECT_EQ(runtime.next().status, 403) << "the invocation is unanswered";
  EXPECT_EQ(runtime.respond(event, "1").status, 202);
  EXPECT_EQ(runtime.respond(event, "2").status, 403);
  EXPECT_EQ(pending.get()->body, "1");
}

TEST(Functions, AnAnswerMayBeTooLarge) {
  Served served;
  auto pending = served.invoke("{}");
  Runtime runtime = served.runtime();
  const auto event = runtime.next();
  EXPECT_EQ(runtime.respond(event, std::string(6'291'557, 'x')).status, 413);
  const auto answer = pending.get();
  EXPECT_EQ(answer->body,
            R"({"errorMessage":"Response payload size exceeded maximum allowed payload size )"
            R"((6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"})");
  EXPECT_EQ(answer->headers.get("X-Amz-Function-Error"), "Unhandled");
}

TEST(Functions, ReportsInitErrorsAndExits) {
  Served served;
  auto pending = served.invoke("{}");
  const std::string error = R"({"errorType":"Init.Bad","errorMessage":"x"})";
  for (int tries = 0; tries < 2; ++tries) {
    Runtime runtime = served.runtime();
    EXPECT_EQ(runtime.send("POST", "init/error", error).status, 202);
  }
  EXPECT_EQ(pending.get()->body, error);
  pending = served.invoke("{}");
  Runtime runtime = served.runtime();
  const auto event = runtime.next();
  runtime.exit(1 << 8);
  EXPECT_EQ(pending.get()->body, R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )" +
                                     Runtime::id_of(event) +
                                     R"( Error: Runtime exited with error: exit status 1"})");
  EXPECT_TRUE(runtime.program().is_killed);
}

TEST(Functions, APackageWithoutBootstrapCannotStart) {
  Lab lab;
  ASSERT_TRUE(
      lab.run("CreateFunction", R"({"FunctionName":"f","Runtime":"provided.al2023","Handler":"h",)"
                                R"("Role":"arn:aws:iam::000000000000:role/r","Code":{"ZipFile":")" +
                                    make_zip_base64({{"main", "x"}}) + "\"}}"));
  lab.serve();
  const auto answer = lab.invoke("f", "{}");
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->body.find("\"Runtime.InvalidEntrypoint\""), std::string::npos);
  EXPECT_NE(answer->body.find("Couldn't find valid bootstrap(s): [/var/task/bootstrap "
                              "/opt/bootstrap]"),
            std::string::npos);
  // It answers before it is gone.
  while (lab.functions->instances() != 0) std::this_thread::yield();
}

TEST(Functions, GivesTheTailOfTheLogAndKeepsTheLog) {
  Served served;
  auto pending = served.invoke("{}", {{"X-Amz-Log-Type", "Tail"}});
  Runtime runtime = served.runtime();
  const auto event = runtime.next();
  const std::string id = Runtime::id_of(event);
  runtime.print("working\n");
  runtime.respond(event, "1");
  const auto parked = runtime.park();
  const auto answer = pending.get();
  ASSERT_TRUE(answer);
  const std::string tail =
      base64_decode(answer->headers.get("X-Amz-Log-Result")).value_or("(no base64)");
  EXPECT_TRUE(tail.starts_with("START RequestId: " + id +
                               " Version: $LATEST\nworking\nEND "
                               "RequestId: " +
                               id + "\nREPORT RequestId: " + id + "\tDuration: "))
      << tail;
  EXPECT_NE(tail.find("Max Memory Used: 40 MB\tInit Duration: "), std::string::npos) << tail;
  EXPECT_NE(served.lab.logs.wait_for("REPORT").find(tail), std::string::npos);
  const std::string stream = served.lab.logs.stream();
  EXPECT_TRUE(stream.starts_with("/aws/lambda/f 20")) << stream;
  EXPECT_NE(stream.find("/[$LATEST]"), std::string::npos) << stream;
  served.lab.functions->stop(std::chrono::milliseconds(0));
  parked.wait();
}

TEST(Functions, NewCodeIsServedByANewInstance) {
  Served served;
  auto pending = served.invoke("{}");
  Runtime old = served.runtime();
  old.respond(old.next(), "1");
  ASSERT_TRUE(pending.get());
  const auto parked = old.park();
  ASSERT_TRUE(served.lab.run(
      "UpdateFunctionCode",
      R"({"FunctionName":"f","ZipFile":")" + make_zip_base64({{"bootstrap", "new"}}) + "\"}"));
  pending = served.invoke("{}");
  Runtime fresh = served.runtime();
  EXPECT_NE(fresh.program().spec.code, old.program().spec.code);
  fresh.respond(fresh.next(), "2");
  EXPECT_EQ(pending.get()->body, "2");
  parked.wait();
}

TEST(Functions, MakesRoomForAnotherFunction) {
  FunctionsOptions options;
  options.instances_max = 1;
  Served served("", options);
  ASSERT_TRUE(served.lab.create("g"));
  auto pending = served.invoke("{}");
  Runtime first = served.runtime();
  const auto event = first.next();
  EXPECT_EQ(served.lab.invoke("g", "{}").error().aws_type, "TooManyRequestsException");
  first.respond(event, "1");
  ASSERT_TRUE(pending.get());
  const auto parked = first.park();
  // "f" becomes idle when its runtime asks for more; then its place goes to "g".
  auto other = std::async(std::launch::async, [&] {
    for (;;) {
      auto answer = served.lab.invoke("g", "{}");
      if (answer || answer.error().code != ErrorCode::kThrottled) return answer;
      std::this_thread::yield();
    }
  });
  Runtime second = served.runtime();
  EXPECT_EQ(second.program().spec.name, "g");
  second.respond(second.next(), "2");
  EXPECT_EQ(other.get()->body, "2");
  EXPECT_TRUE(first.program().is_killed);
  parked.wait();
}

TEST(Functions, ServicesNeedAPermission) {
  Served served;
  const auto invoke_for = [&](const std::string& api) {
    auto promise = std::make_shared<std::promise<Result<InvokeResult>>>();
    auto future = promise->get_future();
    Invocation invocation{.account = "000000000000",
                          .region = "us-east-1",
                          .function = "arn:aws:lambda:us-east-1:000000000000:function:f",
                          .payload = "{}"};
    invocation.on_behalf =
        OnBehalf{"apigateway.amazonaws.com",
                 "arn:aws:execute-api:us-east-1:000000000000:" + api + "/p/GET/"};
    served.lab.functions->invoke(std::move(invocation), [promise](Result<InvokeResult> result) {
      promise->set_value(std::move(result));
    });
    return future;
  };
  EXPECT_EQ(invoke_for("abc").get().error().code, ErrorCode::kAccessDenied);
  ASSERT_TRUE(served.lab.run(
      "AddPermission", R"({"FunctionName":"f","StatementId":"gw","Action":"lambda:InvokeFunction",)"
                       R"("Principal":"apigateway.amazonaws.com",)"
                       R"("SourceArn":"arn:aws:execute-api:us-east-1:000000000000:abc/*/*"})"));
  EXPECT_EQ(invoke_for("zzz").get().error().code, ErrorCode::kAccessDenied);
  auto allowed = invoke_for("abc");
  Runtime runtime = served.runtime();
  runtime.respond(runtime.next(), "\"in\"");
  EXPECT_EQ(allowed.get()->payload, "\"in\"");
}

TEST(Functions, TheEndpointOfAnInstanceReachesTheServices) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  lab.serve([](http::Request&& request, http::Responder responder) {
    std::move(responder).send(http::Response{.status = 200, .body = "aws " + request.target});
  });
  auto pending = std::async(std::launch::async, [&] { return lab.invoke("f", "{}"); });
  Runtime runtime(lab.launcher.next());
  http::Client aws(http::Endpoint{"127.0.0.1", runtime.program().ports.at(1), false});
  const auto answer = aws.send(http::Request{.method = "GET", .target = "/table"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "aws /table");
  runtime.respond(runtime.next(), "1");
  EXPECT_TRUE(pending.get());
}

TEST(Functions, StoppingLetsARunningInvocationFinish) {
  Served served;
  auto pending = served.invoke("{}");
  Runtime runtime = served.runtime();
  const auto event = runtime.next();
  auto stopping =
      std::async(std::launch::async, [&] { served.lab.functions->stop(std::chrono::seconds(10)); });
  runtime.respond(event, "1");
  EXPECT_EQ(pending.get()->body, "1");
  runtime.program().on_exit(sandbox::Exit{});
  stopping.get();
  EXPECT_EQ(served.lab.functions->instances(), 0u);
  EXPECT_EQ(served.lab.invoke("f", "{}").error().code, ErrorCode::kUnavailable);
}

TEST(Functions, StoppingEndsWhatDoesNotFinish) {
  Served served;
  auto pending = served.invoke("{}");
  Runtime runtime = served.runtime();
  const auto event = runtime.next();
  served.lab.functions->stop(std::chrono::milliseconds(0));
  EXPECT_EQ(pending.get().error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(runtime.program().is_killed);
  EXPECT_EQ(served.lab.functions->instances(), 0u);
}

}  // namespace
}  // namespace stator::lambda::test
