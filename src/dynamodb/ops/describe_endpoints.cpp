#include "dynamodb/errors.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/ops/operations.hpp"

namespace stator::dynamodb {

namespace {

/// How long AWS lets clients keep the address.
constexpr int kCacheMinutes = 1'440;

struct Asked {
  std::string host;
};

}  // namespace

aws::Operation describe_endpoints() {
  // The address that the client already uses is the one to use.
  const auto parse = [](const aws::Call&, const aws::RawRequest& request) -> Result<Asked> {
    return Asked{std::string(request.http.headers.get("host"))};
  };
  const auto needs = [](const aws::Call&, const Asked&) -> Result<aws::Needs> {
    return aws::Needs{{"dynamodb:DescribeEndpoints", "*"}};
  };
  const auto respond = [](aws::Call&, const Asked& asked) -> Result<http::Response> {
    http::Response response;
    response.body = "{\"Endpoints\":[{\"Address\":";
    append_json_string(response.body, asked.host);
    response.body.append(",\"CachePeriodInMinutes\":").append(std::to_string(kCacheMinutes));
    response.body.append("}]}");
    return response;
  };
  return aws::Operation::raw<Asked>("DescribeEndpoints", aws::ByName{}, parse, needs, respond);
}

}  // namespace stator::dynamodb
