#include <iostream>

#include "cli/commands.hpp"
#include "cli/deploy/deploy_loop.hpp"
#include "cli/terminal.hpp"

namespace stator::cli {
namespace {

/// Flags that go together.
Result<void> check_flags(const Target& target, bool is_watching) {
  if (target.is_aws() && is_watching) {
    return unsupported("--watch works on stator alone, not with --target aws");
  }
  if (target.is_aws() || (target.profile.empty() && target.region.empty())) return {};
  return invalid("--profile and --region go with --target aws");
}

Result<void> run(const DeployOptions& options) {
  STATOR_TRY_VOID(check_flags(options.target, options.is_watching));
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  PackageCache cache(default_package_cache(), clock);
  Deployer deployer({.client = client,
                     .cache = cache,
                     .clock = clock,
                     .out = std::cout,
                     .look = look_of_terminal(),
                     .ask = terminal_ask([] { return false; })});
  if (!options.is_watching) {
    STATOR_TRY_VOID(deployer.deploy(options));
    return {};
  }
  DeployLoop loop({.deployer = deployer,
                   .clock = clock,
                   .out = std::cout,
                   .errors = std::cerr,
                   .on_deployed = nullptr},
                  options);
  return loop.run();
}

Result<void> run(const DeleteOptions& options) {
  STATOR_TRY_VOID(check_flags(options.target, false));
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  Stack stack(client, options.stack, patience_of(client));
  STATOR_TRY_VOID(stack.remove());
  Progress progress(std::cout, look_of_terminal());
  const auto state =
      stack.wait([&progress](const Stack::Event& event) { progress.on_event(event); });
  progress.end();
  if (!state) return state.error();
  if (*state && (*state)->status != "DELETE_COMPLETE") {
    const std::string failures = progress.failures(nullptr);
    return internal(failures + (failures.empty() ? "" : "\n") + "stack " + options.stack + " is " +
                    (*state)->status);
  }
  std::cout << "stack " << options.stack << " is gone" << std::endl;
  return {};
}

}  // namespace

int fail(const Error& error) {
  std::cerr << "stator: " << (error.aws_type.empty() ? "" : error.aws_type + ": ") << error.message
            << std::endl;
  return 1;
}

int deploy(const DeployOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

int delete_stack(const DeleteOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
