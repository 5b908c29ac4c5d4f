#pragma once

#include <optional>
#include <string>

#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {

/// One AWS::Serverless::Function while it is expanded.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
struct Function {
  const Resource& resource;
  std::string alias_id = {};  ///< of AutoPublishAlias, "" without
  std::string alias_name = {};
  json::Array managed_policies = {};  ///< of the generated role
  json::Array inline_policies = {};

  /// What events and URLs name the function by: its alias where it has one.
  [[nodiscard]] json::Value target() const {
    return ref_to(alias_id.empty() ? resource.id() : alias_id);
  }
};

/// The version and the alias of AutoPublishAlias. `made` is the function as it comes out; its Code
/// gets the values of the parameters that it refers to, as in AWS's translator.
[[nodiscard]] Result<void> publish_alias(Function& function, json::Object& made, Context& context);
/// FunctionUrlConfig: the URL, and the permissions of one that anybody may call.
[[nodiscard]] Result<void> add_url(const Function& function, Context& context);
/// EventInvokeConfig, with the policies that its destinations need.
[[nodiscard]] Result<void> add_event_invoke_config(Function& function, Context& context);

/// Everything but events that the role's policies come from: Tracing, VpcConfig, DeadLetterQueue,
/// Policies.
[[nodiscard]] Result<void> collect_policies(Function& function, const Context& context);
/// The function's generated role, `<Function>Role`, of the policies collected so far.
[[nodiscard]] Result<json::Object> function_role(const Function& function);

/// A mapping of a table's stream, `<Function><Event>`.
[[nodiscard]] Result<void> expand_dynamodb_event(Function& function, std::string_view event_id,
                                                 const json::Object& event, Context& context);
[[nodiscard]] Result<void> expand_http_event(const Function& function, std::string_view event_id,
                                             const json::Object& event, Context& context);

/// "Event with id [...] is invalid. ..." about one of the function's events.
[[nodiscard]] Error invalid_event(const Resource& function, std::string_view event_id,
                                  std::string_view what, std::string_view property = {});

/// A policy of a role that allows one action: {"PolicyName", "PolicyDocument"}.
[[nodiscard]] json::Object policy_allowing(const std::string& name, const char* action,
                                           const json::Value& resource);
/// Of a destination of that type ("SQS", "SNS", "EventBridge", "Lambda", "S3Bucket" or "S3");
/// nothing for another.
[[nodiscard]] std::optional<json::Object> destination_policy(const std::string& type,
                                                             const std::string& id,
                                                             const json::Value& arn);

}  // namespace stator::cloudformation::sam
