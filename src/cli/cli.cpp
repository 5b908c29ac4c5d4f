#include "cli/cli.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/flags.hpp"

namespace stator::cli {
namespace {

constexpr const char* kAbout =
    "stator: the serverless stack of AWS on your own machine.\n"
    "\n"
    "  stator init items && cd items           a new project: --template python or cpp\n"
    "  stator up                               start, deploy, watch files, show requests\n"
    "\n"
    "or step by step:\n"
    "\n"
    "  stator serve                            start the server (first terminal)\n"
    "  stator deploy template.yaml             show what would change, and do it\n"
    "  eval \"$(stator env)\"                    now aws, terraform and every SDK talk to it\n"
    "  aws dynamodb list-tables\n"
    "  stator logs -f FUNCTION                 what a function prints\n"
    "  stator apis                             what APIs there are, and tail API: who asks them\n"
    "  stator explain REQUEST-ID               why a request was denied\n"
    "  stator policy suggest ROLE              the policy that a role needs\n"
    "  stator check                            what AWS would refuse of a template\n"
    "  stator deploy --target aws              the same template to AWS\n"
    "  stator snapshot create                  keep everything as it is; restore, branch\n"
    "  stator tls init                         a certificate authority for https\n";

/// Every command with its options; `run` of the one that was chosen is called after parsing.
struct Commands {
  ServeOptions serve_options, up_options;
  DeployOptions deploy_options, up_deploy_options;
  PackageOptions package_options;
  CheckOptions check_options;
  DeleteOptions delete_options;
  InitOptions init_options;
  ExpandOptions expand_options;
  Target env_target, tls_target;
  InvokeOptions invoke_options;
  LogsOptions logs_options;
  SnapshotOptions snapshot_options;
  BranchOptions branch_options;
  ExportOptions export_options;
  ImportOptions import_options;
  ApisOptions apis_options;
  TailOptions tail_options;
  ExplainOptions explain_options;
  SuggestOptions suggest_options;
  std::function<int()> chosen;

  void add_server_commands(CLI::App& app) {
    auto* serve_command = app.add_subcommand("serve", "run the server in the foreground");
    add_server_flags(*serve_command, serve_options);
    serve_command->callback([this] { chosen = [this] { return serve(serve_options); }; });

    auto* up_command = app.add_subcommand(
        "up", "run the server, deploy a template, deploy again as files change, show requests");
    add_server_flags(*up_command, up_options);
    add_deploy_flags(*up_command, up_deploy_options);
    up_command->callback([this] { chosen = [this] { return up(up_options, up_deploy_options); }; });

    auto* env_command =
        app.add_subcommand("env", "print the exports that point AWS clients at the server");
    add_target(*env_command, env_target);
    env_command->callback([this] { chosen = [this] { return env(env_target); }; });
  }

  void add_init_command(CLI::App& app) {
    auto* command = app.add_subcommand("init", "write a new project that runs with `stator up`");
    command->add_option("directory", init_options.directory, "made where it is not there")
        ->capture_default_str();
    command->add_option("--template", init_options.kind, "cpp, python or empty")
        ->check(CLI::IsMember({"cpp", "python", "empty"}))
        ->capture_default_str();
    command->callback([this] { chosen = [this] { return init(init_options); }; });
  }

  void add_check_command(CLI::App& app) {
    auto* command = app.add_subcommand(
        "check", "report what AWS would see differently in a template, or refuse");
    command->add_option("template", check_options.template_file,
                        "a template; template.yaml, .yml or .json by default");
    command->add_option("--target", check_options.place, "aws")
        ->check(CLI::IsMember({"aws"}))
        ->capture_default_str();
    add_parameters(*command, check_options.parameters);
    command->callback([this] { chosen = [this] { return check(check_options); }; });
  }

  void add_tls_commands(CLI::App& app) {
    auto* tls_command = app.add_subcommand("tls", "work on certificates");
    tls_command->require_subcommand(1);
    auto* init_command = tls_command->add_subcommand(
        "init", "make the local certificate authority unless it is there, and say how to trust it");
    init_command->add_option("--data", tls_target.data, "the server's data directory")
        ->capture_default_str();
    init_command->callback([this] { chosen = [this] { return tls_init(tls_target); }; });
  }

