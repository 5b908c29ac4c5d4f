#pragma once

#include "base/result.hpp"
#include "cloudformation/functions.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

inline constexpr const char* kLanguageExtensions = "AWS::LanguageExtensions";

/// Whether the template's Transform names `transform`, alone or in its list.
[[nodiscard]] bool asks_for(const json::Object& template_body, std::string_view transform);

/// Unrolls every Fn::ForEach of Conditions, Resources and Outputs, gives names that functions make
/// (in Ref, Fn::GetAtt and DependsOn) as texts, and settles functions in DeletionPolicy and
/// UpdateReplacePolicy. `scope` has the template's parameters; nothing of its resources is asked.
///
/// ValidationError naming the loop that is malformed, nests deeper than five, or with the others
/// gives more than 10,000 members or 4 MB.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
[[nodiscard]] Result<json::Object> extend_language(json::Object template_body, Scope scope);

}  // namespace stator::cloudformation
