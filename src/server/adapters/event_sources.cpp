#include "server/adapters/event_sources.hpp"

#include <algorithm>
#include <array>

#include "aws/arn.hpp"
#include "iam/compiled.hpp"

namespace stator::server {
namespace {

using dynamodb::StreamShard;
namespace streams = dynamodb::streams;

/// Who Lambda is where it reads a stream for a function.
constexpr const char* kSession = "lambda-event-source-mapping";

/// FNV-1a, which stays the same from one build to the next: a record's lane must.
std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash ^ hash >> 32;
}

}  // namespace

Result<lambda::sources::StreamSource::Description> TableStreams::describe(
    std::string_view stream_arn) {
  STATOR_TRY(const auto stream, reader_.find(stream_arn));
  return Description{stream->stream->id, stream->stream->is_enabled};
}

Result<std::uint64_t> TableStreams::latest(std::string_view stream_arn) {
  STATOR_TRY(const auto stream, reader_.find(stream_arn));
  const auto shards = reader_.shards(*stream);
  if (shards.empty()) return std::uint64_t{0};
  STATOR_TRY(const auto position, reader_.latest(*stream, shards.back()));
  return position.number;
}

Result<lambda::sources::StreamPage> TableStreams::read(const lambda::sources::StreamRead& wanted) {
  STATOR_TRY(const auto stream, reader_.find(wanted.stream_arn));
  lambda::sources::StreamPage page;
  page.next = wanted.from;
  const auto shards = reader_.shards(*stream);
  const auto shard = std::find_if(shards.begin(), shards.end(), [&](const StreamShard& one) {
    return one.is_open() || one.last >= wanted.from;
  });
  if (shard == shards.end()) {
    // The stream is off and was read to its end.
    if (!shards.empty()) page.shard_id = shards.back().id;
    page.is_caught_up = true;
    return page;
  }
  page.shard_id = shard->id;
  streams::ReadLimits limits;
  limits.records = std::min(wanted.records_max, limits.records);
  STATOR_TRY(const auto read,
             reader_.read(wanted.stream_arn, shard->id, {wanted.from, true}, limits));
  page.next = read.is_end ? std::max(shard->last + 1, wanted.from) : read.next.number;
  page.is_shard_end = read.is_end;
  page.is_caught_up = read.records.empty() && !read.is_end;
  page.durable_after = read.durable_after;
  for (const streams::Record& record : read.records) {
    if (wanted.lane.count > 1 && hash_of(record.keys) % wanted.lane.count != wanted.lane.index) {
      continue;
    }
    lambda::sources::StreamRecord event{
        record.number, streams::sequence_number(record.number), record.created, {}};
    streams::append_event_json(event.json, record, *stream);
    page.records.push_back(std::move(event));
  }
  return page;
}

void TableStreams::listen(std::function<void(std::uint64_t stream_id)> written) {
  tables_.stream_bell().listen(std::move(written));
}

Result<void> FunctionRights::check(const std::string& role_arn, const std::string& action,
                                   const std::string& resource) {
  STATOR_TRY(const auto arn, aws::Arn::parse(role_arn));
  const std::string name = arn.resource.substr(arn.resource.rfind('/') + 1);
  STATOR_TRY(const auto role, identity_.find_compiled(arn.account, iam::EntityKind::kRole, name));
  aws::Call call;
  call.principal.kind = aws::Principal::Kind::kAssumedRole;
  call.principal.account = call.account = arn.account;
  call.principal.arn =
      aws::make_arn("sts", "", arn.account, "assumed-role/" + name + "/" + kSession);
  if (role != nullptr) call.principal.user_id = role->id + ":" + kSession;
  call.principal.role_name = name;
  const auto resource_arn = aws::Arn::parse(resource);
  if (resource_arn) call.region = resource_arn->region;
  call.now = clock_.wall();
  return authorizer_.authorize(call, std::array{aws::Permission{action, resource}});
}

Result<void> FailedRecords::put(std::string_view account, std::string_view bucket,
                                std::string_view key, std::string body) {
  s3::Upload upload;
  upload.body = body;
  upload.labels.headers = {{"Content-Type", "application/json"}};
  upload.now = clock_.wall();
  STATOR_TRY_VOID(objects_.put({std::string(account), std::string(bucket), std::string(key)},
                               std::move(upload)));
  return {};
}

}  // namespace stator::server
