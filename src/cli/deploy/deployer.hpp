#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/commands.hpp"
#include "cli/deploy/package.hpp"
#include "cli/deploy/progress.hpp"
#include "cli/deploy/stack.hpp"
#include "cli/deploy/template_file.hpp"

namespace stator::cli {

/// "Name=Value" as template parameters; kInvalid for anything else.
[[nodiscard]] Result<std::vector<TemplateParameter>> split_parameters(
    const std::vector<std::string>& pairs);

/// AWS limits how often it is asked, and takes its time.
[[nodiscard]] Patience patience_of(const AwsClient& client);

/// Deploys a template: packages and uploads what it names, lets CloudFormation say what would
/// change, shows that, asks where data would be lost, and follows the work to its end. One thread.
class Deployer {
 public:
  /// All outlive the Deployer.
  struct Parts {
    AwsClient& client;
    PackageCache& cache;
    const Clock& clock;
    std::ostream& out;
    Progress::Look look;
    /// Asks a person; null when there is nobody to ask.
    std::function<bool(const std::string& question)> ask;
  };
  explicit Deployer(Parts parts) : parts_(std::move(parts)) {}

  struct Outcome {
    std::string stack;
    bool is_changed = false;
    std::vector<LocalPath> paths;  ///< what was packaged
  };
  /// The error says first why it failed, with the template's lines.
  [[nodiscard]] Result<Outcome> deploy(const DeployOptions& options);

 private:
  [[nodiscard]] Result<Stack::Wanted> want(const DeployOptions& options, const TemplateFile& file,
                                           json::Object body,
                                           const std::optional<Stack::State>& state);
  [[nodiscard]] Result<void> confirm(const ChangePlan& plan, const DeployOptions& options);
  [[nodiscard]] Result<std::optional<Stack::State>> clear_failed(const std::string& name,
                                                                 std::optional<Stack::State> state);
  [[nodiscard]] Result<void> carry_out(Stack& stack, const TemplateFile& file,
                                       const DeployOptions& options);
  void print_outputs(const std::optional<Stack::State>& state);

  Parts parts_;
  std::optional<Artifacts> artifacts_;
};

}  // namespace stator::cli
