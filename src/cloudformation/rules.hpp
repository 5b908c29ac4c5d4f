#pragma once

#include "base/result.hpp"
#include "cloudformation/functions.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// Checks the template's Rules section against its parameters: ValidationError with the
/// AssertDescription of the first assertion that does not hold, or naming what is malformed.
///
/// Supported: Fn::And, Fn::Or, Fn::Not, Fn::Equals, Fn::Contains, Fn::EachMemberEquals and
/// Fn::EachMemberIn. Fn::RefAll, Fn::ValueOf and Fn::ValueOfAll ask for resources of services that
/// are not here and are refused by name.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
[[nodiscard]] Result<void> check_rules(const json::Object& rules, const Scope& scope);

}  // namespace stator::cloudformation
