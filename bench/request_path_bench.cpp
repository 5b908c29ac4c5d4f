#include <benchmark/benchmark.h>

#include <array>
#include <stdexcept>

#include "aws/operation.hpp"
#include "aws/sigv4.hpp"
#include "base/random.hpp"
#include "crypto/crypto.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/test_artifacts.hpp"
#include "dynamodb/tables.hpp"
#include "http/parser.hpp"
#include "iam/evaluator.hpp"
#include "iam/identity.hpp"
#include "storage/store.hpp"

/// The pieces of a signed request for an item of one kilobyte, each beside a limit: hashing its
/// body, reading the key from the store.
namespace stator {
namespace {

constexpr const char* kTarget = "X-Amz-Target: DynamoDB_20120810.PutItem\r\n";

std::string item_body() {
  return R"({"TableName":"bench","Item":{"id":{"S":"1"},"text":{"S":")" + std::string(900, 'x') +
         R"("},"count":{"N":"42"},"tags":{"SS":["a","b","c"]}}})";
}

void hash_body(benchmark::State& state) {
  const std::string body = item_body();
  for (auto _ : state) benchmark::DoNotOptimize(crypto::sha256_hex(body));
}
BENCHMARK(hash_body);

void parse_request(benchmark::State& state) {
  const std::string body = item_body();
  const std::string bytes = "POST / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\nUser-Agent: bench\r\n" +
                            std::string(kTarget) +
                            "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  http::RequestParser parser;
  for (auto _ : state) {
    std::string_view input = bytes;
    auto step = parser.feed(input);
    if (step == http::RequestParser::Step::kHead) step = parser.feed(input);
    if (step != http::RequestParser::Step::kDone) throw std::logic_error("not parsed");
    benchmark::DoNotOptimize(parser.take());
  }
}
BENCHMARK(parse_request);

/// Everything that a call needs, in memory.
struct World {
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  iam::Identity identity{{*store, clock, random, {}}};
  dynamodb::Tables tables{*store, clock, random};
  dynamodb::recovery::MemoryArtifacts artifacts;
  dynamodb::recovery::Recovery recovery{tables, artifacts};
  aws::Service service = dynamodb::make_service(tables, recovery);

  World() {
    const auto table =
        json::parse_object(R"({"TableName":"bench","BillingMode":"PAY_PER_REQUEST",)"
                           R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],)"
                           R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})");
    aws::Call call = make_call();
    if (!find("CreateTable").run_json(call, aws::Input(*table), identity.authorizer())) {
      throw std::logic_error("no table");
    }
    run(find("PutItem"), item_body());
  }

  [[nodiscard]] aws::Call make_call() const {
    aws::Call call;
    call.account = call.principal.account = "000000000000";
    call.region = "us-east-1";
    call.now = clock.wall();
    return call;
  }
  [[nodiscard]] const aws::Operation& find(std::string_view name) const {
    for (const auto& operation : service.operations) {
      if (operation.name() == name) return operation;
    }
    throw std::logic_error("no such operation");
  }
  void run(const aws::Operation& operation, const std::string& body) {
    aws::Call call = make_call();
    http::Request request;
    request.body = body;
    operation.run_raw(call, {request, {}}, identity.authorizer(), [](const auto& answer) {
      if (!answer) throw std::logic_error(answer.error().message);
    });
  }
};

void verify_signature(benchmark::State& state) {
  World world;
  http::Request request{.method = "POST", .target = "/"};
  request.body = item_body();
  request.headers.add("Host", "127.0.0.1:4566");
  request.headers.add("Content-Type", "application/x-amz-json-1.0");
  request.headers.add("X-Amz-Target", "DynamoDB_20120810.PutItem");
  aws::sigv4::sign(request, world.identity.root_credentials(), "us-east-1", "dynamodb",
                   world.clock.wall());
  for (auto _ : state) {
    const auto principal =
        world.identity.authenticator().authenticate(request, "dynamodb", world.clock.wall());
    if (!principal) throw std::logic_error(principal.error().message);
  }
}
BENCHMARK(verify_signature);

/// Fifty statements over fifty tables, every third with conditions; the last one fits t49.
std::string fifty_statements() {
  constexpr std::array<std::string_view, 3> kConditions{
      "", R"(,"Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}})",
      R"(,"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","127.0.0.1"]},)"
      R"("Bool":{"aws:ViaAWSService":"false"}})"};
  std::string document = R"({"Version":"2012-10-17","Statement":[)";
  for (std::size_t i = 0; i < 50; ++i) {
    document += std::string(i > 0 ? "," : "") +
                R"({"Effect":"Allow","Action":["dynamodb:Query","dynamodb:*Item"],)"
                R"("Resource":"arn:aws:dynamodb:*:000000000000:table/t)" +
                std::to_string(i) + "\"" + std::string(kConditions[i % 3]) + "}";
  }
  return document + "]}";
}

