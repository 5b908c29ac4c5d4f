#include "aws/router.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "base/check.hpp"

namespace stator::aws {
namespace {

using namespace std::chrono_literals;

/// Believes the key id that a request claims; "nobody" is unknown.
class FakeAuthenticator final : public Authenticator {
 public:
  Result<Principal> authenticate(const http::Request& request, std::string_view service,
                                 WallTime) override {
    if (request.headers.get("x-test-key") == "nobody") {
      return Error{ErrorCode::kUnauthenticated, "who?", "UnrecognizedClientException"};
    }
    Principal principal;
    principal.account = "111122223333";
    principal.arn = "arn:aws:iam::111122223333:user/" + std::string(service);
    return principal;
  }
};

class FakeAuthorizer final : public Authorizer {
 public:
  Result<void> authorize(const Call&, std::span<const Permission> needs) override {
    for (const Permission& need : needs) {
      if (need.action.ends_with(":Forbidden")) return Error{ErrorCode::kAccessDenied, "no"};
    }
    return {};
  }
};

/// Keeps "SERVICE:OPERATION error" of each call that it is told of.
class FakeTrail final : public AuditTrail {
 public:
  void record(const AuditedCall& audited) override {
    std::string line = std::string(audited.service) + ":" + std::string(audited.operation);
    if (!audited.is_management) line += " data";
    if (!audited.is_authenticated) line += " stranger";
    if (audited.request != nullptr) line += " " + json::dump(*audited.request);
    if (audited.response != nullptr) line += " answered";
    if (!audited.error_name.empty()) line += " " + std::string(audited.error_name);
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> taken() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// A store that holds its durability back until it is told.
class SlowStore final : public storage::Store {
 public:
  using Family = storage::Family;
  Result<std::optional<std::string>> get(Family, std::string_view,
                                         const storage::Snapshot*) const override {
    return internal("not used");
  }
  std::unique_ptr<storage::Snapshot> snapshot() const override { return nullptr; }
  std::unique_ptr<storage::Iterator> iterate(Family, storage::Range,
                                             const storage::Snapshot*) const override {
    return nullptr;
  }
  Result<storage::Sequence> write(storage::Batch) override { return ++last_; }
  storage::Sequence last() const override { return last_; }
  storage::Sequence durable() const override { return durable_; }
  storage::Sequence last_write_of(Family, std::string_view) const override { return last_; }
  void when_durable(storage::Sequence sequence, Done done) override {
    waiting_.emplace_back(sequence, std::move(done));
  }
  Result<void> checkpoint(const std::filesystem::path&) override { return internal("not used"); }

  void sync_to(storage::Sequence sequence) {
    durable_ = sequence;
    for (auto& [wanted, done] : std::exchange(waiting_, {})) {
      if (wanted <= durable_) {
        done({});
      } else {
        waiting_.emplace_back(wanted, std::move(done));
      }
    }
  }
  void fail() {
    for (auto& waiting : std::exchange(waiting_, {})) waiting.second(unavailable("disk is full"));
  }

 private:
  storage::Sequence last_ = 0, durable_ = 0;
  std::vector<std::pair<storage::Sequence, Done>> waiting_;
};

Operation json_operation(std::string name, Wire wire, Operation::JsonHandler handler) {
  return Operation::json(
      name, std::move(wire),
      [name](const Call&, const Input&) -> Result<Needs> {
        return Needs{{"test:" + name, "*"}};
      },
      std::move(handler));
}

using RawHandler = std::function<Result<http::Response>(Call&, std::string)>;

Operation raw_operation(std::string name, Wire wire, RawHandler handler) {
  return Operation::raw<std::string>(
      name, std::move(wire),
      [](const Call&, const RawRequest& raw) -> Result<std::string> {
        return std::string(raw.label("Key")) + raw.http.body;
      },
      [name](const Call&, const std::string&) -> Result<Needs> {
        return Needs{{"test:" + name, "*"}};
      },
      std::move(handler));
}

Result<http::Response> ok(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    auto echo = [](Call& call, const Input& input) -> Result<json::Object> {
      return json::Object{{"Region", call.region},
                          {"Account", call.account},
                          {"Caller", call.principal.arn},
                          {"Input", input.members()}};
    };
    std::vector<Service> services;
    services.push_back(dynamodb(echo));
    services.push_back({.signing_name = "iam",
                        .protocol = Protocol::kQuery,
                        .api_version = "2010-05-08",
                        .xml_namespace = "urn:iam"});
    services.back().operations.push_back(json_operation("GetRole", ByName{}, echo));
    services.push_back({.signing_name = "lambda", .protocol = Protocol::kRestJson});
    services.back().operations.push_back(json_operation(
        "GetFunction", ByPath{.method = "GET", .path = "/functions/{FunctionName}"}, echo));
    services.push_back({.signing_name = "s3", .protocol = Protocol::kRestXml});
    services.back().operations.push_back(
        raw_operation("GetObject", ByPath{.method = "GET", .path = "/{Bucket}/{Key+}"},
                      [](Call&, std::string key) { return ok("object " + key); }));
    services.back().operations.push_back(raw_operation(
        "GetObjectTagging",
        ByPath{.method = "GET", .path = "/{Bucket}/{Key+}", .required_query = "tagging"},
        [](Call&, std::string key) { return ok("tags of " + key); }));
    router.emplace(RouterParts{authenticator, authorizer, store, *workers, clock, random, logger,
                               "000000000000", "us-east-1", &trail},
                   std::move(services));
  }

  Service dynamodb(const Operation::JsonHandler& echo) {
    Service service{.signing_name = "dynamodb",
                    .protocol = Protocol::kJson10,
                    .target_prefix = "DynamoDB_20120810"};
    service.operations.push_back(json_operation("DescribeTable", ByName{}, echo));
    service.operations.push_back(json_operation("Forbidden", ByName{}, echo));
    service.operations.push_back(
        json_operation("Open", ByName{}, [](Call& call, const Input&) -> Result<json::Object> {
          const bool is_nobody = call.principal.kind == Principal::Kind::kAnonymous;
          return json::Object{{"IsNobody", is_nobody}, {"Account", call.account}};
        }).without_signature());
    service.operations.push_back(raw_operation(
        "GetItem", ByName{}, [](Call&, std::string body) { return ok("got " + body); }));
    service.operations.push_back(
        raw_operation("PutItem", ByName{}, [this](Call& call, std::string) {
          call.durable_after = store.write({}).value();
          return ok("{}");
        }));
    service.operations.push_back(raw_operation(
        "Condition", ByName{}, [this](Call& call, std::string) -> Result<http::Response> {
          call.durable_after = store.last();
          return Error{ErrorCode::kPrecondition, "The conditional request failed"};
        }));
    service.operations.push_back(
        raw_operation("ForbiddenItem", ByName{}, [](Call&, std::string) -> Result<http::Response> {
          return Error{ErrorCode::kAccessDenied, "no"};
        }));
    service.operations.push_back(
        raw_operation("Bug", ByName{}, [](Call&, std::string) -> Result<http::Response> {
          STATOR_CHECK(1 + 1 == 3);
          return ok("");
        }));
    service.operations.push_back(json_operation(
        "Throw", ByName{}, [](Call&, const Input&) -> Result<json::Object> { throw 7; }));
    return service;
  }

  static http::Request signed_for(std::string_view service, std::string method = "POST",
                                  std::string target = "/") {
    http::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    if (!service.empty()) {
      request.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-west-1/" +
                                               std::string(service) + "/aws4_request, ...");
    }
    return request;
  }
  static http::Request dynamodb_request(const std::string& name, std::string body = "{}") {
    http::Request request = signed_for("dynamodb");
    request.headers.add("X-Amz-Target", "DynamoDB_20120810." + name);
    request.body = std::move(body);
    return request;
  }
  static http::Request form_request(std::string form, std::string_view service = "iam") {
    http::Request request = signed_for(service);
    request.body = std::move(form);
    return request;
  }

