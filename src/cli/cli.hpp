#pragma once

namespace stator::cli {

/// Parses the command line and runs the command that it names; the process's exit code.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace stator::cli
