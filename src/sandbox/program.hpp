#pragma once

#include <linux/filter.h>
#include <sys/resource.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/kit.hpp"

/// The last steps of a new process, between clone and execve: it gives up everything it was born
/// with and becomes the program.
namespace stator::sandbox {

/// Where such a process can fail. The order is the order of the steps.
enum class Step : std::int32_t {
  kJoinGroups,
  kJoinNamespaces,
  kMountCode,
  kMountLayers,
  kMountTmp,
  kHostname,
  kDescriptors,
  kLimits,
  kIdentity,
  kCapabilities,
  kFilter,
  kDirectory,
  kExecute,
  kSelfCheck,
};
[[nodiscard]] const char* to_string(Step step);

/// What it writes to `report` when it fails; nothing is written when the program runs.
struct StepFailure {
  Step step = Step::kExecute;
  std::int32_t error = 0;
};

/// Everything prepared by the launcher, so that the child makes system calls and nothing else.
/// Descriptors are -1 where a step does not apply.
struct ProgramPlan {
  const KitNamespaces* namespaces = nullptr;  ///< none in kProcess
  int code_tree = -1;
  int layers_tree = -1;
  std::string tmp_options;
  std::string hostname;
  std::vector<int> join_files;  ///< "0" is written into each
  std::vector<std::pair<int, rlimit>> limits;
  /// Without namespaces: the ids to take, 0 to stay.
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value"
  std::string working_directory;
  const std::vector<sock_filter>* filter = nullptr;
  int input = -1;
  int output = -1;
  int report = -1;
  /// Instead of executing argv: checks from inside that the confinement holds, and exits 0.
  bool self_check = false;
};

/// Never returns. The process has one thread and may be a copy of the launcher.
[[noreturn]] void run_program(const ProgramPlan& plan) noexcept;

}  // namespace stator::sandbox
