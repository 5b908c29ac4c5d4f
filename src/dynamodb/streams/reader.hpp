#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/streams/lifecycle.hpp"
#include "dynamodb/streams/record.hpp"

namespace stator::dynamodb::streams {

/// AWS's:
/// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
inline constexpr std::chrono::minutes kIteratorLife{15};
inline constexpr std::size_t kRecordsMax = 1'000;
inline constexpr std::size_t kPageBytesMax = 1u << 20;

/// A stream, as the table that it is or was the stream of.
using StreamHandle = std::shared_ptr<const Table>;

/// Where to read on in a shard.
struct Position {
  std::uint64_t number = 0;  ///< of the first record that is wanted
  /// From the oldest record that there is, wherever that is by then. Otherwise a record that was
  /// trimmed meanwhile is missed, and that is an error.
  bool is_horizon = false;
};

struct ReadLimits {
  std::size_t records = kRecordsMax;
  std::size_t bytes = kPageBytesMax;  ///< of SizeBytes; the first record comes whatever its size
};

/// Some records of a shard, in their order.
struct RecordPage {
  std::vector<Record> records;
  Position next;
  bool is_end = false;  ///< the shard is closed and all of it was read: its children come next
  storage::Sequence durable_after = 0;  ///< what this reveals
};

/// Reads streams. A consumer that reads each shard to its end before that shard's children gets
/// every record once, and the records of one item in the order of its writes. Any thread may call.
class StreamReader {
 public:
  explicit StreamReader(Tables& tables) : tables_(tables) {}

  /// The stream of that ARN; ResourceNotFoundException when there is none (any more).
  [[nodiscard]] Result<StreamHandle> find(std::string_view stream_arn) const;
  /// The streams of an account and region by ARN; of one table where `table_name` is not empty.
  [[nodiscard]] Result<std::vector<StreamHandle>> list(const TableRef& where) const;

  /// The shards that may still have records, parents before children.
  [[nodiscard]] std::vector<StreamShard> shards(const Table& stream) const;
  /// ResourceNotFoundException when the stream has no shard of that name (any more).
  [[nodiscard]] Result<StreamShard> shard(const Table& stream, std::string_view shard_id) const;

  /// After the newest record of the shard.
  [[nodiscard]] Result<Position> latest(const Table& stream, const StreamShard& shard) const;
  /// TrimmedDataAccessException for a record that is too old; a ValidationException for a number
  /// that is not the shard's.
  [[nodiscard]] Result<Position> at(const StreamShard& shard, std::uint64_t number) const;

  /// The records of the shard from `from` on. TrimmedDataAccessException when some of them are gone
  /// already.
  [[nodiscard]] Result<RecordPage> read(std::string_view stream_arn, std::string_view shard_id,
                                        Position from, const ReadLimits& limits) const;

 private:
  [[nodiscard]] Result<RecordPage> read_at(const storage::Snapshot& at, const Table& stream,
                                           const StreamShard& shard, Position from,
                                           const ReadLimits& limits) const;
  /// The number before which everything is too old.
  [[nodiscard]] std::uint64_t horizon() const;

  Tables& tables_;
};

}  // namespace stator::dynamodb::streams
