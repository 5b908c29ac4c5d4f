#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// One event of a log, as it is shown.
struct ShownEvent {
  std::int64_t time_ms = 0;
  std::int64_t ingestion_ms = 0;
  std::string stream;
  std::string message;
};

/// Reads a log group as it grows. Each stream is read on from where it was left, by the tokens that
/// GetLogEvents gives, so no event is read twice, and none is missed as long as each stream's own
/// times do not go back, as those of functions never do.
class LogFollower {
 public:
  /// Asks an operation of CloudWatch Logs.
  using Ask =
      std::function<Result<json::Object>(std::string_view operation, const json::Object& input)>;
  struct Source {
    std::string group;
    std::string stream_part = {};  ///< only streams whose names hold this
    std::int64_t from_ms = 0;      ///< the earliest event
  };

  LogFollower(Ask ask, Source source) : ask_(std::move(ask)), source_(std::move(source)) {}

  using Show = std::function<void(const ShownEvent&)>;
  /// Shows what is new, in the order of time, then stream. False while there is no such group.
  [[nodiscard]] Result<bool> poll(const Show& show);

 private:
  /// A stream and how far it was read.
  struct Place {
    std::string token;
    std::int64_t ingestion_ms = 0;
    int quiet_reads = 0;  ///< since something new was seen
  };
  /// A stream that is being read: a page of events, and whether more may follow.
  struct Reading {
    std::string stream;
    std::vector<ShownEvent> page;
    std::size_t at = 0;
  };

  [[nodiscard]] Result<std::vector<std::string>> changed_streams();
  [[nodiscard]] bool note(const json::Object& stream, std::vector<std::string>& changed);
  /// The next page; empty at the end.
  [[nodiscard]] Result<std::vector<ShownEvent>> read_page(const std::string& stream);
  [[nodiscard]] Result<void> show_merged(std::vector<Reading> readings, const Show& show);

  Ask ask_;
  Source source_;
  std::map<std::string, Place> places_;
};

}  // namespace stator::cli
