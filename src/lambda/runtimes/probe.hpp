#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "lambda/runtimes/registry.hpp"

namespace stator::lambda::runtimes {

/// Starts a program to learn what interpreter it is. kUnavailable when it is none. For Python the
/// client in `client` is compiled for it, which a cold start need not do then.
[[nodiscard]] Result<Interpreter> ask_python(const std::filesystem::path& program,
                                             const std::filesystem::path& client);
[[nodiscard]] Result<Interpreter> ask_node(const std::filesystem::path& program,
                                           const std::filesystem::path& client);

}  // namespace stator::lambda::runtimes
