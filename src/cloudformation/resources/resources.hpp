#pragma once

#include "cloudformation/resource_type.hpp"

/// One factory a type, one file a factory; properties and return values as in
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
namespace stator::cloudformation::resources {

[[nodiscard]] ResourceType apigatewayv2_api();
[[nodiscard]] ResourceType apigatewayv2_api_mapping();
[[nodiscard]] ResourceType apigatewayv2_authorizer();
[[nodiscard]] ResourceType apigatewayv2_deployment();
[[nodiscard]] ResourceType apigatewayv2_domain_name();
[[nodiscard]] ResourceType apigatewayv2_integration();
[[nodiscard]] ResourceType apigatewayv2_route();
[[nodiscard]] ResourceType apigatewayv2_stage();
[[nodiscard]] ResourceType cdk_metadata();
[[nodiscard]] ResourceType custom_resource();
[[nodiscard]] ResourceType dynamodb_global_table();
[[nodiscard]] ResourceType cloudformation_stack();
[[nodiscard]] ResourceType dynamodb_table();
[[nodiscard]] ResourceType ecr_repository();
[[nodiscard]] ResourceType iam_access_key();
[[nodiscard]] ResourceType iam_group();
[[nodiscard]] ResourceType iam_group_policy();
[[nodiscard]] ResourceType iam_instance_profile();
[[nodiscard]] ResourceType iam_managed_policy();
[[nodiscard]] ResourceType iam_oidc_provider();
[[nodiscard]] ResourceType iam_policy();
[[nodiscard]] ResourceType iam_role();
[[nodiscard]] ResourceType iam_role_policy();
[[nodiscard]] ResourceType iam_user();
[[nodiscard]] ResourceType iam_user_policy();
[[nodiscard]] ResourceType iam_user_to_group_addition();
[[nodiscard]] ResourceType lambda_alias();
[[nodiscard]] ResourceType lambda_event_invoke_config();
[[nodiscard]] ResourceType lambda_event_source_mapping();
[[nodiscard]] ResourceType lambda_function();
[[nodiscard]] ResourceType lambda_layer_version();
[[nodiscard]] ResourceType lambda_layer_version_permission();
[[nodiscard]] ResourceType lambda_permission();
[[nodiscard]] ResourceType lambda_url();
[[nodiscard]] ResourceType lambda_version();
[[nodiscard]] ResourceType logs_log_group();
[[nodiscard]] ResourceType logs_log_stream();
[[nodiscard]] ResourceType s3_bucket();
[[nodiscard]] ResourceType s3_bucket_policy();
[[nodiscard]] ResourceType ssm_parameter();

}  // namespace stator::cloudformation::resources
