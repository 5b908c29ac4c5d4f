#pragma once

#include <atomic>
#include <functional>
#include <ostream>
#include <string>

#include "cli/deploy/deployer.hpp"
#include "cli/deploy/file_watch.hpp"

namespace stator::cli {

/// Deploys a template, and again whenever it or the code that it names changes. A failure is shown
/// and the next change is waited for. One thread, but for stop().
class DeployLoop {
 public:
  /// All outlive the loop.
  struct Parts {
    Deployer& deployer;
    const Clock& clock;
    std::ostream& out;
    std::ostream& errors;
    /// Called after each deployment that succeeded.
    std::function<void(const std::string& stack)> on_deployed;
  };
  DeployLoop(Parts parts, DeployOptions options)
      : parts_(std::move(parts)), options_(std::move(options)) {}

  /// Until stop(). An error only when files cannot be watched, or there is no template to begin
  /// with.
  [[nodiscard]] Result<void> run();
  void stop();

 private:
  void deploy();
  [[nodiscard]] Result<void> watch_all();
  void tell(const std::set<std::filesystem::path>& changed);

  Parts parts_;
  DeployOptions options_;
  FileWatch watch_;
  std::filesystem::path file_;
  std::vector<LocalPath> paths_;
  std::vector<std::filesystem::path> roots_;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace stator::cli
