#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// What a log group and a log stream are, and the JSON text in Family::kMeta that keeps them.
namespace stator::logs {

struct GroupName {
  std::string account;
  std::string region;
  std::string group;
};

struct StreamName {
  std::string account;
  std::string region;
  std::string group;
  std::string stream;

  [[nodiscard]] GroupName group_name() const { return {account, region, group}; }
};

struct Group {
  std::string name;
  std::int64_t created_ms = 0;
  std::optional<std::int64_t> retention_days = {};  ///< unset: events never expire
  std::map<std::string, std::string> tags = {};
  std::int64_t stored_bytes = 0;  ///< of the events that are kept
};

struct Stream {
  std::string name;
  std::int64_t created_ms = 0;
  std::optional<std::int64_t> first_event_ms = {};
  std::optional<std::int64_t> last_event_ms = {};
  std::optional<std::int64_t> last_ingestion_ms = {};
  std::uint64_t next_sequence = 0;  ///< tells events of one millisecond apart
  std::int64_t stored_bytes = 0;
};

[[nodiscard]] std::string group_key(const GroupName& name);
/// Every group of the account and region whose name starts with `prefix`.
[[nodiscard]] std::string groups_prefix(std::string_view account, std::string_view region);
[[nodiscard]] std::string stream_key(const StreamName& name);
[[nodiscard]] std::string streams_prefix(const GroupName& name);
/// Present for each group whose events expire.
[[nodiscard]] std::string retention_key(const GroupName& name);
[[nodiscard]] std::string retention_prefix();

/// The least key under `base` whose last part starts with `prefix`.
[[nodiscard]] std::string with_name_prefix(std::string_view base, std::string_view prefix);

[[nodiscard]] std::string dump(const Group& group);
[[nodiscard]] std::string dump(const Stream& stream);
/// kInternal for what dump() did not write.
[[nodiscard]] Result<Group> parse_group(std::string name, std::string_view record);
[[nodiscard]] Result<Stream> parse_stream(std::string name, std::string_view record);

}  // namespace stator::logs
