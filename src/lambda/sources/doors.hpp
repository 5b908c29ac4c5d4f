#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/store.hpp"

/// What event source mappings need from other services; the server implements these. Every call may
/// come from any thread and may read from the disk.
namespace stator::lambda::sources {

/// A record of a stream. Numbers grow along the whole stream, shard after shard.
struct StreamRecord {
  std::uint64_t number = 0;
  std::string sequence_number;  ///< of `number`, as AWS writes it
  WallTime created;
  std::string json;  ///< as an event has it among its Records
};

/// One of `count` parts of a stream. All records of one item are in the same part.
struct LaneId {
  std::size_t index = 0;
  std::size_t count = 1;
};

struct StreamRead {
  std::string stream_arn;
  std::uint64_t from = 0;  ///< records before it are not wanted; 0 is the oldest that there is
  LaneId lane;
  std::size_t records_max = 1'000;  ///< that are looked at, of whatever lane
};

struct StreamPage {
  std::string shard_id;                 ///< of all the records
  std::vector<StreamRecord> records;    ///< of the lane
  std::uint64_t next = 0;               ///< where to read on
  bool is_shard_end = false;            ///< what comes next is of another shard
  bool is_caught_up = false;            ///< nothing was left to look at
  storage::Sequence durable_after = 0;  ///< what the page reveals
};

/// DynamoDB's streams.
class StreamSource {
 public:
  virtual ~StreamSource() = default;
  struct Description {
    std::uint64_t id = 0;  ///< what listen() tells
    bool is_enabled = false;
  };
  /// kNotFound when there is no such stream (any more).
  [[nodiscard]] virtual Result<Description> describe(std::string_view stream_arn) = 0;
  /// What read() may begin from to get only records that are written after this call.
  [[nodiscard]] virtual Result<std::uint64_t> latest(std::string_view stream_arn) = 0;
  /// Some records in their order, those of a shard's parent first. Records past their retention
  /// are passed over.
  [[nodiscard]] virtual Result<StreamPage> read(const StreamRead& wanted) = 0;
  /// `written` is called after each new record of any stream, on the thread that wrote it, where it
  /// must be short and must not read streams. Once, before the server answers requests.
  virtual void listen(std::function<void(std::uint64_t stream_id)> written) = 0;
};

/// What the roles of functions may do.
class RoleRights {
 public:
  virtual ~RoleRights() = default;
  /// kAccessDenied unless the role's policies let it do `action` on `resource`.
  [[nodiscard]] virtual Result<void> check(const std::string& role_arn, const std::string& action,
                                           const std::string& resource) = 0;
};

/// S3, for the records of failed batches.
class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  [[nodiscard]] virtual Result<void> put(std::string_view account, std::string_view bucket,
                                         std::string_view key, std::string body) = 0;
};

}  // namespace stator::lambda::sources
