#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace stator::cli {

/// Tells which of some files and directories (with all below them) change, by inotify. One thread,
/// but for stop().
class FileWatch {
 public:
  FileWatch();

  /// Watches these and no others from now on. What is not there is looked for in its directory.
  /// kTooLarge past 20,000 directories or what the system allows.
  [[nodiscard]] Result<void> watch(const std::vector<std::filesystem::path>& roots);

  /// Waits for a change, then until nothing more happened for `quiet`, for at most two seconds.
  /// Which of the roots changed; empty when stop() was called. When events were lost, all of them.
  [[nodiscard]] Result<std::set<std::filesystem::path>> wait(std::chrono::milliseconds quiet);

  /// Ends wait() now and from now on. Any thread, any number of times.
  void stop();

 private:
  [[nodiscard]] Result<void> add_directory(const std::filesystem::path& directory,
                                           const std::filesystem::path& root, bool is_deep);
  [[nodiscard]] Result<void> add_tree(const std::filesystem::path& directory,
                                      const std::filesystem::path& root);
  /// False when stop() was called or the time is over.
  [[nodiscard]] bool is_readable(std::chrono::milliseconds timeout);
  [[nodiscard]] Result<void> read_events(std::set<std::filesystem::path>& changed);

  struct Watched {
    std::filesystem::path directory;
    bool is_deep = false;  ///< everything in it counts, not only roots
    std::set<std::filesystem::path> roots;
  };
  UniqueFd events_, stopped_;
  std::map<int, Watched> watched_;  ///< by watch descriptor
  std::vector<std::filesystem::path> roots_;
};

}  // namespace stator::cli
