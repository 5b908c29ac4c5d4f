#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "logs/records.hpp"

/// How one event stands in Family::kLogs: under (account, region, group, stream, time, sequence).
namespace stator::logs {

/// Where an event stands in its stream.
struct Position {
  std::int64_t time_ms = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const Position&) const = default;
};

struct StoredEvent {
  Position position;
  std::int64_t ingestion_ms = 0;
  std::string message;
};

/// The beginning that the keys of all events of a group, or of a stream, share.
[[nodiscard]] std::string events_prefix(const GroupName& name);
[[nodiscard]] std::string events_prefix(const StreamName& name);

/// Sixteen bytes whose order is that of positions. Times must not be negative.
void append_position(std::string& key, const Position& position);
[[nodiscard]] std::optional<Position> parse_position(std::string_view bytes);

/// What an event counts for in a batch and in what is stored: its message and AWS's 26 bytes.
inline constexpr std::size_t kEventOverheadBytes = 26;

[[nodiscard]] std::string dump_event(std::int64_t ingestion_ms, std::string_view message);
/// `prefix_size` is the size of events_prefix(StreamName); nothing for what is no event.
[[nodiscard]] std::optional<StoredEvent> parse_event(std::string_view key, std::size_t prefix_size,
                                                     std::string_view value);

}  // namespace stator::logs
