#include "aws/virtual_host.hpp"

#include <gtest/gtest.h>

#include "aws/service_index.hpp"

namespace stator::aws {
namespace {

TEST(VirtualHost, NamesTheBucket) {
  const std::pair<const char*, const char*> cases[] = {
      {"b.s3.amazonaws.com", "b"},
      {"b.s3.eu-west-1.amazonaws.com:443", "b"},
      {"b.s3-eu-west-1.amazonaws.com", "b"},
      {"b.s3.dualstack.us-east-1.amazonaws.com", "b"},
      {"my.dotted.name.s3.us-east-1.amazonaws.com", "my.dotted.name"},
      {"B.LOCALHOST:4566", "b"},
      {"b.s3.localhost:4566", "b"},
      {"s3.localhost", ""},
      {"s3.us-east-1.amazonaws.com", ""},
      {"s3.amazonaws.com", ""},
      {"localhost:4566", ""},
      {"127.0.0.1:4566", ""},
      {"example.com", ""},
      {"", ""}};
  for (const auto& [host, bucket] : cases) EXPECT_EQ(virtual_bucket(host), bucket) << host;
}

struct Parsed {};

Operation operation(std::string name, std::string method, std::string path) {
  return Operation::raw<Parsed>(
      std::move(name), ByPath{std::move(method), std::move(path)},
      [](const Call&, const RawRequest&) -> Result<Parsed> { return Parsed{}; },
      [](const Call&, const Parsed&) -> Result<Needs> { return Needs{}; },
      [](Call&, Parsed) -> Result<http::Response> { return http::Response{}; });
}

TEST(VirtualHost, IsPartOfThePathForRequestsToS3Alone) {
  Service s3;
  s3.signing_name = "s3";
  s3.protocol = Protocol::kRestXml;
  s3.operations.push_back(operation("ListBuckets", "GET", "/"));
  s3.operations.push_back(operation("ListObjects", "GET", "/{Bucket}"));
  s3.operations.push_back(operation("GetObject", "GET", "/{Bucket}/{Key+}"));
  Service other;
  other.signing_name = "lambda";
  other.protocol = Protocol::kRestJson;
  other.operations.push_back(operation("GetFunction", "GET", "/functions/{Name}"));
  const std::vector<Service> services{std::move(s3), std::move(other)};
  const ServiceIndex index(services);
  const auto find = [&](const std::string& target, const std::string& host,
                        const std::string& service = "s3") {
    http::Request request;
    request.method = "GET";
    request.target = target;
    request.headers.add("Host", host);
    request.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=A/20260102/us-east-1/" +
                                             service +
                                             "/aws4_request, SignedHeaders=host, Signature=0");
    const auto found = index.find(request);
    std::string text = found.operation == nullptr ? "none" : found.operation->name();
    if (found.path == nullptr) return text;
    const auto labels = found.path->labels(found.path_of(request)).value();
    for (const auto& [name, value] : labels) {
      text += " " + name + "=" + value;
    }
    return text;
  };
  EXPECT_EQ(find("/a/b?x=1", "bucket.localhost:4566"), "GetObject Bucket=bucket Key=a/b");
  EXPECT_EQ(find("/", "bucket.s3.amazonaws.com"), "ListObjects Bucket=bucket");
  EXPECT_EQ(find("/", "localhost:4566"), "ListBuckets");
  EXPECT_EQ(find("/bucket/k", "127.0.0.1:4566"), "GetObject Bucket=bucket Key=k");
  EXPECT_EQ(find("/functions/f", "bucket.localhost", "lambda"), "GetFunction Name=f");
}

}  // namespace
}  // namespace stator::aws
