#pragma once

#include <linux/filter.h>
#include <sys/resource.h>

#include <array>
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
  kJoinGroup,
  kJoinNamespaces,
  kMountCode,
  kMountLayers,
  kMountFurther,
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

/// What a process leaves behind when it fails; untouched when the program runs.
struct StepFailure {
  bool failed = false;
  Step step = Step::kExecute;
  std::int32_t error = 0;
};

/// Everything prepared by the launcher, so that the child makes system calls and nothing else.
/// Descriptors are -1 where a step does not apply.
struct ProgramPlan {
  const KitNamespaces* namespaces = nullptr;  ///< none in kProcess
  bool is_furnished = false;  ///< another program has made the kit's mounts and set its host name
  bool joins_network = true;  ///< the kit's, otherwise the launcher's stays
  int code_tree = -1;
  int layers_tree = -1;
  std::vector<std::pair<int, std::string>> further_trees;  ///< with where they are attached
  std::string tmp_options;
  std::string hostname;
  std::array<int, 2> join_files{-1, -1};  ///< "0" is written into each
  std::vector<std::pair<int, rlimit>> limits;
  /// Without namespaces: the ids to take, 0 to stay.
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value"
  std::vector<char*> argv_pointers;      ///< both by point_to_texts()
  std::vector<char*> environment_pointers;
  std::string working_directory;
  const std::vector<sock_filter>* filter = nullptr;
  int input = -1;
  int output = -1;
  StepFailure* failure = nullptr;  ///< in memory that the child shares with the launcher
  /// Instead of executing argv: checks from inside that the confinement holds, and exits 0.
  bool self_check = false;
};

/// Fills the arrays that execve takes; the texts must not change afterwards.
void point_to_texts(ProgramPlan& plan);

/// Never returns. The process may share the launcher's memory: see clone_and_wait().
[[noreturn]] void run_program(const ProgramPlan& plan) noexcept;

}  // namespace stator::sandbox
