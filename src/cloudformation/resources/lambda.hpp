#pragma once

#include <string>
#include <string_view>

#include "cloudformation/resource_type.hpp"

/// What the types of Lambda share.
namespace stator::cloudformation::resources::lambda {

inline constexpr std::string_view kService = "lambda";

/// The package for source text in the template: the text as the only module, called index, and
/// beside it the module by which a custom resource's function answers.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cfn-lambda-function-code-cfnresponsemodule.html
[[nodiscard]] Result<json::Object> inline_code(std::string_view runtime, const json::Value& source);

/// What is kept beside a function's configuration: reserved concurrency, recursive loops, the
/// runtime's updates. {} stands for a function that is new.
[[nodiscard]] Result<void> set_settings(ResourceContext& context, const std::string& name,
                                        const json::Object& before, const json::Object& after);

/// ProvisionedConcurrencyConfig of a version or an alias, waited for until it stands.
[[nodiscard]] Result<void> set_provisioned(ResourceContext& context, const std::string& function,
                                           const std::string& qualifier, const json::Object& before,
                                           const json::Object& after);
/// ProvisionedConcurrencyConfig as it is; null for none.
[[nodiscard]] Result<json::Value> read_provisioned(ResourceContext& context,
                                                   const std::string& function,
                                                   const std::string& qualifier);

/// "arn:...:function:NAME:QUALIFIER" in its parts; the qualifier is "" without one.
struct Qualified {
  std::string function;
  std::string qualifier;
};
[[nodiscard]] Qualified split_arn(const std::string& arn);

/// A policy's statement of that Sid; kNotFound when there is none.
[[nodiscard]] Result<json::Object> statement_of(const Result<json::Object>& get_policy,
                                                const std::string& sid);

}  // namespace stator::cloudformation::resources::lambda
