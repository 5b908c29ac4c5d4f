#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/sandbox.hpp"

/// Starting launchers, the first and those that follow one that was killed.
namespace stator::sandbox {

/// A launcher that has passed its self-test.
struct Launched {
  UniqueFd socket;  ///< packets to and from it; its end is the launcher's end
  pid_t process = -1;
  Capabilities capabilities;
};

/// Executes this binary as a launcher and waits for its Hello, at most fifteen seconds. The error
/// says what to enable. Any thread; the size of this process does not matter.
[[nodiscard]] Result<Launched> spawn_launcher(Wanted wanted, const std::filesystem::path& scratch);

}  // namespace stator::sandbox
