#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "audit/log_files.hpp"
#include "base/result.hpp"

namespace stator::audit {

enum class Priority : std::uint8_t {
  kManagement,  ///< may fill the queue
  kRefusal,     ///< may fill half of it, so that a flood of refused calls hides no change
};

struct WriterOptions {
  std::size_t queued_bytes_max = std::size_t{16} << 20;
};

/// One thread that writes lines from a bounded queue. A call never waits: event loops write too.
/// Where the queue is full a line is dropped and counted, and when there is room again a line in
/// the log itself says how many are missing.
class Writer {
 public:
  /// Makes the line that tells of `count` dropped ones.
  using GapLine = std::function<std::string(std::uint64_t count)>;
  /// Told of each failure of the disk, at most once until a write has succeeded; on the thread.
  using OnError = std::function<void(const Error&)>;

  Writer(LogFiles files, GapLine gap_line, OnError on_error, WriterOptions options = {});
  /// As stop().
  ~Writer();
  Writer(const Writer&) = delete;

  /// `line` has no end of its own. Any thread; after stop() it is dropped.
  void write(std::string line, Priority priority);
  /// Lines that were dropped or that the disk refused, since the start.
  [[nodiscard]] std::uint64_t dropped() const;
  /// Returns when what was written before is in the file.
  void flush();
  /// Writes what is queued, syncs it and joins. Safe to call twice.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stator::audit
