#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace stator::lambda::runtimes {

/// Runs a program of this machine to its end and gives what it printed: for asking an interpreter
/// what it is. It sees PATH and HOME alone and nothing on its input. kUnavailable when it cannot be
/// started, fails, prints more than 64 KiB or takes longer than `timeout`, after which it is
/// killed.
[[nodiscard]] Result<std::string> run_command(const std::vector<std::string>& argv,
                                              std::chrono::milliseconds timeout);

}  // namespace stator::lambda::runtimes
