#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace stator::audit {

struct LogFilesOptions {
  std::uint64_t file_bytes_max = std::uint64_t{32} << 20;
  std::size_t files_max = 16;  ///< with the one that grows; the oldest goes
};

/// The files of the log: `audit.jsonl` grows, and becomes `audit-NUMBER.jsonl` when it is full.
/// Mode 0600 in a directory of mode 0700. A line that a crash or a full disk cut short is ended
/// before the next, so that only it cannot be read. Not for concurrent use.
class LogFiles {
 public:
  explicit LogFiles(std::filesystem::path directory, LogFilesOptions options = {});

  /// Appends whole lines, each with its end. After an error some of them may be there.
  [[nodiscard]] Result<void> append(std::string_view lines);
  /// Hands what was appended to the disk.
  [[nodiscard]] Result<void> sync();

 private:
  [[nodiscard]] Result<void> open();
  [[nodiscard]] Result<void> rotate();

  const std::filesystem::path directory_;
  const LogFilesOptions options_;
  UniqueFd file_;
  std::uint64_t bytes_ = 0;
  bool is_torn_ = false;  ///< the file ends within a line
};

/// The newest line that holds `needle`, from the newest file backwards; nothing when none does.
/// Reads what LogFiles writes, also meanwhile.
[[nodiscard]] Result<std::optional<std::string>> find_line(const std::filesystem::path& directory,
                                                           std::string_view needle);

}  // namespace stator::audit
