#include "cloudformation/ops/stack_options.hpp"

#include "cloudformation/errors.hpp"

namespace stator::cloudformation::ops {
namespace {

constexpr std::size_t kTagsMax = 50, kTokenMax = 128;

Result<std::string> read_token(const aws::Input& input) {
  STATOR_TRY(auto token, input.text("ClientRequestToken"));
  if (token && token->size() > kTokenMax) {
    return validation_error("1 validation error detected: Value '" + *token +
                            "' at 'clientRequestToken' failed to satisfy constraint: Member must "
                            "have length less than or equal to 128");
  }
  return std::move(token).value_or("");
}

/// CDK names the mode of deployment that is everybody's.
Result<void> check_deployment_config(const aws::Input& input) {
  STATOR_TRY(const json::Object* config, input.object("DeploymentConfig"));
  if (config == nullptr) return {};
  const aws::Input deployment = input.nested(*config);
  STATOR_TRY_VOID(deployment.allow_only({"Mode"}));
  STATOR_TRY(const auto mode, deployment.text("Mode"));
  if (mode.value_or("STANDARD") == "STANDARD") return {};
  return unsupported("stator does not support DeploymentConfig with Mode " + *mode);
}

}  // namespace

Result<void> read_stack_options(const aws::Input& input, StackRequest& request) {
  STATOR_TRY_VOID(check_deployment_config(input));
  STATOR_TRY(const auto role, input.text("RoleARN"));
  request.role_arn = role.value_or("");
  STATOR_TRY(request.client_token, read_token(input));
  STATOR_TRY(const auto never_retained, input.boolean("RetainExceptOnCreate"));
  request.is_new_never_retained = never_retained.value_or(false);
  STATOR_TRY(const std::vector<std::string> topics, input.text_list("NotificationARNs"));
  if (!topics.empty()) {
    return unsupported("stator does not support NotificationARNs: it has no SNS");
  }
  return check_tags(request.tags);
}

Result<ReturnRequest> read_return_request(const aws::Input& input) {
  STATOR_TRY_VOID(check_deployment_config(input));
  ReturnRequest request;
  STATOR_TRY(request.name, input.required_text("StackName"));
  STATOR_TRY(const auto role, input.text("RoleARN"));
  request.role_arn = role.value_or("");
  STATOR_TRY(request.client_token, read_token(input));
  return request;
}

Result<void> check_tags(const json::Array& tags) {
  if (tags.size() > kTagsMax) {
    return validation_error(
        "1 validation error detected: Value at 'tags' failed to satisfy "
        "constraint: Member must have length less than or equal to 50");
  }
  for (const json::Value& tag : tags) {
    const std::string key = tag.is_object() ? text_of(tag.get_object(), "Key") : "";
    if (key.empty()) return validation_error("Tags must be a list of Key and Value");
    if (key.starts_with("aws:")) {
      return validation_error("Tag keys that begin with aws: are reserved: " + key);
    }
  }
  return {};
}

aws::Permission pass_role_need(const std::string& role_arn) {
  aws::Permission need{"iam:PassRole", role_arn};
  need.keys = [] {
    return aws::ConditionKeys{{"iam:PassedToService", {"cloudformation.amazonaws.com"}}};
  };
  return need;
}

}  // namespace stator::cloudformation::ops
