#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cloudformation/outside.hpp"
#include "cloudformation/parameters.hpp"
#include "cloudformation/template.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// What `Ref` and `Fn::GetAtt` find behind a resource's logical id; `attribute` is "" for Ref.
using ResourceLookup =
    std::function<Result<json::Value>(std::string_view logical_id, std::string_view attribute)>;

/// Everything that functions refer to.
struct Scope {
  Parameters parameters;
  std::map<std::string, std::string, std::less<>> pseudo;  ///< "AWS::Region" and its like
  json::Object mappings;
  std::map<std::string, bool, std::less<>> conditions;
  ResourceLookup resource;
  json::Array notification_arns;         ///< AWS::NotificationARNs
  bool has_language_extensions = false;  ///< the template asks for AWS::LanguageExtensions
  Outside outside;
};

/// What a resource lookup gives for what only a resource that is still to be made can know.
/// DescribeChangeSet shows it. Functions carry it on where they cannot look into it.
inline constexpr const char* kUnknownYet = "{{changeSet:KNOWN_AFTER_APPLY}}";

struct StackIdentity {
  std::string name;
  std::string id;
  std::string account;
  std::string region;
};
[[nodiscard]] std::map<std::string, std::string, std::less<>> pseudo_parameters(
    const StackIdentity& stack);

/// `value` with every function replaced by what it gives; nothing for AWS::NoValue. Members and
/// items that are AWS::NoValue are left out. ValidationError naming the function that is malformed,
/// not supported, or refers to what is not there.
///
/// Supported: Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::If, Fn::FindInMap, Fn::Select, Fn::Split,
/// Fn::Base64, Fn::Cidr, Fn::GetAZs, Fn::ImportValue; with the language extensions Fn::Length,
/// Fn::ToJsonString and Fn::FindInMap's DefaultValue. References `{{resolve:ssm:...}}` in the texts
/// that come out are replaced too.
[[nodiscard]] Result<std::optional<json::Value>> resolve(const json::Value& value,
                                                         const Scope& scope);
[[nodiscard]] Result<json::Object> resolve_object(const json::Object& object, const Scope& scope);

/// Evaluates the Conditions section into `scope.conditions`: Fn::Equals, Fn::And, Fn::Or, Fn::Not,
/// Condition.
[[nodiscard]] Result<void> evaluate_conditions(const json::Object& declared, Scope& scope);

/// Calls `visit(logical_id, attribute)` for everything that `value` refers to by Ref, Fn::GetAtt or
/// Fn::Sub, parameters and pseudo parameters included.
void visit_references(const json::Value& value,
                      const std::function<void(std::string_view, std::string_view)>& visit);

}  // namespace stator::cloudformation