  void add_package_command(CLI::App& app) {
    auto* command = app.add_subcommand(
        "package", "pack a directory, or a template's functions and layers, into zips");
    command->add_option("source", package_options.source, "a directory or a template")
        ->required()
        ->check(CLI::ExistingPath);
    command->add_option("--out", package_options.out,
                        "the zip of a directory; the directory for a template and its zips");
    command
        ->add_option("--wheels", package_options.wheels,
                     "where the packages that a requirements.txt names are, in place of an index")
        ->check(CLI::ExistingDirectory);
    command->add_option("--python", package_options.python, "whose pip installs them")
        ->capture_default_str();
    command->add_flag("--layer", package_options.is_layer,
                      "the directory is a layer: they go below python/");
    command->callback([this] { chosen = [this] { return package_files(package_options); }; });
  }

  void add_stack_commands(CLI::App& app) {
    auto* deploy_command =
        app.add_subcommand("deploy", "package a template, show what changes, and do it");
    add_target(*deploy_command, deploy_options.target);
    add_place(*deploy_command, deploy_options.target);
    add_deploy_flags(*deploy_command, deploy_options);
    deploy_command->add_flag("-w,--watch", deploy_options.is_watching,
                             "deploy again when the template or the code changes");
    deploy_command->callback([this] { chosen = [this] { return deploy(deploy_options); }; });

    auto* delete_command = app.add_subcommand("delete", "delete a stack and what it made");
    add_target(*delete_command, delete_options.target);
    add_place(*delete_command, delete_options.target);
    delete_command->add_option("stack", delete_options.stack, "the stack's name")->required();
    delete_command->callback([this] { chosen = [this] { return delete_stack(delete_options); }; });
  }

  void add_template_commands(CLI::App& app) {
    auto* template_command = app.add_subcommand("template", "work on templates");
    template_command->require_subcommand(1);
    auto* expand_command =
        template_command->add_subcommand("expand", "print a template as its transforms make it");
    expand_command->add_option("template", expand_options.template_file,
                               "a template; template.yaml, .yml or .json by default");
    add_parameters(*expand_command, expand_options.parameters);
    expand_command->add_option("--format", expand_options.format, "yaml or json")
        ->check(CLI::IsMember({"yaml", "json"}))
        ->capture_default_str();
    expand_command->callback(
        [this] { chosen = [this] { return expand_template(expand_options); }; });
  }