constexpr std::string_view kLastTable = "arn:aws:dynamodb:us-east-1:000000000000:table/t49";

void evaluate_fifty_statements(benchmark::State& state) {
  auto policy = iam::Policy::parse(fifty_statements(), iam::PolicyKind::kInline);
  const std::vector<iam::NamedPolicy> policies = {{"p", *std::move(policy)}};
  iam::GivenContext context;
  context.set("aws:PrincipalArn", {"arn:aws:iam::000000000000:role/app"});
  for (auto _ : state) {
    const iam::Access access("dynamodb:PutItem", kLastTable);
    const auto verdict = iam::evaluate(policies, access, context);
    if (verdict.decision != iam::Decision::kAllow) throw std::logic_error("denied");
  }
}
BENCHMARK(evaluate_fifty_statements);

/// A request signed by a session of a role with fifty statements.
struct SignedByRole {
  World world;
  http::Request request{.method = "POST", .target = "/"};

  SignedByRole() {
    aws::Call call = world.make_call();
    run_iam(call, "CreateRole",
            {{"RoleName", "app"},
             {"AssumeRolePolicyDocument",
              R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
              R"("Principal":{"Service":"lambda.amazonaws.com"}}]})"}});
    run_iam(call, "PutRolePolicy",
            {{"RoleName", "app"}, {"PolicyName", "p"}, {"PolicyDocument", fifty_statements()}});
    const auto session = world.identity.assume_for_service(
        {.role_arn = "arn:aws:iam::000000000000:role/app", .session_name = "s"},
        "lambda.amazonaws.com");
    if (!session) throw std::logic_error(session.error().message);
    request.body = item_body();
    request.headers.add("Host", "127.0.0.1:4566");
    request.headers.add("Content-Type", "application/x-amz-json-1.0");
    request.headers.add("X-Amz-Target", "DynamoDB_20120810.PutItem");
    aws::sigv4::sign(request, session->credentials, "us-east-1", "dynamodb", world.clock.wall());
  }

  void run_iam(aws::Call& call, std::string_view name, json::Object input) {
    const auto iam = iam::make_iam_service(world.identity);
    for (const auto& operation : iam.operations) {
      if (operation.name() != name) continue;
      const aws::Input members(std::move(input), aws::Input::Scalars::kText);
      const auto done = operation.run_json(call, members, world.identity.authorizer());
      if (!done) throw std::logic_error(done.error().message);
    }
  }

  [[nodiscard]] aws::Principal authenticate() {
    auto principal =
        world.identity.authenticator().authenticate(request, "dynamodb", world.clock.wall());
    if (!principal) throw std::logic_error(principal.error().message);
    return *std::move(principal);
  }

  void authorize(aws::Principal principal) {
    aws::Call call = world.make_call();
    call.source_ip = "127.0.0.1";
    call.http = &request;
    call.principal = std::move(principal);
    const aws::Permission need{"dynamodb:PutItem", std::string(kLastTable)};
    const auto granted = world.identity.authorizer().authorize(call, {&need, 1});
    if (!granted) throw std::logic_error(granted.error().message);
  }
};

void authorize_role_with_fifty_statements(benchmark::State& state) {
  SignedByRole by_role;
  const auto principal = by_role.authenticate();
  for (auto _ : state) by_role.authorize(principal);
}
BENCHMARK(authorize_role_with_fifty_statements);

/// The body's hash included: subtract hash_body for what is on top of it.
void verify_and_authorize_role_with_fifty_statements(benchmark::State& state) {
  SignedByRole by_role;
  for (auto _ : state) by_role.authorize(by_role.authenticate());
}
BENCHMARK(verify_and_authorize_role_with_fifty_statements);

void get_item(benchmark::State& state) {
  World world;
  const aws::Operation& operation = world.find("GetItem");
  const std::string body = R"({"TableName":"bench","Key":{"id":{"S":"1"}}})";
  for (auto _ : state) world.run(operation, body);
}
BENCHMARK(get_item);

void put_item(benchmark::State& state) {
  World world;
  const aws::Operation& operation = world.find("PutItem");
  const std::string body = item_body();
  for (auto _ : state) world.run(operation, body);
}
BENCHMARK(put_item);

void get_from_store(benchmark::State& state) {
  const auto store = storage::make_memory_store();
  storage::Batch batch;
  batch.put(storage::Family::kItems, "key", item_body());
  if (!store->write(std::move(batch))) throw std::logic_error("not written");
  for (auto _ : state) benchmark::DoNotOptimize(store->get(storage::Family::kItems, "key"));
}
BENCHMARK(get_from_store);

}  // namespace
}  // namespace stator
