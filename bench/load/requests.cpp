#include "requests.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace stator::bench {
namespace {

constexpr std::uint64_t kSeriesLength = 20;
constexpr std::uint64_t kBatch = 25;
constexpr std::uint64_t kSeed = 42;

std::string key_text(std::uint64_t n) {
  char text[24];
  std::snprintf(text, sizeof(text), "k%010llu", static_cast<unsigned long long>(n));
  return text;
}

std::string text_of(std::uint64_t bytes) {
  // What is left for the text beside keys, names and the other attributes.
  constexpr std::uint64_t kRest = 48;
  return std::string(bytes > kRest ? bytes - kRest : 0, 'x');
}

std::string attributes(const Workload& workload, std::uint64_t n) {
  return R"("text":{"S":")" + text_of(workload.item_bytes) + R"("},"count":{"N":")" +
         std::to_string(n) + R"("},"tags":{"SS":["a","b","c"]}})";
}

std::string item_of(const Workload& workload, std::uint64_t n) {
  return R"({"id":{"S":")" + key_text(n % workload.items) + R"("},)" + attributes(workload, n);
}

std::string series_item_of(const Workload& workload, std::uint64_t n) {
  return R"({"id":{"S":")" + key_text(n / kSeriesLength) + R"("},"at":{"N":")" +
         std::to_string(n % kSeriesLength) + R"("},)" + attributes(workload, n);
}

std::string key_of(const Workload& workload, std::uint64_t n) {
  return R"({"id":{"S":")" + key_text(n % workload.items) + R"("}})";
}

constexpr std::string_view kCount =
    R"("UpdateExpression":"SET #c = #c + :one","ExpressionAttributeNames":{"#c":"count"},)"
    R"("ExpressionAttributeValues":{":one":{"N":"1"}})";

std::string transaction_of(const Workload& workload, std::uint64_t n) {
  return R"({"TransactItems":[{"Put":{"TableName":"bench","Item":)" + item_of(workload, n) +
         R"(}},{"Update":{"TableName":"bench","Key":)" + key_of(workload, n + 1) + "," +
         std::string(kCount) + "}}]}";
}

std::string batch_of(const Workload& workload, std::uint64_t n) {
  std::string body = R"({"RequestItems":{"bench":[)";
  for (std::uint64_t i = n * kBatch; i < (n + 1) * kBatch && i < workload.items; ++i) {
    if (body.back() == '}') body.push_back(',');
    body.append(R"({"PutRequest":{"Item":)").append(item_of(workload, i)).append("}}");
  }
  return body + "]}}";
}

}  // namespace

std::vector<std::string> table_bodies() {
  return {
      R"({"TableName":"bench","BillingMode":"PAY_PER_REQUEST",)"
      R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],)"
      R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})",
      R"({"TableName":"series","BillingMode":"PAY_PER_REQUEST",)"
      R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},)"
      R"({"AttributeName":"at","AttributeType":"N"}],)"
      R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"},)"
      R"({"AttributeName":"at","KeyType":"RANGE"}]})",
  };
}

std::string make_body(const Workload& workload, std::uint64_t n) {
  const std::string& operation = workload.operation;
  if (operation == "GetItem") {
    return R"({"TableName":"bench","Key":)" + key_of(workload, n) + "}";
  }
  if (operation == "PutItem") {
    return R"({"TableName":"bench","Item":)" + item_of(workload, n) + "}";
  }
  if (operation == "PutSeries") {
    return R"({"TableName":"series","Item":)" + series_item_of(workload, n) + "}";
  }
  if (operation == "UpdateItem") {
    return R"({"TableName":"bench","Key":)" + key_of(workload, n) + "," + std::string(kCount) + "}";
  }
  if (operation == "Query") {
    const auto partitions = std::max<std::uint64_t>(1, workload.items / kSeriesLength);
    return R"({"TableName":"series","KeyConditionExpression":"id = :id",)"
           R"("ExpressionAttributeValues":{":id":{"S":")" +
           key_text(n % partitions) + R"("}}})";
  }
  if (operation == "TransactWriteItems") return transaction_of(workload, n);
  if (operation == "BatchWriteItem") return batch_of(workload, n);
  throw std::invalid_argument("no load for the operation " + operation);
}

std::string make_wire(const Workload& workload, std::string_view operation, std::string body) {
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("Host", workload.host);
  request.headers.add("Content-Type", "application/x-amz-json-1.0");
  request.headers.add("X-Amz-Target", "DynamoDB_20120810." + std::string(operation));
  request.headers.add("User-Agent", "stator-bench");
  request.body = std::move(body);
  aws::sigv4::sign(request, workload.credentials, "us-east-1", "dynamodb", SystemClock().wall());
  std::string wire = "POST / HTTP/1.1\r\n";
  for (const auto& [name, value] : request.headers.fields()) {
    wire.append(name).append(": ").append(value).append("\r\n");
  }
  wire.append("Content-Length: ").append(std::to_string(request.body.size()));
  return wire.append("\r\n\r\n").append(request.body);
}

std::string make_request(const Workload& workload, std::uint64_t n) {
  const bool is_series = workload.operation == "PutSeries";
  return make_wire(workload, is_series ? "PutItem" : workload.operation, make_body(workload, n));
}

NextRequest ring_of(const Workload& workload, std::size_t size) {
  SeededRandom random(kSeed);
  auto ring = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 0; i < size; ++i) {
    ring->push_back(make_request(workload, random.below(workload.items)));
  }
  return [ring, at = std::size_t{0}]() mutable -> std::string_view {
    return (*ring)[at++ % ring->size()];
  };
}

NextRequest sequence_of(const Workload& workload, std::uint64_t count) {
  return [workload, count, n = std::uint64_t{0},
          request = std::string()]() mutable -> std::string_view {
    if (n == count) return {};
    request = make_request(workload, n++);
    return request;
  };
}

}  // namespace stator::bench
