#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fake_server.hpp"

namespace stator::sdk::testing {

struct Package {
  std::filesystem::path function;  ///< becomes /var/task
  std::filesystem::path layer;     ///< becomes /opt, beside it on one file system
};

struct FunctionRun {
  std::vector<Seen> posts;  ///< what the function posted to its Runtime API, in order
  std::string output;       ///< its log
  int exit_status = -1;
  int signal = 0;  ///< that killed it
};

/// Runs a packaged function as Lambda does, with these events in turn, in a root that holds nothing
/// but /opt and /var/task. Nothing where this user may not change the root: say so and skip.
[[nodiscard]] std::optional<FunctionRun> run_packaged(
    const Package& package, const std::vector<std::string>& events,
    std::vector<std::pair<std::string, std::string>> environment);

/// What run_packaged needs, for GTEST_SKIP.
inline constexpr const char* kCannotChangeRoot =
    "running a package needs root, or user namespaces for ordinary users";

/// LD_LIBRARY_PATH as AWS sets it for provided.al2023.
inline constexpr const char* kAwsLibraryPath =
    "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib";

}  // namespace stator::sdk::testing
