#include "dynamodb/errors.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/streams/service.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb::streams {

namespace {

struct Request {
  ShardIterator iterator;
  ReadLimits limits;
};

Result<Request> read(const IteratorSeal& seal, std::span<const Rule> rules, std::string_view body) {
  auto object = json::parse_object(body);
  if (!object) return serialization(object.error().message);
  const aws::Input input(std::move(*object));
  STATOR_TRY_VOID(check_model(input, rules));
  STATOR_TRY(const auto text, input.text("ShardIterator"));
  STATOR_TRY(const auto limit, input.integer("Limit"));
  Request request;
  STATOR_TRY(request.iterator, seal.open(*text));
  if (limit) request.limits.records = static_cast<std::size_t>(*limit);
  return request;
}

Result<std::string> handle(const StreamParts& parts, aws::Call& call, const Request& request) {
  const ShardIterator& at = request.iterator;
  STATOR_TRY_VOID(check_age(at, call.now));
  STATOR_TRY(const auto stream, parts.reader.find(at.stream_arn));
  STATOR_TRY(const auto page,
             parts.reader.read(at.stream_arn, at.shard_id, at.position, request.limits));
  call.durable_after = page.durable_after;
  std::string out;
  {
    JsonList answer(out, '{', '}');
    answer.next_member("Records");
    {
      JsonList records(out, '[', ']');
      for (const Record& record : page.records) {
        records.next();
        append_json(out, record, *stream);
      }
    }
    if (!page.is_end) {
      answer.next_member("NextShardIterator");
      append_json_string(out, parts.seal.seal({at.stream_arn, at.shard_id, page.next, call.now}));
    }
  }
  return out;
}

}  // namespace

aws::Operation get_records(const StreamPartsPtr& parts) {
  return aws::Operation::raw<Request>(
      "GetRecords", aws::ByName{},
      [parts, rules = model_of("GetRecords")](const aws::Call&, const aws::RawRequest& request) {
        return read(parts->seal, rules, request.http.body);
      },
      [parts](const aws::Call&, const Request& request) -> Result<aws::Needs> {
        return stream_needs(*parts, "GetRecords", request.iterator.stream_arn);
      },
      [parts](aws::Call& call, const Request& request) -> Result<http::Response> {
        http::Response response;
        STATOR_TRY(response.body, handle(*parts, call, request));
        return response;
      });
}

}  // namespace stator::dynamodb::streams
