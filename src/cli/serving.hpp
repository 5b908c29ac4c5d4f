#pragma once

#include <string>

#include "cli/commands.hpp"

namespace stator::cli {

/// What runs beside the server in its process.
class Companion {
 public:
  virtual ~Companion() = default;
  /// Once the server answers on `listen`. Anything but 0 ends the server, and is the exit code.
  virtual int begin(const std::string& listen) = 0;
  /// A signal has come: no new work. The server still answers.
  virtual void stop() = 0;
  /// The server has ended; returns when everything of the companion has.
  virtual void join() = 0;
};

/// Runs the server until SIGINT or SIGTERM; a second one ends the process at once, and what was
/// acknowledged is kept all the same. `companion` may be null.
[[nodiscard]] int serve_with(const ServeOptions& options, Companion* companion);

}  // namespace stator::cli
