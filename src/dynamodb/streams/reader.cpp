#include "dynamodb/streams/reader.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/record_number.hpp"

namespace stator::dynamodb::streams {

namespace {

using storage::Family;

Error stream_not_found(std::string_view arn) {
  return {ErrorCode::kNotFound,
          "Requested resource not found: Stream: " + std::string(arn) + " not found",
          "ResourceNotFoundException"};
}

Error trimmed() {
  return {ErrorCode::kInvalid, "The data you are trying to access has been trimmed",
          "TrimmedDataAccessException"};
}

struct StreamName {
  TableRef table;
  std::string label;
};

/// Nothing for what is no stream's ARN.
std::optional<StreamName> name_from(std::string_view arn_text) {
  constexpr std::string_view kTable = "table/";
  constexpr std::string_view kStream = "/stream/";
  const auto arn = aws::Arn::parse(arn_text);
  if (!arn || arn->service != "dynamodb" || !arn->resource.starts_with(kTable)) return std::nullopt;
  const auto at = arn->resource.find(kStream);
  if (at == std::string::npos) return std::nullopt;
  return StreamName{
      {arn->account, arn->region, arn->resource.substr(kTable.size(), at - kTable.size())},
      arn->resource.substr(at + kStream.size())};
}

}  // namespace

Result<StreamHandle> StreamReader::find(std::string_view stream_arn) const {
  const auto name = name_from(stream_arn);
  if (!name) return stream_not_found(stream_arn);
  StreamHandle stream = tables_.find(name->table);
  if (!stream || !stream->stream || stream->stream->label != name->label) {
    STATOR_TRY(stream, find_retired(tables_.store(), name->table, name->label));
  }
  if (!stream || is_gone(*stream->stream, tables_.clock().wall())) {
    return stream_not_found(stream_arn);
  }
  return stream;
}

Result<std::vector<StreamHandle>> StreamReader::list(const TableRef& where) const {
  const WallTime now = tables_.clock().wall();
  std::vector<StreamHandle> streams;
  const auto take = [&](const StreamHandle& table) {
    if (!table->stream || is_gone(*table->stream, now)) return;
    if (table->account != where.account || table->region != where.region) return;
    if (!where.name.empty() && table->name != where.name) return;
    streams.push_back(table);
  };
  for (const auto& table : tables_.all()) take(table);
  STATOR_TRY(auto retired, retired_streams(tables_.store()));
  for (Table& table : retired) take(std::make_shared<const Table>(std::move(table)));
  std::sort(streams.begin(), streams.end(), [](const StreamHandle& a, const StreamHandle& b) {
    return a->stream_arn() < b->stream_arn();
  });
  return streams;
}

std::vector<StreamShard> StreamReader::shards(const Table& stream) const {
  const WallTime now = tables_.clock().wall();
  std::vector<StreamShard> result;
  for (const StreamShard& shard : stream.stream->shards) {
    if (!is_gone(shard, now)) result.push_back(shard);
  }
  return result;
}

Result<StreamShard> StreamReader::shard(const Table& stream, std::string_view shard_id) const {
  for (StreamShard& shard : shards(stream)) {
    if (shard.id == shard_id) return std::move(shard);
  }
  return Error{ErrorCode::kNotFound,
               "Requested resource not found: Shard: " + std::string(shard_id) +
                   " in stream: " + stream.stream_arn() + " not found",
               "ResourceNotFoundException"};
}

std::uint64_t StreamReader::horizon() const {
  return number_at(tables_.clock().wall() - kRetention);
}

Result<Position> StreamReader::latest(const Table& stream, const StreamShard& shard) const {
  if (!shard.is_open()) return Position{shard.last + 1};
  STATOR_TRY(const auto newest, last_record_number(tables_.store(), stream.stream->id));
  return Position{std::max(newest + 1, shard.first)};
}

Result<Position> StreamReader::at(const StreamShard& shard, std::uint64_t number) const {
  if (number < shard.first || (!shard.is_open() && number > shard.last)) {
    return validation("Invalid SequenceNumber for the shard");
  }
  if (number < horizon()) return trimmed();
  return Position{number};
}

Result<RecordPage> StreamReader::read(std::string_view stream_arn, std::string_view shard_id,
                                      Position from, const ReadLimits& limits) const {
  // A shard that is open after the snapshot was taken had no child then, so every record of the
  // snapshot is its own; one that was closed before has all its records in the snapshot. One that
  // closes in between is looked at again, and shards close once.
  for (;;) {
    STATOR_TRY(const auto before, find(stream_arn));
    STATOR_TRY(const auto shard, this->shard(*before, shard_id));
    const auto snapshot = tables_.store().snapshot();
    if (shard.is_open()) {
      STATOR_TRY(const auto after, find(stream_arn));
      STATOR_TRY(const auto same_shard, this->shard(*after, shard_id));
      if (!same_shard.is_open()) continue;
    }
    return read_at(*snapshot, *before, shard, from, limits);
  }
}

Result<RecordPage> StreamReader::read_at(const storage::Snapshot& at, const Table& stream,
                                         const StreamShard& shard, Position from,
                                         const ReadLimits& limits) const {
  const TableId id = stream.stream->id;
  const std::uint64_t oldest = std::max(horizon(), shard.first);
  std::uint64_t next = std::max(from.number, shard.first);
  storage::Range range{record_key(id, next), table_range(id).end};
  if (!shard.is_open()) range.end = record_key(id, shard.last + 1);
  RecordPage page;
  page.durable_after = at.sequence();

  const auto records = tables_.store().iterate(Family::kStreams, range, &at);
  records->seek_first();
  if (next < oldest) {
    // Records stay in the store until every iterator that could have pointed at them has expired,
    // so a gap cannot go unnoticed.
    if (!from.is_horizon && records->valid() && records->key() < record_key(id, oldest)) {
      return trimmed();
    }
    next = oldest;
    records->seek(record_key(id, oldest));
  }
  std::size_t bytes = 0;
  bool is_full = false;
  for (; records->valid(); records->next()) {
    Record record = decode_record(records->key(), records->value());
    bytes += record.size_bytes();
    is_full =
        page.records.size() == limits.records || (bytes > limits.bytes && !page.records.empty());
    if (is_full) break;
    next = record.number + 1;
    page.records.push_back(std::move(record));
  }
  STATOR_TRY_VOID(records->status());
  page.next = {next, false};
  page.is_end = !is_full && !shard.is_open();
  return page;
}

}  // namespace stator::dynamodb::streams
