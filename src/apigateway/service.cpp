#include "apigateway/service.hpp"

#include "apigateway/ops/ops.hpp"
#include "apigateway/ops/refused.hpp"
#include "apigateway/ops/tag_target.hpp"

namespace stator::apigateway {

aws::Service make_service(Apis& apis, Domains* domains) {
  aws::Service service{.signing_name = "apigateway", .protocol = aws::Protocol::kRestJson};
  auto& all = service.operations;
  all.push_back(create_api(apis));
  all.push_back(create_authorizer(apis));
  all.push_back(create_deployment(apis));
  all.push_back(create_integration(apis));
  all.push_back(create_route(apis));
  all.push_back(create_stage(apis));
  all.push_back(delete_access_log_settings(apis));
  all.push_back(delete_api(apis));
  all.push_back(delete_authorizer(apis));
  all.push_back(delete_cors_configuration(apis));
  all.push_back(delete_deployment(apis));
  all.push_back(delete_integration(apis));
  all.push_back(delete_model(apis));
  all.push_back(delete_route(apis));
  all.push_back(delete_route_settings(apis));
  all.push_back(delete_stage(apis));
  all.push_back(export_api(apis));
  all.push_back(get_api(apis));
  all.push_back(get_apis(apis));
  all.push_back(get_authorizer(apis));
  all.push_back(get_authorizers(apis));
  all.push_back(get_deployment(apis));
  all.push_back(get_deployments(apis));
  all.push_back(get_integration(apis));
  all.push_back(get_integrations(apis));
  all.push_back(get_model(apis));
  all.push_back(get_models(apis));
  all.push_back(get_route(apis));
  all.push_back(get_routes(apis));
  all.push_back(get_stage(apis));
  all.push_back(get_stages(apis));
  all.push_back(import_api(apis));
  all.push_back(reimport_api(apis));
  all.push_back(reset_authorizers_cache(apis));
  all.push_back(update_api(apis));
  all.push_back(update_authorizer(apis));
  all.push_back(update_deployment(apis));
  all.push_back(update_integration(apis));
  all.push_back(update_route(apis));
  all.push_back(update_stage(apis));
  const TagPlaces tagged{apis, domains};
  all.push_back(get_tags(tagged));
  all.push_back(tag_resource(tagged));
  all.push_back(untag_resource(tagged));
  for (aws::Operation& refused : refused_operations()) all.push_back(std::move(refused));
  return service;
}

void add_domain_operations(aws::Service& service, Domains& domains) {
  auto& all = service.operations;
  all.push_back(create_api_mapping(domains));
  all.push_back(create_domain_name(domains));
  all.push_back(delete_api_mapping(domains));
  all.push_back(delete_domain_name(domains));
  all.push_back(get_api_mapping(domains));
  all.push_back(get_api_mappings(domains));
  all.push_back(get_domain_name(domains));
  all.push_back(get_domain_names(domains));
  all.push_back(update_api_mapping(domains));
  all.push_back(update_domain_name(domains));
}

}  // namespace stator::apigateway
