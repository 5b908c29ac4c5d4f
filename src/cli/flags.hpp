#pragma once

#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace CLI {
class App;
}

/// Flags that more than one command takes, bound to the options that they set. For cli.cpp.
namespace stator::cli {

void add_target(CLI::App& command, Target& target);
/// Of commands that work on AWS as well.
void add_place(CLI::App& command, Target& target);
void add_server_flags(CLI::App& command, ServeOptions& options);
void add_parameters(CLI::App& command, std::vector<std::string>& parameters);
void add_deploy_flags(CLI::App& command, DeployOptions& options);

}  // namespace stator::cli
