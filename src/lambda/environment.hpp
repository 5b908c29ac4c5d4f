#pragma once

#include <string>
#include <vector>

#include "json/json.hpp"
#include "lambda/doors.hpp"
#include "lambda/record.hpp"

namespace stator::lambda {

/// Environment.Variables of a request: names of AWS's form, none reserved, 4 KB in all.
[[nodiscard]] Result<EnvironmentVariables> parse_environment(const json::Object& variables);

/// What an instance learns of itself beside its record.
struct InstanceFacts {
  SessionKeys keys;
  std::string log_stream;
  std::string task_root;  ///< "/var/task", or the host's path where there is no such root
  std::vector<std::string> layer_roots;  ///< "/opt", or the host's paths of the layers
  std::string runtime_root;  ///< "/var/runtime", or the host's path of the runtime's client
  /// "/var/lang", or the host's path, of an interpreter that stands elsewhere than in /usr.
  std::string lang_root = {};
  std::string runtime_api_port;
  std::string endpoint_port;
};

/// Everything that a function of its runtime finds in its environment, AWS_ENDPOINT_URL added, and
/// its own variables.
/// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
[[nodiscard]] EnvironmentVariables instance_environment(const FunctionRecord& record,
                                                        const InstanceFacts& facts);

}  // namespace stator::lambda
