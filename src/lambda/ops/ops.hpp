#pragma once

#include <string>
#include <vector>

#include "aws/operation.hpp"
#include "lambda/functions.hpp"
#include "lambda/sources/event_sources.hpp"

/// The operations of the Lambda API, one file each; service.cpp lists them. Those on function URLs
/// take the authority of make_service().
namespace stator::lambda::ops {

[[nodiscard]] aws::Operation add_layer_version_permission(Functions& functions);
[[nodiscard]] aws::Operation add_permission(Functions& functions);
[[nodiscard]] std::vector<aws::Operation> code_signing(Functions& functions);
[[nodiscard]] aws::Operation create_alias(Functions& functions);
[[nodiscard]] aws::Operation create_event_source_mapping(sources::EventSources& sources);
[[nodiscard]] aws::Operation create_function(Functions& functions);
[[nodiscard]] aws::Operation create_function_url_config(Functions& functions,
                                                        std::string authority);
[[nodiscard]] aws::Operation delete_alias(Functions& functions);
[[nodiscard]] aws::Operation delete_event_source_mapping(sources::EventSources& sources);
[[nodiscard]] aws::Operation delete_function(Functions& functions);
[[nodiscard]] aws::Operation delete_function_concurrency(Functions& functions);
[[nodiscard]] aws::Operation delete_function_event_invoke_config(Functions& functions);
[[nodiscard]] aws::Operation delete_function_url_config(Functions& functions);
[[nodiscard]] aws::Operation delete_layer_version(Functions& functions);
[[nodiscard]] aws::Operation delete_provisioned_concurrency_config(Functions& functions);
[[nodiscard]] aws::Operation get_account_settings(Functions& functions);
[[nodiscard]] aws::Operation get_alias(Functions& functions);
[[nodiscard]] aws::Operation get_event_source_mapping(sources::EventSources& sources);
[[nodiscard]] aws::Operation get_function(Functions& functions);
[[nodiscard]] aws::Operation get_function_code_signing_config(Functions& functions);
[[nodiscard]] aws::Operation get_function_concurrency(Functions& functions);
[[nodiscard]] aws::Operation get_function_configuration(Functions& functions);
[[nodiscard]] aws::Operation get_function_event_invoke_config(Functions& functions);
[[nodiscard]] aws::Operation get_function_recursion_config(Functions& functions);
[[nodiscard]] aws::Operation get_function_url_config(Functions& functions, std::string authority);
[[nodiscard]] aws::Operation get_layer_version(Functions& functions);
[[nodiscard]] aws::Operation get_layer_version_by_arn(Functions& functions);
[[nodiscard]] aws::Operation get_layer_version_policy(Functions& functions);
[[nodiscard]] aws::Operation get_policy(Functions& functions);
[[nodiscard]] aws::Operation get_provisioned_concurrency_config(Functions& functions);
[[nodiscard]] aws::Operation get_runtime_management_config(Functions& functions);
[[nodiscard]] aws::Operation invoke(Functions& functions);
[[nodiscard]] aws::Operation invoke_async(Functions& functions);
[[nodiscard]] aws::Operation invoke_with_response_stream(Functions& functions);
[[nodiscard]] aws::Operation list_aliases(Functions& functions);
[[nodiscard]] aws::Operation list_event_source_mappings(sources::EventSources& sources);
[[nodiscard]] aws::Operation list_function_event_invoke_configs(Functions& functions);
[[nodiscard]] aws::Operation list_function_url_configs(Functions& functions, std::string authority);
[[nodiscard]] aws::Operation list_functions(Functions& functions);
[[nodiscard]] aws::Operation list_layer_versions(Functions& functions);
[[nodiscard]] aws::Operation list_layers(Functions& functions);
[[nodiscard]] aws::Operation list_provisioned_concurrency_configs(Functions& functions);
[[nodiscard]] aws::Operation list_tags(Functions& functions);
[[nodiscard]] aws::Operation list_versions_by_function(Functions& functions);
[[nodiscard]] aws::Operation publish_layer_version(Functions& functions);
[[nodiscard]] aws::Operation publish_version(Functions& functions);
[[nodiscard]] aws::Operation put_function_concurrency(Functions& functions);
[[nodiscard]] aws::Operation put_function_event_invoke_config(Functions& functions);
[[nodiscard]] aws::Operation put_function_recursion_config(Functions& functions);
[[nodiscard]] aws::Operation put_provisioned_concurrency_config(Functions& functions);
[[nodiscard]] aws::Operation put_runtime_management_config(Functions& functions);
[[nodiscard]] aws::Operation remove_layer_version_permission(Functions& functions);
[[nodiscard]] aws::Operation remove_permission(Functions& functions);
[[nodiscard]] aws::Operation tag_resource(Functions& functions);
[[nodiscard]] aws::Operation untag_resource(Functions& functions);
[[nodiscard]] aws::Operation update_alias(Functions& functions);
[[nodiscard]] aws::Operation update_event_source_mapping(sources::EventSources& sources);
[[nodiscard]] aws::Operation update_function_code(Functions& functions);
[[nodiscard]] aws::Operation update_function_configuration(Functions& functions);
[[nodiscard]] aws::Operation update_function_event_invoke_config(Functions& functions);
[[nodiscard]] aws::Operation update_function_url_config(Functions& functions,
                                                        std::string authority);

}  // namespace stator::lambda::ops
