#include "logs/event.hpp"

#include "storage/key.hpp"

namespace stator::logs {
namespace {

void append_u64(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint64_t read_u64(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes.substr(0, 8)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::string events_prefix(const GroupName& name) {
  return storage::path_key({name.account, name.region, name.group});
}

std::string events_prefix(const StreamName& name) {
  return storage::path_key({name.account, name.region, name.group, name.stream});
}

void append_position(std::string& key, const Position& position) {
  append_u64(key, static_cast<std::uint64_t>(position.time_ms));
  append_u64(key, position.sequence);
}

std::optional<Position> parse_position(std::string_view bytes) {
  if (bytes.size() != 16) return std::nullopt;
  const auto time = read_u64(bytes);
  if (time > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return Position{static_cast<std::int64_t>(time), read_u64(bytes.substr(8))};
}

std::string dump_event(std::int64_t ingestion_ms, std::string_view message) {
  std::string value;
  value.reserve(8 + message.size());
  append_u64(value, static_cast<std::uint64_t>(ingestion_ms));
  value.append(message);
  return value;
}

std::optional<StoredEvent> parse_event(std::string_view key, std::size_t prefix_size,
                                       std::string_view value) {
  if (key.size() < prefix_size || value.size() < 8) return std::nullopt;
  const auto position = parse_position(key.substr(prefix_size));
  if (!position) return std::nullopt;
  return StoredEvent{*position, static_cast<std::int64_t>(read_u64(value)),
                     std::string(value.substr(8))};
}

}  // namespace stator::logs
