#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_route(Apis& apis) {
  return read_one(apis, {"GetRoute", "/v2/apis/{apiId}/routes/{routeId}", Kind::kRoute, "routeId"});
}

}  // namespace stator::apigateway
