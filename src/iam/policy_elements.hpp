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

/// The fault, or nothing. In a trust policy only the actions that assume a role are allowed.
[[nodiscard]] std::optional<std::string> check_action(std::string_view action, bool is_trust);

[[nodiscard]] std::optional<std::string> check_resource(std::string_view resource,
                                                        PolicyDialect dialect);

/// {"operator": {"vendor:key": value or list of values}} with operators that exist.
[[nodiscard]] std::optional<std::string> check_condition(const json::Value& condition);

/// "*" or {"AWS": ..., "Service": ..., "Federated": ..., "CanonicalUser": ...}.
[[nodiscard]] Result<std::vector<PrincipalPattern>> parse_principals(const json::Value& value);

/// Twelve digits.
[[nodiscard]] bool is_account_id(std::string_view text);

}  // namespace stator::iam
