#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::lambda::sources {

/// AWS keeps a stream's records for a day; what is older cannot be tried again.
inline constexpr std::chrono::hours kRecordLife{24};

/// What an event source mapping does, with AWS's defaults for streams:
/// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
struct MappingSettings {
  std::string function_arn = {};  ///< qualified when the request named a qualifier
  bool is_enabled = true;
  std::int64_t batch_size = 100;
  std::int64_t batching_window_s = 0;
  std::int64_t parallelization_factor = 1;
  std::int64_t retries_max = -1;  ///< -1: until the record is too old
  std::int64_t age_s_max = -1;    ///< -1: as long as the stream keeps it
  std::int64_t tumbling_window_s = 0;
  bool bisects = false;
  bool reports_item_failures = false;
  std::vector<std::string> filters = {};  ///< patterns; a record must match one where there are any
  std::string on_failure = {};            ///< an ARN, or "" for none
};

/// An event source mapping: records of a stream invoke a function.
struct Mapping {
  std::string account;
  std::string region;
  std::string uuid;
  std::string stream_arn;
  bool is_from_horizon = true;  ///< StartingPosition TRIM_HORIZON, else LATEST
  MappingSettings settings;
  WallTime last_modified;
  std::map<std::string, std::string> tags;

  [[nodiscard]] std::string arn() const;
};

/// A tumbling window that has begun: records of one span of time, whose invocations hand a state
/// on.
struct OpenWindow {
  std::int64_t start_s = 0;  ///< since 1970
  std::int64_t length_s = 0;
  std::string state_json = "{}";
  bool is_over_limit = false;  ///< the function returned more state than it may; the window ends
  bool operator==(const OpenWindow&) const = default;
};

/// How far one lane of a mapping is: all its records before `next` are finished.
struct LanePosition {
  std::uint64_t next = 0;
  std::optional<OpenWindow> window = {};
  bool operator==(const LanePosition&) const = default;
};

/// To and from the JSON text that the store keeps. Reading answers kInternal for what was not
/// written by encode().
[[nodiscard]] std::string encode(const Mapping& mapping);
[[nodiscard]] std::string encode(const LanePosition& position);
[[nodiscard]] Result<Mapping> decode_mapping(std::string_view text);
[[nodiscard]] Result<LanePosition> decode_position(std::string_view text);

/// EventSourceMappingConfiguration as the API answers it.
struct MappingStatus {
  std::string state;              ///< "Enabled", "Creating", ...
  std::string processing_result;  ///< LastProcessingResult
};
[[nodiscard]] json::Object render(const Mapping& mapping, const MappingStatus& status);

}  // namespace stator::lambda::sources
