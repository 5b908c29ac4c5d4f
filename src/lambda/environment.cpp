#include "lambda/environment.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.hpp"
#include "lambda/errors.hpp"
#include "lambda/runtimes/identifiers.hpp"

namespace stator::lambda {
namespace {

constexpr std::size_t kEnvironmentBytesMax = 4'096;

/// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
constexpr std::array<std::string_view, 18> kReserved = {"_HANDLER",
                                                        "_X_AMZN_TRACE_ID",
                                                        "AWS_ACCESS_KEY",
                                                        "AWS_ACCESS_KEY_ID",
                                                        "AWS_DEFAULT_REGION",
                                                        "AWS_EXECUTION_ENV",
                                                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                                        "AWS_LAMBDA_FUNCTION_NAME",
                                                        "AWS_LAMBDA_FUNCTION_VERSION",
                                                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                                                        "AWS_LAMBDA_LOG_GROUP_NAME",
                                                        "AWS_LAMBDA_LOG_STREAM_NAME",
                                                        "AWS_LAMBDA_RUNTIME_API",
                                                        "AWS_REGION",
                                                        "AWS_SECRET_ACCESS_KEY",
                                                        "AWS_SESSION_TOKEN",
                                                        "LAMBDA_RUNTIME_DIR",
                                                        "LAMBDA_TASK_ROOT"};

bool is_variable_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return name.size() >= 2 && (is_letter(name[0]) || name[0] == '_') &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string library_path(const InstanceFacts& facts) {
  std::string path = "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:" + facts.task_root + ":" +
                     facts.task_root + "/lib";
  if (!facts.lang_root.empty()) path = facts.lang_root + "/lib:" + path;
  for (const auto& root : facts.layer_roots) path += ":" + root + "/lib";
  return path;
}

std::string program_path(const InstanceFacts& facts) {
  const std::string path = "/usr/local/bin:/usr/bin/:/bin:/opt/bin";
  return facts.lang_root.empty() ? path : facts.lang_root + "/bin:" + path;
}

/// AWS's order, then what is installed on this machine for all: an SDK among it, perhaps.
std::string node_path(const FunctionRecord& record, const InstanceFacts& facts) {
  // "nodejs20.x" names its layers' directory node20.
  const std::string version = record.runtime.substr(6, record.runtime.find('.') - 6);
  std::string path;
  for (const auto& root : facts.layer_roots) {
    path += root + "/nodejs/node" + version + "/node_modules:" + root + "/nodejs/node_modules:";
  }
  path += facts.runtime_root + "/node_modules:" + facts.runtime_root + ":" + facts.task_root;
  if (!facts.lang_root.empty()) path += ":" + facts.lang_root + "/lib/node_modules";
  return path + ":/usr/local/lib/node_modules:/usr/lib/node_modules:/usr/share/nodejs";
}

/// What a function in an interpreter has beside what a provided runtime has.
void add_interpreter_variables(const FunctionRecord& record, const InstanceFacts& facts,
                               EnvironmentVariables& out) {
  out.emplace_back("AWS_EXECUTION_ENV", "AWS_Lambda_" + record.runtime);
  if (record.runtime.starts_with("nodejs")) {
    out.emplace_back("NODE_PATH", node_path(record, facts));
    return;
  }
  out.emplace_back("PYTHONPATH", facts.runtime_root);
  // Read by our client alone, where layers are not merged into /opt.
  if (facts.layer_roots != std::vector<std::string>{"/opt"}) {
    out.emplace_back("_STATOR_LAYERS", join(facts.layer_roots, ":"));
  }
}

}  // namespace

Result<EnvironmentVariables> parse_environment(const json::Object& variables) {
  EnvironmentVariables out;
  std::vector<std::string> reserved;
  std::size_t bytes = 0;
  for (const auto& variable : variables) {
    const std::string name(variable.key());
    if (!variable.value().is_string()) {
      return invalid_parameter("The environment variable " + name + " is not text.");
    }
    std::string value(json::view(variable.value().get_string()));
    if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
      reserved.push_back(name);
    } else if (!is_variable_name(name) || name[0] == '_') {
      return validation_failed(
          "1 validation error detected: Value at 'environment.variables' failed to satisfy "
          "constraint: Map keys must satisfy constraint: [Member must satisfy regular expression "
          "pattern: [a-zA-Z]([a-zA-Z0-9_])+] (" +
          name + ")");
    }
    if (value.find('\0') != std::string::npos) {
      return invalid_parameter("The environment variable " + name + " holds a zero byte.");
    }
    bytes += name.size() + value.size();
    out.emplace_back(name, std::move(value));
  }
  if (!reserved.empty()) {
    return invalid_parameter(
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided contains reserved keys that are currently not supported for "
        "modification. Reserved keys used in this request: " +
        join(reserved, ", "));
  }
  if (bytes > kEnvironmentBytesMax) {
    return invalid_parameter(
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided exceeded the 4KB limit. String measured: " +
        json::dump(variables));
  }
  return out;
}

EnvironmentVariables instance_environment(const FunctionRecord& record,
                                          const InstanceFacts& facts) {
  EnvironmentVariables out = {{"AWS_ACCESS_KEY_ID", facts.keys.access_key_id},
                              {"AWS_SECRET_ACCESS_KEY", facts.keys.secret_access_key},
                              {"AWS_SESSION_TOKEN", facts.keys.session_token},
                              {"AWS_DEFAULT_REGION", record.key.region},
                              {"AWS_REGION", record.key.region},
                              {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(record.memory_mb)},
                              {"AWS_LAMBDA_FUNCTION_NAME", record.key.name},
                              {"AWS_LAMBDA_FUNCTION_VERSION", record.version},
                              {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
                              {"AWS_LAMBDA_LOG_FORMAT", record.logging.is_json ? "JSON" : "Text"},
                              {"AWS_LAMBDA_LOG_GROUP_NAME", record.log_group()},
                              {"AWS_LAMBDA_LOG_STREAM_NAME", facts.log_stream},
                              {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + facts.runtime_api_port},
                              {"AWS_ENDPOINT_URL", "http://127.0.0.1:" + facts.endpoint_port},
                              {"AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"},
                              {"LAMBDA_RUNTIME_DIR", facts.runtime_root},
                              {"LAMBDA_TASK_ROOT", facts.task_root},
                              {"LANG", "en_US.UTF-8"},
                              {"LD_LIBRARY_PATH", library_path(facts)},
                              {"PATH", program_path(facts)},
                              {"TZ", ":UTC"},
                              {"_HANDLER", record.handler}};
  if (record.logging.is_json) {
    out.emplace_back("AWS_LAMBDA_LOG_LEVEL", record.logging.application_level);
  }
  if (!runtimes::is_provided(record.runtime)) add_interpreter_variables(record, facts, out);
  if (!record.environment) return out;
  for (const auto& given : *record.environment) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const auto& variable) {
      return variable.first == given.first;
    });
    // PATH, LANG, TZ, LD_LIBRARY_PATH, PYTHONPATH and AWS_ENDPOINT_URL are the function's to
    // change.
    if (same != out.end()) {
      same->second = given.second;
    } else {
      out.push_back(given);
    }
  }
  return out;
}

}  // namespace stator::lambda