  void add_function_commands(CLI::App& app) {
    auto* invoke_command = app.add_subcommand("invoke", "call a function and print its answer");
    add_target(*invoke_command, invoke_options.target);
    invoke_command->add_option("function", invoke_options.function, "name or ARN")->required();
    invoke_command->add_option("payload", invoke_options.payload,
                               "the event: JSON, @FILE, or - for standard input");
    invoke_command->add_flag("--log", invoke_options.with_log, "show the end of its log too");
    invoke_command->callback([this] { chosen = [this] { return invoke(invoke_options); }; });

    auto* logs_command = app.add_subcommand("logs", "show what a function printed");
    add_target(*logs_command, logs_options.target);
    logs_command
        ->add_option("function", logs_options.functions,
                     "functions by name or ARN, or log groups that begin with a slash")
        ->required();
    logs_command->add_flag("-f,--follow", logs_options.follow, "go on as new lines come");
    logs_command->add_option("--since", logs_options.since, "how far back: 90s, 30m, 1h, 7d")
        ->capture_default_str();
    logs_command->add_option("--filter", logs_options.filter,
                             "only lines that match a CloudWatch Logs filter pattern, e.g. ERROR "
                             "or '{ $.level = \"ERROR\" }'");
    logs_command->add_flag("--json", logs_options.is_json, "each event as a line of JSON");
    logs_command->add_option("--color", logs_options.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    logs_command->callback([this] { chosen = [this] { return logs(logs_options); }; });
  }

  using SnapshotRun = int(const SnapshotOptions&);
  CLI::App& add_snapshot(CLI::App& group, const char* name, const char* about, SnapshotRun* run) {
    auto* command = group.add_subcommand(name, about);
    add_target(*command, snapshot_options.target);
    command->callback([this, run] { chosen = [this, run] { return run(snapshot_options); }; });
    return *command;
  }

  void add_snapshot_commands(CLI::App& app) {
    auto* group = app.add_subcommand("snapshot", "keep, restore and branch everything there is");
    group->require_subcommand(1);
    add_snapshot(*group, "create", "keep what a running server has as it is now", snapshot_create)
        .add_option("name", snapshot_options.name, "the snapshot's name; the time by default");
    add_snapshot(*group, "list", "print the snapshots of a running server", snapshot_list);
    const auto add_name = [this](CLI::App& command) {
      command.add_option("name", snapshot_options.name, "the snapshot's name")->required();
    };
    add_name(add_snapshot(*group, "delete", "delete a snapshot", snapshot_delete));
    add_name(add_snapshot(*group, "restore",
                          "put the data of a server that is stopped back to a snapshot",
                          snapshot_restore));
    auto* branch = group->add_subcommand(
        "branch", "run a second server on a copy of its own: of a snapshot, or of what is there");
    branch->add_option("name", branch_options.snapshot, "the snapshot's name");
    branch->add_option("--from", branch_options.source.data, "the data directory to branch off")
        ->capture_default_str();
    branch
        ->add_option("--from-listen", branch_options.source.listen,
                     "ADDRESS:PORT of its server, where no snapshot is named")
        ->capture_default_str();
    branch_options.serve.target = {"127.0.0.1:4567", ".stator-branch"};
    add_server_flags(*branch, branch_options.serve);
    branch->callback([this] { chosen = [this] { return snapshot_branch(branch_options); }; });
  }

  void add_data_commands(CLI::App& app) {
    auto* out = app.add_subcommand("export-data", "write tables into files that AWS can import");
    add_target(*out, export_options.target);
    out->add_option("directory", export_options.directory, "a new directory")->required();
    out->add_option("--table", export_options.tables, "these tables only");
    out->callback([this] { chosen = [this] { return export_data(export_options); }; });

    auto* in = app.add_subcommand("import-data", "read files of AWS's export format into tables");
    add_target(*in, import_options.target);
    in->add_option("directory", import_options.directory,
                   "what export-data wrote, or one export of AWS (then name its --table)")
        ->required()
        ->check(CLI::ExistingDirectory);
    in->add_option("--table", import_options.table, "this table only");
    in->add_flag("--merge", import_options.is_merged,
                 "put the items into tables that are there already, over items of the same keys");
    in->callback([this] { chosen = [this] { return import_data(import_options); }; });
  }

  void add_api_commands(CLI::App& app) {
    auto* apis_command = app.add_subcommand("apis", "print HTTP APIs and what is behind them");
    add_target(*apis_command, apis_options.target);
    apis_command->callback([this] { chosen = [this] { return apis(apis_options); }; });

    auto* tail_command = app.add_subcommand("tail", "show an API's requests as they are answered");
    add_target(*tail_command, tail_options.target);
    tail_command->add_option("api", tail_options.api, "the API's id or name")->required();
    tail_command->add_flag("--json", tail_options.is_json, "a line of JSON for each request");
    tail_command->add_option("--color", tail_options.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    tail_command->callback([this] { chosen = [this] { return tail(tail_options); }; });
  }

  void add_permission_commands(CLI::App& app) {
    auto* explain_command = app.add_subcommand("explain", "say why a request was denied");
    add_target(*explain_command, explain_options.target);
    explain_command
        ->add_option("request", explain_options.request_id,
                     "the request's id, from the error's headers or the server's log")
        ->required();
    explain_command->callback([this] { chosen = [this] { return explain(explain_options); }; });

    auto* policy_command = app.add_subcommand("policy", "work on policies");
    policy_command->require_subcommand(1);
    auto* suggest_command = policy_command->add_subcommand(
        "suggest", "print the policy that allows what a role was seen to do, and nothing else");
    add_target(*suggest_command, suggest_options.target);
    suggest_command->add_option("role", suggest_options.role, "the role's name")->required();
    suggest_command->add_option("--since", suggest_options.since,
                                "only what was done in the last 90s, 30m, 1h, 7d");
    suggest_command->callback([this] { chosen = [this] { return suggest(suggest_options); }; });
  }
};

}  // namespace

int run(int argc, char** argv) {
  CLI::App app(kAbout);
  app.require_subcommand(1);
  app.set_version_flag("--version", STATOR_VERSION);
  Commands commands;
  commands.add_init_command(app);
  commands.add_server_commands(app);
  commands.add_tls_commands(app);
  commands.add_stack_commands(app);
  commands.add_package_command(app);
  commands.add_template_commands(app);
  commands.add_check_command(app);
  commands.add_function_commands(app);
  commands.add_api_commands(app);
  commands.add_data_commands(app);
  commands.add_snapshot_commands(app);
  commands.add_permission_commands(app);
  CLI11_PARSE(app, argc, argv);
  try {
    return commands.chosen();
  } catch (const ConfigError& error) {
    std::cerr << "stator: " << error.what() << std::endl;
    return 1;
  }
}

}  // namespace stator::cli
