#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation delete_route(Apis& apis) {
  return remove_one(apis,
                    {"DeleteRoute", "/v2/apis/{apiId}/routes/{routeId}", Kind::kRoute, "routeId"});
}

}  // namespace stator::apigateway
