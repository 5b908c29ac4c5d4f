#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "lambda/names.hpp"
#include "lambda/policy.hpp"

/// What a function has beside its versions.
namespace stator::lambda {

struct Alias {
  std::string version;  ///< "$LATEST" or a number
  std::string description;
  std::string revision_id;
  /// RoutingConfig: the share in (0, 1] of invocations that goes to another version.
  std::map<std::string, double> weights;
};

/// The policy of a version or an alias; the unqualified function's is in its record.
struct QualifiedPolicy {
  std::vector<PolicyStatement> statements;
  std::string revision_id;
  std::shared_ptr<const aws::ResourcePolicy> compiled = {};  ///< made by the catalog
};

/// How asynchronous invocations are tried; absent members of the request have AWS's defaults.
struct EventInvokeConfig {
  std::int64_t retries_max = 2;
  std::int64_t age_s_max = 21'600;
  std::string on_success;  ///< an ARN, or "" for none
  std::string on_failure;
  WallTime last_modified;
  bool is_retries_given = false;  ///< what was not given is not shown
  bool is_age_given = false;
};

struct UrlCors {
  bool allow_credentials = false;
  std::vector<std::string> allow_headers;
  std::vector<std::string> allow_methods;
  std::vector<std::string> allow_origins;
  std::vector<std::string> expose_headers;
  std::int64_t max_age_s = 0;
};

struct UrlConfig {
  std::string id;               ///< the host's first label, unlike every other URL's
  bool needs_signature = true;  ///< AuthType AWS_IAM, else NONE
  bool is_streaming = false;    ///< InvokeMode RESPONSE_STREAM, else BUFFERED
  std::optional<UrlCors> cors;
  WallTime created;
  WallTime last_modified;
};

struct RuntimeManagement {
  std::string update_on = "Auto";  ///< "Auto", "FunctionUpdate" or "Manual"
  std::string runtime_version_arn;
};

struct ProvisionedConcurrency {
  std::int64_t count = 0;  ///< instances that are asked for
  WallTime last_modified;
};

/// Keys of the maps are qualifiers: "$LATEST", a version's number or an alias's name.
struct FunctionSettings {
  FunctionKey key;
  std::int64_t last_version = 0;  ///< the number given last; numbers are never used twice
  std::map<std::string, Alias> aliases;
  std::map<std::string, QualifiedPolicy> policies;
  std::map<std::string, EventInvokeConfig> event_invoke;
  std::map<std::string, UrlConfig> urls;
  std::map<std::string, RuntimeManagement> runtime_management;
  std::map<std::string, ProvisionedConcurrency> provisioned_concurrency;
  std::optional<std::int64_t> reserved_concurrency;
  bool allows_recursion = false;  ///< RecursiveLoop Allow, else Terminate

  /// Drops what is kept under a version or an alias that goes.
  void forget_qualifier(const std::string& qualifier);
};

/// To and from the JSON text that the store keeps. Reading answers kInternal for what was not
/// written by encode().
[[nodiscard]] std::string encode(const FunctionSettings& settings);
[[nodiscard]] Result<FunctionSettings> decode_settings(std::string_view text);

}  // namespace stator::lambda
