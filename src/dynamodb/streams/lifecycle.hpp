#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dynamodb/tables.hpp"

/// How streams begin, go on and end.
///
/// A stream is a chain of shards, of which the last is open while the stream is on. An open shard
/// closes after about four hours and the next one is its child. A stream that is switched off, or
/// whose table is deleted, can be read for another day; then it is gone. When its table has a newer
/// one by then, or is deleted, the stream is "retired": kept in Family::kMeta as the record of the
/// table that it was the stream of.
namespace stator::dynamodb::streams {

/// AWS keeps records for 24 hours:
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
inline constexpr std::chrono::hours kRetention{24};
/// How old an open shard becomes.
inline constexpr std::chrono::hours kShardLife{4};

/// Gives the table a stream: of a table that is not yet made, or inside the change of
/// Tables::update(). AWS's error when it has one that is on.
[[nodiscard]] Result<void> open_stream(Tables& tables, Table& table, StreamSettings::View view);
/// Switches the table's stream off, inside the change of Tables::update(). AWS's error when none is
/// on.
[[nodiscard]] Result<void> close_stream(Tables& tables, Table& table);

/// Completes what a change of a table says of its stream: one without shards is begun, of which
/// only the view matters, and the last shard of one that was switched off closes. `before` is the
/// stream before the change. Nobody writes to the table meanwhile.
[[nodiscard]] Result<void> settle_stream(Tables& tables,
                                         const std::optional<StreamSettings>& before, Table& table);

/// Adds to `batch` what keeps the stream of a table that loses it readable, if it has one. Nobody
/// writes to the table meanwhile.
[[nodiscard]] Result<void> retire(const storage::Store& store, const Table& table, WallTime now,
                                  storage::Batch& batch);
/// What the keys of retired streams' records begin with. Throws ConfigError when they cannot be
/// read.
[[nodiscard]] std::set<std::string> retired_prefixes(const storage::Store& store);
/// Each as the table that it was the stream of.
[[nodiscard]] Result<std::vector<Table>> retired_streams(const storage::Store& store);
/// Null when there is none of that table and label.
[[nodiscard]] Result<std::shared_ptr<const Table>> find_retired(const storage::Store& store,
                                                                const TableRef& ref,
                                                                std::string_view label);

/// Whether the stream was switched off so long ago that it is gone.
[[nodiscard]] bool is_gone(const StreamSettings& stream, WallTime now);
/// Whether the shard closed so long ago that nothing of it is left.
[[nodiscard]] bool is_gone(const StreamShard& shard, WallTime now);

/// Lets shards follow one another and erases what is too old, once a minute, in the background.
void keep_streams(Tables& tables);

}  // namespace stator::dynamodb::streams
