#include <utility>

#include "lambda/ops/ops.hpp"

namespace stator::lambda {

aws::Service make_service(Functions& functions, sources::EventSources& sources,
                          const std::string& url_authority) {
  aws::Service service;
  service.signing_name = "lambda";
  service.protocol = aws::Protocol::kRestJson;
  service.operations = {ops::add_layer_version_permission(functions),
                        ops::add_permission(functions),
                        ops::create_alias(functions),
                        ops::create_event_source_mapping(sources),
                        ops::create_function(functions),
                        ops::create_function_url_config(functions, url_authority),
                        ops::delete_alias(functions),
                        ops::delete_event_source_mapping(sources),
                        ops::delete_function(functions),
                        ops::delete_function_concurrency(functions),
                        ops::delete_function_event_invoke_config(functions),
                        ops::delete_function_url_config(functions),
                        ops::delete_layer_version(functions),
                        ops::delete_provisioned_concurrency_config(functions),
                        ops::get_account_settings(functions),
                        ops::get_alias(functions),
                        ops::get_event_source_mapping(sources),
                        ops::get_function(functions),
                        ops::get_function_code_signing_config(functions),
                        ops::get_function_concurrency(functions),
                        ops::get_function_configuration(functions),
                        ops::get_function_event_invoke_config(functions),
                        ops::get_function_recursion_config(functions),
                        ops::get_function_url_config(functions, url_authority),
                        ops::get_layer_version(functions),
                        ops::get_layer_version_by_arn(functions),
                        ops::get_layer_version_policy(functions),
                        ops::get_policy(functions),
                        ops::get_provisioned_concurrency_config(functions),
                        ops::get_runtime_management_config(functions),
                        ops::invoke(functions),
                        ops::invoke_async(functions),
                        ops::invoke_with_response_stream(functions),
                        ops::list_aliases(functions),
                        ops::list_event_source_mappings(sources),
                        ops::list_function_event_invoke_configs(functions),
                        ops::list_function_url_configs(functions, url_authority),
                        ops::list_functions(functions),
                        ops::list_layer_versions(functions),
                        ops::list_layers(functions),
                        ops::list_provisioned_concurrency_configs(functions),
                        ops::list_tags(functions),
                        ops::list_versions_by_function(functions),
                        ops::publish_layer_version(functions),
                        ops::publish_version(functions),
                        ops::put_function_concurrency(functions),
                        ops::put_function_event_invoke_config(functions),
                        ops::put_function_recursion_config(functions),
                        ops::put_provisioned_concurrency_config(functions),
                        ops::put_runtime_management_config(functions),
                        ops::remove_layer_version_permission(functions),
                        ops::remove_permission(functions),
                        ops::tag_resource(functions),
                        ops::untag_resource(functions),
                        ops::update_alias(functions),
                        ops::update_event_source_mapping(sources),
                        ops::update_function_code(functions),
                        ops::update_function_configuration(functions),
                        ops::update_function_event_invoke_config(functions),
                        ops::update_function_url_config(functions, url_authority)};
  for (auto& operation : ops::code_signing(functions)) {
    service.operations.push_back(std::move(operation));
  }
  return service;
}

}  // namespace stator::lambda
