#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "iam/policy.hpp"
#include "json/json.hpp"

/// The rules of single elements of a statement. For the parser in policy.cpp.
namespace stator::iam {

/// Which language a document is written in: only that of 2012 has policy variables.
enum class PolicyDialect : std::uint8_t { k2008, k2012 };

/// AWS's sentence for every fault of form, and the fault.
[[nodiscard]] Error syntax_error(std::string_view where, std::string_view what);

/// The fault, or nothing. In a trust policy only the actions that assume a role are allowed.
[[nodiscard]] std::optional<std::string> check_action(std::string_view action, bool is_trust);

[[nodiscard]] std::optional<std::string> check_resource(std::string_view resource,
                                                        PolicyDialect dialect);

/// {"operator": {"vendor:key": value or list of values}}, one Condition for each key.
[[nodiscard]] Result<std::vector<Condition>> parse_conditions(const json::Value& value,
                                                              PolicyDialect dialect,
                                                              std::string_view where);

/// "*" or {"AWS": ..., "Service": ..., "Federated": ..., "CanonicalUser": ...}.
[[nodiscard]] Result<std::vector<PrincipalPattern>> parse_principals(const json::Value& value);

/// Twelve digits.
[[nodiscard]] bool is_account_id(std::string_view text);

}  // namespace stator::iam
