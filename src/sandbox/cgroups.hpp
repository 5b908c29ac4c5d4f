#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// Limits on memory and processes by control groups, where this machine lends them to us.
namespace stator::sandbox {

/// Where one controller can be used by this process.
struct Hierarchy {
  int version = 0;             ///< 1 or 2; 0 when there is none
  std::filesystem::path path;  ///< of this process's own group, as a directory
};

/// What /proc/self/cgroup and /proc/self/mountinfo say about a controller ("memory", "pids").
/// Version 2 wins when it offers the controller: then `controllers_of` of its group names it.
[[nodiscard]] Hierarchy find_hierarchy(std::string_view controller, std::string_view proc_cgroup,
                                       std::string_view mountinfo);

/// One sandbox's groups. Moves only; remove() is explicit because it can only succeed when all
/// processes are gone.
class SandboxGroups {
 public:
  /// Files that a version 1 child writes "0" into to join.
  [[nodiscard]] std::vector<int> join_files() const;
  /// The directory for CLONE_INTO_CGROUP, or -1.
  [[nodiscard]] int clone_into() const { return directory_.get(); }
  /// Opens the file that tells the bytes in use now; none when memory is not limited by a group.
  [[nodiscard]] UniqueFd open_usage() const;
  [[nodiscard]] std::optional<std::uint64_t> peak_memory_bytes() const;
  [[nodiscard]] bool out_of_memory() const;
  /// Kills what is left inside (version 2 only) and removes the directories.
  void remove();

 private:
  friend class Cgroups;
  std::filesystem::path memory_;  ///< empty when there is none
  int memory_version_ = 0;
  std::vector<std::filesystem::path> directories_;
  std::vector<UniqueFd> join_;
  UniqueFd directory_;
};

/// The launcher's parent groups. One thread.
class Cgroups {
 public:
  Cgroups() = default;
  ~Cgroups();
  Cgroups(Cgroups&&) noexcept = default;
  Cgroups& operator=(Cgroups&&) = delete;

  /// Finds usable controllers and makes the parent groups `stator-<pid>`; sweeps those that a
  /// killed launcher left. Never fails: what cannot be used is missing and `lacks()` says why.
  [[nodiscard]] static Cgroups detect();

  [[nodiscard]] bool has_memory() const { return memory_.version != 0; }
  [[nodiscard]] bool has_pids() const { return pids_.version != 0; }
  [[nodiscard]] int memory_version() const { return memory_.version; }
  [[nodiscard]] const std::string& lacks() const { return lacks_; }

  [[nodiscard]] Result<SandboxGroups> create(std::uint64_t id, std::uint64_t memory_bytes_max,
                                             std::uint32_t processes_max) const;

 private:
  Hierarchy memory_;  ///< path of our parent group
  Hierarchy pids_;
  std::string lacks_;
};

}  // namespace stator::sandbox
