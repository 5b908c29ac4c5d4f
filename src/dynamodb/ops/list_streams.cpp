#include "dynamodb/streams/service.hpp"
#include "dynamodb/table_operation.hpp"

#include "aws/arn.hpp"

namespace stator::dynamodb::streams {

namespace {

constexpr std::int64_t kLimitMax = 100;

struct Request {
  TableRef where;  ///< with an empty name: of all tables
  std::size_t limit = kLimitMax;
  std::string after;
};

Result<Request> read(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto table_name, input.text("TableName"));
  STATOR_TRY(const auto limit, input.integer("Limit"));
  STATOR_TRY(const auto after, input.text("ExclusiveStartStreamArn"));
  return Request{TableRef::of(call, table_name.value_or("")),
                 static_cast<std::size_t>(limit.value_or(kLimitMax)), after.value_or("")};
}

Result<json::Object> handle(const StreamReader& reader, const Request& request) {
  STATOR_TRY(const auto streams, reader.list(request.where));
  json::Array listed;
  json::Object answer;
  std::string last;
  for (const StreamHandle& stream : streams) {
    const std::string arn = stream->stream_arn();
    if (arn <= request.after) continue;
    if (listed.size() == request.limit) {
      answer["LastEvaluatedStreamArn"] = last;
      break;
    }
    listed.push_back(json::Object{
        {"StreamArn", arn}, {"StreamLabel", stream->stream->label}, {"TableName", stream->name}});
    last = arn;
  }
  answer["Streams"] = std::move(listed);
  return answer;
}

}  // namespace

aws::Operation list_streams(const StreamPartsPtr& parts) {
  return modelled_operation(
      "ListStreams",
      [](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(Request request, read(call, input));
        if (request.where.name.empty()) request.where.name = "*";
        return aws::Needs{{"dynamodb:ListStreams", request.where.arn() + "/stream/*"}};
      },
      [parts](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto request, read(call, input));
        return handle(parts->reader, request);
      });
}

}  // namespace stator::dynamodb::streams