  std::future<http::Response> start(http::Request request) {
    auto answer = std::make_shared<std::promise<http::Response>>();
    auto future = answer->get_future();
    router->handle(std::move(request),
                   [answer](http::Response response) { answer->set_value(std::move(response)); });
    return future;
  }
  http::Response run(http::Request request) { return start(std::move(request)).get(); }
  static bool is_ready(const std::future<http::Response>& answer) {
    return answer.wait_for(0s) == std::future_status::ready;
  }

  FakeAuthenticator authenticator;
  FakeAuthorizer authorizer;
  FakeTrail trail;
  SlowStore store;
  std::unique_ptr<WorkerPool> workers = std::make_unique<WorkerPool>(1, 1);
  FakeClock clock;
  SystemRandom random;
  std::mutex lines_mutex;
  std::string lines;
  log::Logger logger{clock, log::Level::kDebug, [this](std::string_view line) {
                       const std::lock_guard lock(lines_mutex);
                       lines += line;
                     }};
  std::optional<Router> router;
};

TEST_F(RouterTest, RunsAJsonOperationForWhoeverSigned) {
  const http::Response response = run(dynamodb_request("DescribeTable", R"({"TableName":"t"})"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            R"({"Region":"eu-west-1","Account":"111122223333",)"
            R"("Caller":"arn:aws:iam::111122223333:user/dynamodb","Input":{"TableName":"t"}})");
  EXPECT_EQ(response.headers.get("content-type"), "application/x-amz-json-1.0");
  EXPECT_EQ(response.headers.get("x-amzn-requestid").size(), 52u);
}

TEST_F(RouterTest, RunsARawOperationOnTheCallersThread) {
  const auto answer = start(dynamodb_request("GetItem", "key"));
  EXPECT_TRUE(is_ready(answer));
}

TEST_F(RouterTest, FindsQueryOperationsByTheirAction) {
  const http::Response response = run(form_request("Action=GetRole&Version=2010-05-08&RoleName=r"));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find("<GetRoleResult>"), std::string::npos);
  EXPECT_NE(response.body.find("<Input><RoleName>r</RoleName></Input>"), std::string::npos);
}

TEST_F(RouterTest, FindsRestOperationsByTheirPath) {
  const http::Response response = run(signed_for("lambda", "GET", "/functions/a%3Ab"));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(R"("Input":{"FunctionName":"a:b"})"), std::string::npos);
}

TEST_F(RouterTest, ASubResourceIsAnOperationOfItsOwn) {
  EXPECT_EQ(run(signed_for("s3", "GET", "/b/k/1")).body, "object k/1");
  EXPECT_EQ(run(signed_for("s3", "GET", "/b/k/1?tagging")).body, "tags of k/1");
  EXPECT_EQ(run(signed_for("s3", "GET", "/b/k%zz")).status, 400);
}

TEST_F(RouterTest, FindsTheServiceOfAnUnsignedRequest) {
  http::Request by_target = dynamodb_request("GetItem");
  by_target.headers.remove("Authorization");
  EXPECT_EQ(run(by_target).body, "got {}");
  EXPECT_NE(run(form_request("Version=2010-05-08&Action=GetRole", "")).body.find("GetRoleResult"),
            std::string::npos);
  EXPECT_EQ(run(signed_for("", "GET", "/functions/f")).status, 200);
  EXPECT_EQ(run(signed_for("", "GET", "/b/k")).body, "object k");
}

TEST_F(RouterTest, TheServiceThatWasMeantJudgesAScopeForAnother) {
  http::Request request = dynamodb_request("DescribeTable");
  request.headers.set("Authorization", signed_for("sqs").headers.get("authorization").data());
  EXPECT_NE(run(std::move(request)).body.find("user/dynamodb"), std::string::npos);
  EXPECT_EQ(run(form_request("Action=GetRole&Version=2010-05-08", "lambda")).status, 200);
  EXPECT_EQ(run(signed_for("sqs", "GET", "/functions/f")).status, 200);
  // S3 takes nearly every path, so a path alone means nothing.
  EXPECT_EQ(run(signed_for("eks", "GET", "/clusters/c")).status, 404);
}

TEST_F(RouterTest, UnknownOperationsAndServicesAreTheClientsFault) {
  struct Case {
    http::Request request;
    int status;
    const char* name;
  };
  http::Request foreign_prefix = signed_for("dynamodb");
  foreign_prefix.headers.add("X-Amz-Target", "Other_1.GetItem");
  http::Request stranger = signed_for("sqs");
  stranger.headers.add("X-Amz-Target", "AmazonSQS.SendMessage");
  const Case cases[] = {
      {dynamodb_request("NoSuchThing"), 400, "UnknownOperationException"},
      {foreign_prefix, 400, "UnknownOperationException"},
      {signed_for("dynamodb"), 400, "UnknownOperationException"},
      {form_request("Action=NoSuchThing"), 400, "InvalidAction"},
      {form_request(""), 400, "InvalidAction"},
      {signed_for("lambda", "GET", "/nothing"), 404, "UnknownOperationException"},
      {signed_for("s3", "PATCH", "/b/k"), 405, "MethodNotAllowed"},
      {stranger, 400, "UnknownOperationException"},
      {form_request("Action=X", "sns"), 400, "InvalidAction"},
      {signed_for("", "OPTIONS", "*"), 404, "UnknownOperationException"},
  };
  for (const Case& test : cases) {
    const http::Response response = run(test.request);
    EXPECT_EQ(response.status, test.status) << test.name;
    const std::string where = response.body + std::string(response.headers.get("x-amzn-errortype"));
    EXPECT_NE(where.find(test.name), std::string::npos) << where;
  }
}

TEST_F(RouterTest, AnUnknownCallerOrADeniedOneRunsNothing) {
  http::Request unknown = dynamodb_request("PutItem");
  unknown.headers.add("x-test-key", "nobody");
  EXPECT_NE(run(unknown).body.find("UnrecognizedClientException"), std::string::npos);
  EXPECT_EQ(store.last(), 0u);
  const http::Response denied = run(dynamodb_request("Forbidden"));
  EXPECT_EQ(denied.status, 400);
  EXPECT_NE(denied.body.find(R"("Message":"no")"), std::string::npos);
}

TEST_F(RouterTest, AnOperationWithoutSignatureIsRunForNobody) {
  http::Request request = dynamodb_request("Open");
  request.headers.add("x-test-key", "nobody");
  EXPECT_EQ(run(request).body, R"({"IsNobody":true,"Account":"000000000000"})");
  request.headers.remove("Authorization");
  EXPECT_EQ(run(request).body, R"({"IsNobody":true,"Account":"000000000000"})");
}

TEST_F(RouterTest, TheAuditTrailLearnsOfControlCallsAndRefusals) {
  using Lines = std::vector<std::string>;
  run(dynamodb_request("DescribeTable", R"({"TableName":"t"})"));
  EXPECT_EQ(trail.taken(), Lines{R"(dynamodb:DescribeTable {"TableName":"t"} answered)"});
  run(dynamodb_request("Forbidden"));
  EXPECT_EQ(trail.taken(), Lines{"dynamodb:Forbidden {} AccessDeniedException"});
  run(dynamodb_request("GetItem"));
  store.sync_to(store.last());
  EXPECT_EQ(trail.taken(), Lines{}) << "the data plane's successes are nobody's business";
  run(dynamodb_request("ForbiddenItem"));
  EXPECT_EQ(trail.taken(), Lines{"dynamodb:ForbiddenItem data AccessDeniedException"});
  http::Request unknown = dynamodb_request("GetItem");
  unknown.headers.add("x-test-key", "nobody");
  run(unknown);
  EXPECT_EQ(trail.taken(), Lines{"dynamodb:GetItem data stranger UnrecognizedClientException"});
  (void)router->call({}, "", "iam", "GetRole", {{"RoleName", "r"}});
  EXPECT_EQ(trail.taken(), Lines{R"(iam:GetRole {"RoleName":"r"} answered)"});
}

TEST_F(RouterTest, AnAnswerWaitsForWhatItReveals) {
  const auto put = start(dynamodb_request("PutItem"));
  EXPECT_FALSE(is_ready(put));
  const auto condition = start(dynamodb_request("Condition"));
  EXPECT_FALSE(is_ready(condition)) << "an error reveals the write as well";
  const auto read = start(dynamodb_request("GetItem"));
  EXPECT_FALSE(is_ready(read)) << "says nothing of what it saw, so waits for everything";
  store.sync_to(1);
  EXPECT_TRUE(is_ready(put));
  EXPECT_TRUE(is_ready(condition));
  EXPECT_TRUE(is_ready(read));
}

TEST_F(RouterTest, AFailedSyncIsNotASuccess) {
  auto put = start(dynamodb_request("PutItem"));
  store.fail();
  const http::Response response = put.get();
  EXPECT_EQ(response.status, 503);
  EXPECT_NE(response.body.find("disk is full"), std::string::npos);
}

TEST_F(RouterTest, AnExceptionIsLoggedAndAnswered) {
  for (const char* name : {"Bug", "Throw"}) {
    const http::Response response = run(dynamodb_request(name));
    EXPECT_EQ(response.status, 500);
    EXPECT_NE(response.body.find("InternalServerError"), std::string::npos);
    const std::lock_guard lock(lines_mutex);
    EXPECT_NE(lines.find(response.headers.get("x-amzn-requestid")), std::string::npos);
  }
}

TEST_F(RouterTest, AFullQueueAnswers503) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  std::promise<void> running;
  ASSERT_TRUE(workers->post([&running, opened] {
    running.set_value();
    opened.wait();
  }));
  running.get_future().wait();
  auto queued = start(dynamodb_request("DescribeTable"));
  const http::Response refused = run(dynamodb_request("DescribeTable"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("ServiceUnavailableException"), std::string::npos);
  EXPECT_EQ(run(dynamodb_request("GetItem")).status, 200) << "raw operations need no worker";
  gate.set_value();
  EXPECT_EQ(queued.get().status, 200);
}

TEST_F(RouterTest, ABodyBeyondTheServicesBoundIsRefused) {
  const http::Response response =
      run(dynamodb_request("GetItem", std::string((16u << 20) + 1, 'x')));
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(run(dynamodb_request("GetItem", std::string(2u << 20, 'x'))).status, 200);
}

TEST_F(RouterTest, CallRunsInProcessWithTheSameAuthorization) {
  Principal principal;
  principal.account = "444455556666";
  principal.arn = "arn:aws:iam::444455556666:role/deployer";
  const auto answer =
      router->call(principal, "eu-north-1", "iam", "GetRole", {{"RoleName", "r"}, {"Max", "7"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(json::find_string(*answer, "Account"), "444455556666");
  EXPECT_EQ(json::find_string(*answer, "Region"), "eu-north-1");
  EXPECT_EQ(json::find_string(*answer, "Caller"), principal.arn);

  EXPECT_EQ(router->call(principal, "r", "dynamodb", "Forbidden", {}).error().code,
            ErrorCode::kAccessDenied);
  EXPECT_EQ(router->call(principal, "r", "dynamodb", "GetItem", {}).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(router->call(principal, "r", "sqs", "Send", {}).error().code, ErrorCode::kUnsupported);
}

TEST_F(RouterTest, TwoOperationsOfOneNameAreABug) {
  const auto handler = [](Call&, const Input&) -> Result<json::Object> { return json::Object(); };
  Service twice{.signing_name = "x", .protocol = Protocol::kQuery};
  twice.operations.push_back(json_operation("A", ByName{}, handler));
  twice.operations.push_back(json_operation("A", ByName{}, handler));
  EXPECT_THROW(Router(RouterParts{authenticator, authorizer, store, *workers, clock, random, logger,
                                  "0", "r"},
                      {twice}),
               BugError);
}

}  // namespace
}  // namespace stator::aws
