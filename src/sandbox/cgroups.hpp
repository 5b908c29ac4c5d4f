#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// Limits on memory and shares of the processors by control groups, where this machine lends them
/// to us; on version 2 also limits on processes, which are otherwise limited by RLIMIT_NPROC alone.
namespace stator::sandbox {

/// Where one controller can be used by this process.
struct Hierarchy {
  int version = 0;             ///< 1 or 2; 0 when there is none
  std::filesystem::path path;  ///< of this process's own group, as a directory
};

/// What /proc/self/cgroup and /proc/self/mountinfo say about a controller ("memory").
/// Version 2 wins when it offers the controller: then `controllers_of` of its group names it.
[[nodiscard]] Hierarchy find_hierarchy(std::string_view controller, std::string_view proc_cgroup,
                                       std::string_view mountinfo);

struct GroupLimits {
  std::uint64_t memory_bytes_max = 0;
  std::uint32_t processes_max = 0;
  std::uint32_t cpu_millis = 0;  ///< as in Spec
  bool is_cpu_capped = false;
};

/// One sandbox's group. Moves only; Cgroups::remove() ends it, once all processes are gone.
class SandboxGroup {
 public:
  /// The files that a version 1 child writes "0" into to join; -1 where there is none.
  [[nodiscard]] std::array<int, 2> join_files() const { return {join_.get(), join_cpu_.get()}; }
  /// The directory for CLONE_INTO_CGROUP, or -1.
  [[nodiscard]] int clone_into() const { return directory_.get(); }
  /// Opens the file that tells the bytes in use now; none when memory is not limited by a group.
  [[nodiscard]] UniqueFd open_usage() const;
  [[nodiscard]] std::optional<std::uint64_t> peak_memory_bytes() const;
  [[nodiscard]] bool out_of_memory() const;
  /// Called before anything runs inside.
  [[nodiscard]] Result<void> limit(const GroupLimits& limits);

 private:
  friend class Cgroups;
  std::filesystem::path path_;      ///< empty when there is none
  std::filesystem::path cpu_path_;  ///< the same as path_ on version 2; empty when there is none
  int version_ = 0;
  int cpu_version_ = 0;
  UniqueFd join_;
  UniqueFd join_cpu_;
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

  [[nodiscard]] bool has_memory() const { return !memory_.path.empty(); }
  [[nodiscard]] int memory_version() const { return memory_.version; }
  [[nodiscard]] bool has_cpu() const { return !cpu_.path.empty(); }
  [[nodiscard]] const std::string& lacks() const { return lacks_; }

  /// A group without limits yet; an empty object where memory is not limited by groups.
  [[nodiscard]] Result<SandboxGroup> create();
  /// Kills what is left inside (version 2 only) and removes the group, now or, while the kernel
  /// still counts ended processes as members, at a later call.
  void remove(SandboxGroup group);

 private:
  void remove_doomed();
  Result<void> create_for_cpu(const std::string& name, SandboxGroup& group) const;

  Hierarchy memory_;  ///< path of our parent group
  Hierarchy cpu_;     ///< likewise; on version 2 the same group
  std::uint64_t next_ = 0;
  std::vector<std::filesystem::path> doomed_;  ///< at most as many as sandboxes have ended
  std::string lacks_;
};

}  // namespace stator::sandbox
