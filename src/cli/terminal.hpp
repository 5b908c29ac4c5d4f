#pragma once

#include <functional>
#include <string>

#include "cli/deploy/progress.hpp"

namespace stator::cli {

/// What standard output can show: colours unless NO_COLOR is set.
[[nodiscard]] Progress::Look look_of_terminal();

/// Asks on the terminal and reads a line; true for yes. Null when standard input or output is none.
/// It stops waiting, for a no, once `is_stopping` says so.
[[nodiscard]] std::function<bool(const std::string& question)> terminal_ask(
    std::function<bool()> is_stopping);

}  // namespace stator::cli
