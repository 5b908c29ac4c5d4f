#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "lambda/names.hpp"
#include "lambda/policy.hpp"
#include "lambda/reader.hpp"

namespace stator::lambda {

/// A package in the code store.
struct CodePackage {
  std::string sha256_hex;
  std::uint64_t zipped_bytes = 0;
  std::uint64_t unzipped_bytes = 0;
};

/// A layer version as a function uses it. It carries the package itself, because the function
/// keeps its code when the layer version is deleted.
struct LayerUse {
  std::string arn;
  CodePackage package;
};

using EnvironmentVariables = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view kLatest = "$LATEST";

/// LoggingConfig. What is "" was not given.
struct LoggingConfig {
  bool is_json = false;
  std::string application_level;  ///< "TRACE" to "FATAL"; with is_json alone
  std::string system_level;       ///< "DEBUG", "INFO" or "WARN"; with is_json alone
  std::string group;              ///< "" stands for /aws/lambda/NAME
};

/// One version of a function: everything that it takes to run it. $LATEST also carries the
/// function's tags and the policy of the unqualified function; what else the function has beside
/// its versions is in FunctionSettings.
struct FunctionRecord {
  FunctionKey key;
  std::string version{kLatest};  ///< or "1", "2", ...
  std::string role;
  std::string runtime;
  std::string handler;
  std::string description;
  std::int64_t timeout_s = 3;
  std::int64_t memory_mb = 128;
  std::int64_t ephemeral_mb = 512;
  std::optional<EnvironmentVariables> environment;  ///< absent when none was ever given
  std::vector<LayerUse> layers;
  CodePackage code;
  WallTime last_modified;
  std::string revision_id;
  LoggingConfig logging;
  std::string dead_letter_target;  ///< DeadLetterConfig.TargetArn, "" for none
  std::string published_from;      ///< of a numbered version: $LATEST's fingerprint then
  std::map<std::string, std::string> tags;
  std::vector<PolicyStatement> policy;
  /// Of `policy`; the catalog makes it.
  std::shared_ptr<const aws::ResourcePolicy> compiled_policy = {};

  /// Without a qualifier.
  [[nodiscard]] std::string arn() const { return function_arn(key.view()); }
  [[nodiscard]] std::string version_arn() const { return arn() + ":" + version; }
  [[nodiscard]] bool is_latest() const { return version == kLatest; }
  [[nodiscard]] std::string log_group() const {
    return logging.group.empty() ? "/aws/lambda/" + key.name : logging.group;
  }
};

struct LayerVersionRecord {
  LayerReference reference;
  std::string description;
  std::string license_info;
  std::vector<std::string> compatible_runtimes;
  std::vector<std::string> compatible_architectures;
  CodePackage package;
  WallTime created;
  std::vector<PolicyStatement> policy = {};
  std::string revision_id = {};  ///< of the policy; "" while there was none
};

/// Of code and configuration alone: alike for records that would make the same version.
[[nodiscard]] std::string fingerprint(const FunctionRecord& record);

/// To and from the JSON text that the store keeps. Reading answers kInternal for what was not
/// written by these.
[[nodiscard]] std::string encode(const FunctionRecord& record);
[[nodiscard]] std::string encode(const LayerVersionRecord& record);
[[nodiscard]] json::Array encode_policy(const std::vector<PolicyStatement>& statements);
[[nodiscard]] std::vector<PolicyStatement> decode_policy(Reader& in, std::string_view name);
[[nodiscard]] Result<FunctionRecord> decode_function(std::string_view text);
[[nodiscard]] Result<LayerVersionRecord> decode_layer_version(std::string_view text);

}  // namespace stator::lambda
