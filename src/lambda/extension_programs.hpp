#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lambda/failure.hpp"
#include "lambda/program.hpp"

namespace stator::lambda {

/// The external extensions of these layers, in order of name: the executables directly in their
/// extensions/ directories, which become /opt/extensions. Reads directories.
[[nodiscard]] std::vector<std::string> find_extensions(
    const std::vector<std::filesystem::path>& layers);

/// Lets a prepared program start its layers' extensions beside it. Nothing on success.
[[nodiscard]] std::optional<Failure> add_extensions(Program& program, sandbox::Isolation isolation);

/// The failure of a start that the launcher has refused as kInvalid: an extension's or the
/// runtime's.
[[nodiscard]] Failure launch_failure(const sandbox::Spec& spec, const std::string& message);

}  // namespace stator::lambda
