#pragma once

#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cloudformation::sam {

[[nodiscard]] bool is_policy_template(std::string_view name);

/// The policy document that a template such as "DynamoDBCrudPolicy" gives with these parameters.
/// kInvalid with the translator's sentence when one of them is missing.
[[nodiscard]] Result<json::Object> policy_from_template(std::string_view name,
                                                        const json::Value& parameters);

}  // namespace stator::cloudformation::sam
