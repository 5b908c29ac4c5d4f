#pragma once

#include "base/result.hpp"
#include "cloudformation/outside.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// Puts the parameter's value in the place of every `{{resolve:ssm:NAME}}` and
/// `{{resolve:ssm:NAME:VERSION}}` in the texts of `value`. ValidationError for a name that is not
/// there, for a SecureString, and naming it for every other service (ssm-secure, secretsmanager).
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
[[nodiscard]] Result<void> resolve_dynamic_references(json::Value& value, const Outside& outside);

}  // namespace stator::cloudformation
