#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// What a parameter is, and the JSON text in Family::kMeta that keeps it: one record for the
/// parameter and one for each of its versions.
namespace stator::ssm {

/// Where parameters live.
struct Place {
  std::string account;
  std::string region;
};

/// One value that a parameter has or had.
struct Version {
  std::int64_t number = 1;
  std::string type;   ///< String, StringList or SecureString
  std::string value;  ///< sealed for a SecureString
  std::string description = {};
  std::string allowed_pattern = {};
  std::string tier = "Standard";
  std::int64_t modified_ms = 0;
  std::string modified_by = {};
  std::set<std::string> labels = {};
};

struct Parameter {
  std::string name;
  std::int64_t latest = 0;  ///< the number of its newest version
  std::map<std::string, std::string> tags = {};
};

[[nodiscard]] std::string parameter_key(const Place& place, std::string_view name);
/// Every parameter of the place whose name starts with `prefix`.
[[nodiscard]] std::string parameters_prefix(const Place& place, std::string_view prefix);
[[nodiscard]] std::string version_key(const Place& place, std::string_view name,
                                      std::int64_t number);
[[nodiscard]] std::string versions_prefix(const Place& place, std::string_view name);

[[nodiscard]] std::string dump(const Parameter& parameter);
[[nodiscard]] std::string dump(const Version& version);
/// kInternal for what dump() did not write.
[[nodiscard]] Result<Parameter> parse_parameter(std::string name, std::string_view record);
[[nodiscard]] Result<Version> parse_version(std::string_view record);

}  // namespace stator::ssm
