#include "apigateway/service.hpp"

#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Service make_service(Apis& apis) {
  aws::Service service{.signing_name = "apigateway", .protocol = aws::Protocol::kRestJson};
  auto& all = service.operations;
  all.push_back(create_api(apis));
  all.push_back(create_authorizer(apis));
  all.push_back(create_integration(apis));
  all.push_back(create_route(apis));
  all.push_back(create_stage(apis));
  all.push_back(delete_api(apis));
  all.push_back(delete_authorizer(apis));
  all.push_back(delete_integration(apis));
  all.push_back(delete_route(apis));
  all.push_back(delete_stage(apis));
  all.push_back(get_api(apis));
  all.push_back(get_apis(apis));
  all.push_back(get_authorizer(apis));
  all.push_back(get_authorizers(apis));
  all.push_back(get_integration(apis));
  all.push_back(get_integrations(apis));
  all.push_back(get_route(apis));
  all.push_back(get_routes(apis));
  all.push_back(get_stage(apis));
  all.push_back(get_stages(apis));
  all.push_back(reset_authorizers_cache(apis));
  all.push_back(update_authorizer(apis));
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
