#include <cstring>

#include "cli/cli.hpp"
#include "sandbox/sandbox.hpp"

int main(int argc, char** argv) {
  // The launcher is this binary again: it must become itself before anything else is set up.
  if (argc > 1 && std::strcmp(argv[1], stator::sandbox::kLauncherArgument) == 0) {
    return stator::sandbox::launcher_main(argc, argv);
  }
  return stator::cli::run(argc, argv);
}
