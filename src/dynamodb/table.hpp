#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "dynamodb/key_codec.hpp"
#include "dynamodb/value.hpp"

namespace stator::dynamodb {

/// An attribute that is part of a key; its type is S, N or B.
struct KeyAttribute {
  std::string name;
  Type type = Type::kS;
  bool operator==(const KeyAttribute&) const = default;
};

struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
  bool operator==(const Throughput&) const = default;
};

/// What a table and each global index know of their throughput beside the provisioned units.
struct ThroughputDetails {
  Throughput on_demand_max = {};  ///< OnDemandThroughput; 0: no limit
  Throughput warm = {};           ///< the highest WarmThroughput so far: it never falls
  std::optional<WallTime> last_increase = {};
  std::optional<WallTime> last_decrease = {};
  std::int64_t decreases = 0;  ///< on the UTC day of the last one
  bool operator==(const ThroughputDetails&) const = default;
};

/// Which attributes of an item its index entries carry beside the keys of table and index.
struct IndexProjection {
  enum class Type : std::uint8_t { kAll, kKeysOnly, kInclude };
  Type type = Type::kAll;
  std::vector<std::string> included = {};  ///< for kInclude, in the order given
  bool operator==(const IndexProjection&) const = default;
};

/// A local or global secondary index.
struct Index {
  /// As TableStatus. An index that is being created is kept by every write from the start and
  /// filled with older items in the background; only an active one can be read.
  enum class Status : std::uint8_t { kCreating, kActive, kDeleting };

  TableId id = 0;  ///< its entries' place in Family::kIndex; never used twice
  std::string name;
  bool is_global = false;
  /// Up to four each; a local index has the table's partition key and one sort attribute.
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
  IndexProjection projection;
  Throughput provisioned;
  ThroughputDetails throughput = {};  ///< of a global index
  Status status = Status::kActive;
  bool operator==(const Index&) const = default;
};

/// The policy of a table or of a stream.
struct AttachedPolicy {
  std::string document;  ///< as it was put
  std::string revision_id;
  std::shared_ptr<const aws::ResourcePolicy> compiled;  ///< of `document`
  bool operator==(const AttachedPolicy& other) const {
    return document == other.document && revision_id == other.revision_id;
  }
};

/// The records of a stream that have numbers from `first` to `last`.
struct StreamShard {
  std::string id;
  std::string parent_id;  ///< the shard before it; "" for the first
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< 0 while it is open
  WallTime opened;
  WallTime closed;  ///< of no meaning while it is open

  [[nodiscard]] bool is_open() const { return last == 0; }
  bool operator==(const StreamShard&) const = default;
};

/// The newest stream of a table; one that was switched off stays readable for a day. Made and
/// changed by streams/lifecycle.hpp only.
struct StreamSettings {
  enum class View : std::uint8_t { kKeysOnly, kNewImage, kOldImage, kNewAndOldImages };
  View view = View::kNewAndOldImages;
  bool is_enabled = true;
  WallTime created;
  std::string label;  ///< "2026-01-02T03:04:05.678": the last part of the stream's ARN
  TableId id = 0;     ///< its records' place in Family::kStreams; never used twice
  std::vector<StreamShard> shards;  ///< in the order of their numbers; only the last can be open
  std::optional<AttachedPolicy> policy = {};
  bool operator==(const StreamSettings&) const = default;
};

struct TimeToLive {
  std::string attribute;
  TableId id = 0;  ///< its entries' place in Family::kTtl; never used twice
  /// False until the items that are older than it have their entries.
  bool is_filled = false;
  bool operator==(const TimeToLive&) const = default;
};

/// Continuous backups that are switched on.
struct PointInTimeRecovery {
  WallTime since;
  std::int64_t period_days = 35;
  bool operator==(const PointInTimeRecovery&) const = default;
};

/// Where a table that was restored came from.
struct RestoreOrigin {
  std::string backup_arn;  ///< "" when it was restored to a point in time
  std::string table_arn;
  WallTime moment;  ///< the state that the table was given
  bool operator==(const RestoreOrigin&) const = default;
};

/// Everything about a table but its items. Immutable once it is in the catalogue: a change makes a
/// new one.
struct Table {
  TableId id = 0;
  std::string account;
  std::string region;
  std::string name;
  std::string table_id;  ///< the UUID that DescribeTable shows
  /// A table that is being filled by a restore or an import is kCreating: its name is taken, and
  /// operations on items do not see it.
  enum class Status : std::uint8_t { kCreating, kActive };
  Status status = Status::kActive;
  WallTime created;

  std::vector<KeyAttribute> attributes;  ///< AttributeDefinitions, in the order given
  KeyAttribute partition;
  std::optional<KeyAttribute> sort;

  bool is_on_demand = false;
  Throughput provisioned;
  ThroughputDetails throughput;
  std::optional<WallTime> on_demand_since;  ///< when it last was switched to on-demand, if ever
  std::string table_class;                  ///< "" unless it was given
  std::optional<WallTime> table_class_changed;
  bool has_managed_key = false;  ///< SSESpecification asks for the service's KMS key
  bool has_deletion_protection = false;
  std::map<std::string, std::string> tags;

  std::vector<Index> indexes;  ///< local ones first, each kind in the order of its making
  std::optional<StreamSettings> stream;
  std::optional<TimeToLive> ttl;  ///< nothing while it is off
  std::optional<PointInTimeRecovery> recovery;
  std::optional<RestoreOrigin> origin;  ///< nothing unless it was restored
  std::optional<AttachedPolicy> policy;

  [[nodiscard]] std::string arn() const;
  /// Of `stream`, which must be there.
  [[nodiscard]] std::string stream_arn() const;
  /// Null when there is none of that name.
  [[nodiscard]] const Index* find_index(std::string_view index_name) const;
  /// Whether anything but the item itself depends on what an item was before a write.
  [[nodiscard]] bool needs_old_items() const {
    return !indexes.empty() || (stream && stream->is_enabled) || ttl || recovery;
  }
  bool operator==(const Table&) const = default;
};

/// A table as a request names it: by name, or by ARN.
struct TableRef {
  std::string account;
  std::string region;
  std::string name;

  /// Of the caller's account and region unless `name_or_arn` is an ARN that says otherwise.
  [[nodiscard]] static TableRef of(const aws::Call& call, std::string_view name_or_arn);
  [[nodiscard]] std::string arn() const;
};

/// The name inside "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"; the text itself when it is no ARN.
[[nodiscard]] std::string table_name_of(std::string_view name_or_arn);

}  // namespace stator::dynamodb
