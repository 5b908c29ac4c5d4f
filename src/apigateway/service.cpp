#include "apigateway/service.hpp"

#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Service make_service(Apis& apis) {
  aws::Service service{.signing_name = "apigateway", .protocol = aws::Protocol::kRestJson};
  service.operations = {
      create_api(apis),         get_api(apis),
      get_apis(apis),           delete_api(apis),
      create_integration(apis), get_integration(apis),
      get_integrations(apis),   delete_integration(apis),
      create_route(apis),       get_route(apis),
      get_routes(apis),         delete_route(apis),
      create_stage(apis),       get_stage(apis),
      get_stages(apis),         delete_stage(apis),
  };
  return service;
}

}  // namespace stator::apigateway
