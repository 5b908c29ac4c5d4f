#include "cli/flags.hpp"

#include <CLI/CLI.hpp>

namespace stator::cli {
namespace {

/// Where data are and how safe they and the doors are.
void add_store_flags(CLI::App& command, ServeOptions& options) {
  add_target(command, options.target);
  command
      .add_option("--durability", options.durability,
                  "when a write is acknowledged: fsync (on disk), async (handed to the system), "
                  "memory (nothing is kept)")
      ->check(CLI::IsMember({"fsync", "async", "memory"}))
      ->capture_default_str();
  command
      .add_option("--memory", options.memory_bytes,
                  "what the tables may keep in memory, e.g. 256MB or 2GB: cached data, and writes "
                  "on their way to disk")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::uint64_t{32} << 20, std::uint64_t{1} << 40))
      ->default_str("256MB");
  command
      .add_option("--auth", options.auth,
                  "enforce; audit: what policies would refuse is recorded and allowed; or off: "
                  "every request is the account's root; loopback only")
      ->check(CLI::IsMember({"enforce", "audit", "off"}))
      ->capture_default_str();
}

/// How functions run and what they reach.
void add_function_flags(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--sandbox", options.sandbox,
                  "auto: namespaces, or refuse to start; process: no namespaces, for trusted code")
      ->check(CLI::IsMember({"auto", "process"}))
      ->capture_default_str();
  command
      .add_option("--isolation", options.isolation,
                  "instance: a sandbox serves one invocation after another, as on AWS; request: "
                  "every invocation has a fresh sandbox, which ends with it")
      ->check(CLI::IsMember({"instance", "request"}))
      ->capture_default_str();
  command
      .add_option("--network", options.network,
                  "what functions reach beside stator: none, internet (public addresses only, "
                  "through slirp4netns) or host; the tag stator:network says otherwise for one")
      ->check(CLI::IsMember({"none", "internet", "host"}))
      ->capture_default_str();
  command
      .add_option("--cpu", options.cpu,
                  "share: functions that compete get the processor in proportion to their memory; "
                  "cap: and never more than that, as on AWS")
      ->check(CLI::IsMember({"share", "cap"}))
      ->capture_default_str();
  command
      .add_option("--dev-code", options.dev_code,
                  "a directory: functions whose code has S3Bucket hot-reload and the absolute "
                  "path of a directory in it as S3Key run its files as they are")
      ->check(CLI::ExistingDirectory);
}

/// What services answer with, and to whom.
void add_service_flags(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--capacity", options.capacity,
                  "unlimited, or enforce: tables with provisioned throughput throttle as on AWS")
      ->check(CLI::IsMember({"unlimited", "enforce"}))
      ->capture_default_str();
  command
      .add_option("--api-rate", options.api_rate,
                  "requests a second that all HTTP APIs take together before they answer 429, half "
                  "as many at once: AWS's quota for an account")
      ->check(CLI::Range(2u, 10'000'000u))
      ->capture_default_str();
  command.add_option("--tls-listen", options.tls_listen,
                     "ADDRESS:PORT: serve TLS too, with certificates of a local authority ('stator "
                     "tls init' says how to trust it)");
  command
      .add_option("--tls-certs", options.tls_certs,
                  "a directory of given certificates, NAME.crt with NAME.key for the domain NAME "
                  "(_wildcard.NAME for *.NAME), read again when files change")
      ->check(CLI::ExistingDirectory);
  command.add_option("--log-level", options.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
}

}  // namespace

void add_target(CLI::App& command, Target& target) {
  command.add_option("--listen", target.listen, "ADDRESS:PORT of the server")
      ->capture_default_str();
  command.add_option("--data", target.data, "the server's data directory")->capture_default_str();
}

void add_place(CLI::App& command, Target& target) {
  command
      .add_option("--target", target.place,
                  "local, or aws: the account that the environment or the profile leads to")
      ->check(CLI::IsMember({"local", "aws"}))
      ->capture_default_str();
  command.add_option("--profile", target.profile, "with --target aws: a profile of ~/.aws/config");
  command.add_option("--region", target.region, "with --target aws: the region");
}

void add_server_flags(CLI::App& command, ServeOptions& options) {
  add_store_flags(command, options);
  add_function_flags(command, options);
  add_service_flags(command, options);
}

void add_parameters(CLI::App& command, std::vector<std::string>& parameters) {
  command.add_option("--param,--parameter", parameters, "Name=Value of a template parameter")
      ->take_all();
}

void add_deploy_flags(CLI::App& command, DeployOptions& options) {
  command.add_option("template", options.template_file,
                     "a SAM or CloudFormation template; template.yaml, .yml or .json by default");
  command.add_option("--stack", options.stack,
                     "the stack's name; the template's directory by default");
  add_parameters(command, options.parameters);
  command.add_flag("-y,--yes", options.is_yes, "lose data without asking, where the plan does");
  command.add_flag("--disable-rollback", options.is_rollback_disabled,
                   "leave what failed as it is");
}

}  // namespace stator::cli
