#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "dynamodb/commit.hpp"
#include "dynamodb/table.hpp"
#include "storage/store.hpp"

/// Stream records as they lie in Family::kStreams. A key is
///
///   stream (8 bytes) | number (8)
///
/// so a stream's records are in the order of their numbers, which is the order of the writes.
namespace stator::dynamodb::streams {

enum class Event : std::uint8_t { kInsert, kModify, kRemove };

/// One change of one item. The images are encoded items; a view that does not have one leaves it
/// empty, as does a change that has none.
struct Record {
  std::uint64_t number = 0;
  Event event = Event::kInsert;
  Cause cause = Cause::kRequest;
  WallTime created;
  std::string keys;
  std::optional<std::string> old_image = {};
  std::optional<std::string> new_image = {};

  /// What AWS calls SizeBytes: of keys and images, by the rules for items.
  [[nodiscard]] std::size_t size_bytes() const;
  bool operator==(const Record&) const = default;
};

/// When and why a change happens.
struct Occasion {
  std::uint64_t number;
  WallTime now;
  Cause cause;
};

/// Adds the record of a change that changes something, if its table has a stream that is on.
void add_record(const ItemChange& change, const Occasion& occasion, storage::Batch& batch);

[[nodiscard]] std::string record_key(TableId stream, std::uint64_t number);
[[nodiscard]] std::string encode_record(const Record& record);
/// `key` and `value` as they lie in the store; anything else throws BugError.
[[nodiscard]] Record decode_record(std::string_view key, std::string_view value);

/// Of the stream's newest record; 0 when it has none.
[[nodiscard]] Result<std::uint64_t> last_record_number(const storage::Store& store, TableId stream);

/// The number as AWS's 21 digits, whose text order is the numbers' order.
[[nodiscard]] std::string sequence_number(std::uint64_t number);
/// The inverse; nothing for any other text.
[[nodiscard]] std::optional<std::uint64_t> number_from(std::string_view sequence_number);

/// Appends the record as GetRecords answers it; `table` has the stream.
void append_json(std::string& out, const Record& record, const Table& table);
/// The same as Lambda hands it to functions: with eventSourceARN, and userIdentity in small
/// letters. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
void append_event_json(std::string& out, const Record& record, const Table& table);

[[nodiscard]] std::string_view to_string(StreamSettings::View view);

}  // namespace stator::dynamodb::streams
