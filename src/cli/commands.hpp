#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/connection.hpp"

/// The commands behind `stator NAME`: each takes its options, prints for a person, and returns the
/// exit code. One file each.
namespace stator::cli {

struct ServeOptions {
  Target target;
  std::string durability = "fsync";
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;
  std::string auth = "enforce";
  std::string sandbox = "auto";
  std::string isolation = "instance";
  std::string network = "none";
  std::string cpu = "share";
  std::string capacity = "unlimited";
  std::uint32_t api_rate = 10'000;
  std::string log_level = "info";
  std::string dev_code;    ///< "": functions run packages alone
  std::string tls_listen;  ///< "": no TLS
  std::string tls_certs;   ///< "": certificates are the local authority's
};
/// Runs the server until SIGINT or SIGTERM.
int serve(const ServeOptions& options);

struct DeployOptions {
  Target target;
  std::filesystem::path template_file;  ///< "": template.yaml, .yml or .json here
  std::string stack;                    ///< "": the name of the template's directory
  std::vector<std::string> parameters;  ///< "Name=Value"
  bool is_yes = false;                  ///< data may be lost without asking
  bool is_rollback_disabled = false;
  bool is_watching = false;  ///< deploys again as files change
  bool is_brief = false;     ///< says no more than what happens
};
/// Packages, uploads, shows what would change, creates or updates the stack, and shows its outputs.
int deploy(const DeployOptions& options);

/// Starts the server, deploys onto it, deploys again as files change and shows requests and what
/// functions print; runs until SIGINT or SIGTERM.
int up(const ServeOptions& serve_options, DeployOptions deploy_options);

struct PackageOptions {
  std::filesystem::path source;  ///< a directory or a template
  std::filesystem::path out;     ///< "": a zip here, or packaged/ beside the template
  std::filesystem::path wheels;
  std::string python = "python3";
  bool is_layer = false;  ///< of a directory: its requirements go below python/
};
/// Packs a directory, or a template's functions and layers, into zips.
int package_files(const PackageOptions& options);

struct InitOptions {
  std::filesystem::path directory = ".";
  std::string kind = "python";  ///< or "cpp", "empty"
};
/// Writes a new project that runs with `stator up`.
int init(const InitOptions& options);

struct CheckOptions {
  std::string place = "aws";            ///< what the template is compared with
  std::filesystem::path template_file;  ///< "": template.yaml, .yml or .json here
  std::vector<std::string> parameters;  ///< "Name=Value"
};
/// Reports what AWS sees differently in a template and its code, or refuses; 1 when it refuses.
int check(const CheckOptions& options);

struct DeleteOptions {
  Target target;
  std::string stack;
};
int delete_stack(const DeleteOptions& options);

struct ExpandOptions {
  std::filesystem::path template_file;
  std::vector<std::string> parameters;  ///< "Name=Value"
  std::string format = "yaml";
};
/// Prints the template after its transforms. Asks no server.
int expand_template(const ExpandOptions& options);

/// Makes the data directory's certificate authority unless it is there, and prints how to trust it.
int tls_init(const Target& target);

/// Prints the shell's export lines for any AWS client.
int env(const Target& target);

struct InvokeOptions {
  Target target;
  std::string function;
  std::string payload = "{}";  ///< JSON, "@FILE", or "-" for standard input
  bool with_log = false;
};
int invoke(const InvokeOptions& options);

struct LogsOptions {
  Target target;
  std::vector<std::string> functions;  ///< names or ARNs, or log groups beginning with a slash
  bool follow = false;
  std::string since = "1h";
  std::string filter;  ///< a filter pattern of CloudWatch Logs
  bool is_json = false;
  std::string color = "auto";
};
/// Shows what functions print, one after the other by time, and goes on as more comes.
int logs(const LogsOptions& options);

struct ExplainOptions {
  Target target;
  std::string request_id;
};
/// Says why a request was denied: which statement did it, or which come nearest to allowing it,
/// and where a template says so.
int explain(const ExplainOptions& options);

struct SuggestOptions {
  Target target;
  std::string role;
  std::string since;  ///< "1h"; "" for all that is remembered
};
/// Prints the policy that allows what a role was seen to do and nothing else.
int suggest(const SuggestOptions& options);

struct SnapshotOptions {
  Target target;
  std::string name;
};
/// Snapshots of everything that a running server keeps, in its data directory.
int snapshot_create(const SnapshotOptions& options);
int snapshot_list(const SnapshotOptions& options);
int snapshot_delete(const SnapshotOptions& options);
/// Puts the data directory of a server that is stopped back, and keeps what it was as a snapshot.
int snapshot_restore(const SnapshotOptions& options);
/// Runs a second server on a copy of its own of a snapshot, or where `snapshot` names none of the
/// server at `source` as it is.
struct BranchOptions {
  Target source;
  std::string snapshot;
  ServeOptions serve;
};
int snapshot_branch(const BranchOptions& options);

struct ExportOptions {
  Target target;
  std::filesystem::path directory;
  std::vector<std::string> tables;  ///< none: every one
};
/// Writes tables into files of AWS's export format, a directory a table.
int export_data(const ExportOptions& options);

struct ImportOptions {
  Target target;
  std::filesystem::path directory;
  std::string table;  ///< "": every one in the directory
  bool is_merged = false;
};
/// Reads what export_data or an export of AWS wrote into tables, which are made where they are not.
int import_data(const ImportOptions& options);

struct ApisOptions {
  Target target;
};
/// Prints HTTP APIs, their stages and routes, and behind each route what it leads to, who may ask
/// and how often.
int apis(const ApisOptions& options);

struct TailOptions {
  Target target;
  std::string api;  ///< its id or its name
  bool is_json = false;
  std::string color = "auto";
};
/// Shows the requests of an API as they are answered, until it is interrupted.
int tail(const TailOptions& options);

/// Prints "stator: message" to standard error; returns 1, the exit code of a failure.
int fail(const Error& error);

}  // namespace stator::cli
